// Whatever bytes come in over a connection: cut into pieces they are read as they are whole, and what is taken for a
// request has one target, one length and a path that nothing can read as another. The first byte says where to cut.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "http/parse/framing_gate.hpp"
#include "http/parse/head_parser.hpp"
#include "http/parse/target.hpp"
#include "http/text.hpp"

namespace {

using namespace rondo::http;

constexpr std::size_t body_max = 1000;

void require(bool holds) {
    if (!holds)
        std::abort();
}

std::ptrdiff_t lines_named(std::string_view name, const request& read) {
    return std::ranges::count_if(read.headers,
                                 [name](const header& one) { return equal_ignoring_case(one.name, name); });
}

struct body {
    chunk_decoder::progress end;
    std::string data;
    std::size_t rest;

    friend bool operator==(const body&, const body&) = default;
};

body decode(std::string_view bytes, std::size_t cut) {
    chunk_decoder chunks;
    std::string data;
    std::string_view first = bytes.substr(0, cut);
    auto end = chunks.decode(first, data, body_max);
    std::string_view rest = bytes.substr(std::min(cut, bytes.size()) - first.size());
    if (end == chunk_decoder::progress::more)
        end = chunks.decode(rest, data, body_max);
    require(data.size() <= body_max);
    return {end, std::move(data), rest.size()};
}

void read_body(const framing& how, std::string_view rest, std::size_t cut) {
    require(!how.chunked || how.length == 0);
    if (!how.chunked)
        return;
    auto whole = decode(rest, rest.size());
    auto in_two = decode(rest, std::min(cut, rest.size()));
    if (whole.end == chunk_decoder::progress::malformed || whole.end == chunk_decoder::progress::too_large)
        require(in_two.end == whole.end);
    else
        require(in_two == whole);
}

void read_target(request& read, unsigned minor_version) {
    const std::string sent = read.target;
    if (!parse_target(read))
        return;
    const auto lines = lines_named("host", read);
    require(lines == 1 || (lines == 0 && minor_version == 0 && sent.starts_with('/')));
    require(lines == 0 || is_authority(*read.find_header("Host")));
    if (read.target == "*") {
        require(read.verb == method::options && read.path == "*" && read.query.empty());
        return;
    }
    require(read.target.starts_with('/') && read.path.starts_with('/'));
    require(sent.ends_with(read.target) || read.target.starts_with("/?") || read.target == "/");
    require(!read.path.contains("/../") && !read.path.ends_with("/..") && !read.path.contains('\\'));
    require(!read.path.contains('\0') && !read.path.contains('\r') && !read.path.contains('\n'));
    // The form that everything behind sees is read as itself.
    request again = read;
    require(parse_target(again) && again.path == read.path && again.target == read.target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1)
        return 0;
    const std::size_t cut = data[0];
    const std::string_view bytes{reinterpret_cast<const char*>(data + 1), size - 1};

    const limits bounds;
    head_gate gate{bounds};
    head_gate in_two{bounds};
    const auto seen = gate.scan(bytes);
    auto seen_in_two = in_two.scan(bytes.substr(0, cut));
    if (seen_in_two == head_gate::progress::more)
        seen_in_two = in_two.scan(bytes);
    require(seen_in_two == seen);
    if (seen == head_gate::progress::refused)
        require(in_two.why() == gate.why());
    if (seen != head_gate::progress::complete)
        return 0;
    require(in_two.begin() == gate.begin() && in_two.end() == gate.end());
    require(gate.begin() == 0 || (gate.begin() == 2 && bytes.starts_with("\r\n")));

    const auto block = bytes.substr(gate.begin(), gate.end() - gate.begin());
    require(block.ends_with("\r\n\r\n") && block.find("\r\n\r\n") == block.size() - 4);
    request read;
    const auto head = parse_head(block, gate.minor_version(), read);
    if (!head)
        return 0;
    const auto how = framing_of(read.headers, gate.minor_version() == 0);
    if (!how)
        return 0;
    require(lines_named("content-length", read) + lines_named("transfer-encoding", read) <= 1);
    require(gate.minor_version() > 0 || (!how->chunked && !how->expects_continue));
    read.verb = head->verb.value_or(method::get);
    read_target(read, gate.minor_version());
    read_body(*how, bytes.substr(gate.end()), cut);
    return 0;
}
