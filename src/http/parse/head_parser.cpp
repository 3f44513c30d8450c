// Beast is asked for the header block only, so that two independent parsers must agree on it. The body's framing
// and its bytes are the gate's.
#include "http/parse/head_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "http/text.hpp"

namespace rondo::http {

namespace {

namespace beast = boost::beast;

std::optional<method> method_of(std::string_view name) {
    if (name == "GET")
        return method::get;
    if (name == "POST")
        return method::post;
    if (name == "PATCH")
        return method::patch;
    if (name == "PUT")
        return method::put;
    if (name == "DELETE")
        return method::del;
    if (name == "HEAD")
        return method::head;
    if (name == "OPTIONS")
        return method::options;
    return std::nullopt;
}

class head_parser final : public beast::http::basic_parser<true> {
public:
    explicit head_parser(request& into) : into_{into} {
        body_limit(boost::none);
        header_limit(UINT32_MAX);
    }

    const parsed_head& result() const { return result_; }
    std::size_t fields() const { return fields_; }
    bool keeps_alive(unsigned minor_version) const { return !asks_to_close_ && (minor_version > 0 || asks_to_stay_); }

private:
    using error_code = beast::error_code;
    using text = beast::string_view;

    void on_request_impl(beast::http::verb, text name, text target, int, error_code&) override {
        result_.verb = method_of({name.data(), name.size()});
        into_.target.assign(target.data(), target.size());
    }
    void on_field_impl(beast::http::field known, text name, text value, error_code&) override {
        if (known == beast::http::field::connection) {
            for (const auto option : beast::http::token_list{value}) {
                asks_to_close_ = asks_to_close_ || equal_ignoring_case({option.data(), option.size()}, "close");
                asks_to_stay_ = asks_to_stay_ || equal_ignoring_case({option.data(), option.size()}, "keep-alive");
            }
        }
        if (fields_ == into_.headers.size())
            into_.headers.emplace_back();
        header& field = into_.headers[fields_++];  // the last request's strings are used again
        field.name.assign(name.data(), name.size());
        field.value.assign(value.data(), value.size());
    }
    void on_response_impl(int, text, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    request& into_;
    parsed_head result_;
    std::size_t fields_ = 0;
    bool asks_to_close_ = false;
    bool asks_to_stay_ = false;
};

refusal why_not(const beast::error_code& failed) {
    using beast::http::error;
    if (failed == error::bad_content_length || failed == error::multiple_content_length ||
        failed == error::bad_transfer_encoding)
        return {400, "The body has one Content-Length, a decimal number, or Transfer-Encoding: chunked, not both.",
                unreadable::length};
    return {400, "The request's header is malformed.", unreadable::header};
}

}  // namespace

std::expected<parsed_head, refusal> parse_head(std::string_view block, unsigned minor_version, request& into) {
    std::string as_1_1;
    if (minor_version > 1) {  // Beast refuses those
        as_1_1 = block;
        as_1_1[as_1_1.find('\r') - 1] = '1';
        block = as_1_1;
    }
    head_parser parser{into};
    beast::error_code failed;
    const std::size_t taken = parser.put(boost::asio::buffer(block.data(), block.size()), failed);
    into.headers.resize(parser.fields());
    if (failed || taken != block.size() || !parser.is_header_done())
        return std::unexpected(why_not(failed));
    parsed_head found = parser.result();
    found.keep_alive = parser.keeps_alive(minor_version);
    return found;
}

}  // namespace rondo::http
