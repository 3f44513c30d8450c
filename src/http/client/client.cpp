#include "http/client/client.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/text.hpp"

namespace rondo::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds look_up_every{100};

std::string request_head(const client_options& to, const outgoing_request& asked) {
    const bool ipv6 = to.host.find(':') != std::string::npos;
    std::string head;
    head.reserve(256 + asked.target.size());
    head.append(asked.verb).append(" ").append(asked.target).append(" HTTP/1.1\r\nHost: ");
    head.append(ipv6 ? '[' + to.host + ']' : to.host).append(":").append(to.port).append("\r\n");
    for (const header& one : asked.headers)
        head.append(one.name).append(": ").append(one.value).append("\r\n");
    return head.append("Content-Length: ").append(std::to_string(asked.body.size())).append("\r\n\r\n");
}

/// A kept connection on which something has come, or that has ended, answers nothing more.
bool is_stale(tcp::socket& socket) {
    if (!socket.is_open())
        return true;
    char byte = 0;
    boost::system::error_code failed;
    socket.non_blocking(true, failed);
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failed);
    return failed != asio::error::would_block;
}

}  // namespace

std::optional<std::string_view> incoming_answer::find_header(std::string_view name) const {
    const auto found =
        std::ranges::find_if(headers, [&](const header& one) { return equal_ignoring_case(one.name, name); });
    return found == headers.end() ? std::nullopt : std::optional<std::string_view>{found->value};
}

/// The socket, and one exchange after the other on it.
struct client::connection {
    using answer_parser = beast::http::response_parser<beast::http::string_body>;

    asio::io_context io;
    tcp::resolver resolver{io};
    tcp::socket socket{io};
    beast::flat_buffer input{client_answer_head_bytes_max + client_answer_body_bytes_max};
    std::string head;
    std::optional<answer_parser> parser;
    std::string trouble;
    bool sent = false;  // the first byte may have left
    bool done = false;
    bool ended = false;  // done, or failed
    int exchanges = 0;   // tells what an abandoned exchange still hears from what this one does

    bool reusable() { return socket.is_open() && !is_stale(socket); }

    void close() {
        boost::system::error_code ignored;
        ++exchanges;
        resolver.cancel();
        socket.close(ignored);
        input.clear();
    }

    /// The handler of a step: goes on to `next`, or ends the exchange with what it was doing.
    template <class Next>
    auto step(std::string_view doing, Next next) {
        return
            [this, doing, next, exchange = exchanges](const boost::system::error_code& failed, const auto&... result) {
                if (exchange != exchanges)
                    return;
                if (failed) {
                    trouble = std::string{doing} + ": " + failed.message();
                    ended = true;
                } else {
                    next(result...);
                }
            };
    }

    /// Runs one exchange to its end or until `deadline`; afterwards `done`, or `trouble` says why not.
    void exchange(const client_options& to, const outgoing_request& asked,
                  std::chrono::steady_clock::time_point deadline, const std::function<bool()>& give_up) {
        trouble = "no answer in time";
        sent = done = ended = false;
        ++exchanges;
        head = request_head(to, asked);
        parser.emplace();
        parser->header_limit(client_answer_head_bytes_max);
        parser->body_limit(client_answer_body_bytes_max);
        if (asked.verb == "HEAD")
            parser->skip(true);
        if (socket.is_open())
            write(asked);
        else
            resolver.async_resolve(to.host, to.port, step("looking up the host", [this, &asked](const auto& found) {
                                       connect(asked, found);
                                   }));
        io.restart();
        while (!ended && std::chrono::steady_clock::now() < deadline && !(give_up && give_up()))
            io.run_one_until(std::min(deadline, std::chrono::steady_clock::now() + look_up_every));
    }

private:
    void connect(const outgoing_request& asked, const tcp::resolver::results_type& found) {
        asio::async_connect(socket, found, step("connecting", [this, &asked](const auto&) {
                                boost::system::error_code ignored;
                                socket.set_option(tcp::no_delay{true}, ignored);
                                write(asked);
                            }));
    }
    void write(const outgoing_request& asked) {
        sent = true;
        const std::array<asio::const_buffer, 2> parts{asio::buffer(head),
                                                      asio::buffer(asked.body.data(), asked.body.size())};
        asio::async_write(socket, parts, step("sending", [this](std::size_t) { read(); }));
    }
    void read() {
        beast::http::async_read(socket, input, *parser,
                                step("reading the answer", [this](std::size_t) { done = ended = true; }));
    }
};

client::client(client_options to) : to_{std::move(to)}, connection_{std::make_unique<connection>()} {}

client::~client() = default;

std::expected<incoming_answer, no_answer> client::send(const outgoing_request& asked,
                                                       const std::function<bool()>& give_up) {
    connection& over = *connection_;
    const auto deadline = std::chrono::steady_clock::now() + to_.timeout;
    const bool kept = over.reusable();
    if (!kept)
        over.close();
    over.exchange(to_, asked, deadline, give_up);
    // A server may close a kept connection just as it is used again.
    if (!over.done && kept && asked.repeatable && over.ended && !over.parser->got_some()) {
        over.close();
        over.exchange(to_, asked, deadline, give_up);
    }
    if (!over.done) {
        no_answer none{.reason = over.trouble, .not_sent = !over.sent};
        over.close();
        return std::unexpected(std::move(none));
    }

    auto message = over.parser->release();
    incoming_answer answer{.status = message.result_int(), .headers = {}, .body = std::move(message.body())};
    for (const auto& field : message)
        answer.headers.push_back({.name = std::string{field.name_string().data(), field.name_string().size()},
                                  .value = std::string{field.value().data(), field.value().size()}});
    if (!message.keep_alive())
        over.close();
    return answer;
}

}  // namespace rondo::http
