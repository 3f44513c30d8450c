#include "telemetry/otlp/http_post.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace rondo::otlp {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr std::size_t head_bytes_max = 16 * 1024;
constexpr std::chrono::milliseconds look_up_every{100};

std::string request_head(const settings& to, std::size_t body_bytes) {
    const bool ipv6 = to.host.find(':') != std::string::npos;
    std::string head = "POST " + to.target + " HTTP/1.1\r\nHost: " + (ipv6 ? '[' + to.host + ']' : to.host) + ':' +
                       to.port + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body_bytes) +
                       "\r\nConnection: close\r\n";
    for (const auto& [name, value] : to.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    return head + "\r\n";
}

/// "HTTP/1.1 200 OK" gives 200.
std::expected<unsigned, std::string> status_in(std::string_view line) {
    unsigned status = 0;
    if (line.starts_with("HTTP/1.") && line.size() >= 12 && line[8] == ' ') {
        const auto [end, failed] = std::from_chars(line.data() + 9, line.data() + 12, status);
        if (failed == std::errc{} && end == line.data() + 12 && status >= 100)
            return status;
    }
    return std::unexpected("the answer is not HTTP");
}

}  // namespace

std::expected<unsigned, std::string> post_json(const settings& to, std::string_view body,
                                               const std::function<bool()>& give_up) {
    asio::io_context io;
    tcp::resolver resolver{io};
    tcp::socket socket{io};
    const auto head = request_head(to, body.size());
    std::string answer;
    std::string trouble = "no answer in time";

    const auto step = [&](std::string_view doing, auto next) {
        return [&trouble, doing, next](const boost::system::error_code& failed, auto&&... result) mutable {
            if (failed)
                trouble = std::string{doing} + ": " + failed.message();
            else
                next(result...);
        };
    };
    const auto read = [&](auto&&...) {
        asio::async_read_until(socket, asio::dynamic_buffer(answer, head_bytes_max), "\r\n",
                               step("reading the answer", [&](std::size_t) { trouble.clear(); }));
    };
    const auto write = [&](auto&&...) {
        const std::array parts{asio::buffer(head), asio::buffer(body.data(), body.size())};
        asio::async_write(socket, parts, step("sending", read));
    };
    const auto connect = [&](const tcp::resolver::results_type& found) {
        asio::async_connect(socket, found, step("connecting", write));
    };
    resolver.async_resolve(to.host, to.port, step("looking up the host", connect));
    const auto deadline = std::chrono::steady_clock::now() + to.timeout;
    while (!io.stopped() && std::chrono::steady_clock::now() < deadline && !give_up())
        io.run_until(std::min(deadline, std::chrono::steady_clock::now() + look_up_every));
    if (!trouble.empty())
        return std::unexpected(trouble);
    return status_in(answer);
}

}  // namespace rondo::otlp
