#pragma once
// A server that answers as a test tells it, keeps its connections open and what it was sent. Link a target with rondo_base.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace rondo::test {

class fake_http_server {
public:
    struct request {
        std::string head;
        std::string body;
        int connection = 0;  ///< counted from 1

        std::string target() const {
            const auto from = head.find(' ') + 1;
            return head.substr(from, head.find(' ', from) - from);
        }
        /// As written, or empty. The name as the client writes it.
        std::string header(std::string_view name) const {
            const auto at = head.find("\r\n" + std::string{name} + ": ");
            if (at == std::string::npos)
                return {};
            const auto from = at + name.size() + 4;
            return head.substr(from, head.find("\r\n", from) - from);
        }
    };
    /// The answer's bytes; an empty one means none, ever.
    using answerer = std::function<std::string(const request&)>;

    static std::string answer(unsigned status, std::string_view body = {}, std::string_view fields = {}) {
        return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
               std::string{fields} + "\r\n" + std::string{body};
    }

    explicit fake_http_server(answerer answer_with) : answer_{std::move(answer_with)} {
        boost::asio::co_spawn(io_, accept(), boost::asio::detached);
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~fake_http_server() {
        io_.stop();
        thread_.join();
    }
    fake_http_server(const fake_http_server&) = delete;
    fake_http_server& operator=(const fake_http_server&) = delete;

    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
    std::vector<request> requests() const {
        const std::lock_guard lock{mutex_};
        return requests_;
    }
    /// From the next request on.
    void answer_with(answerer answer) {
        const std::lock_guard lock{mutex_};
        answer_ = std::move(answer);
    }
    /// Always the same bytes.
    void answer_with(std::string bytes) {
        answer_with([bytes = std::move(bytes)](const request&) { return bytes; });
    }
    /// Ends each connection after its next answer, without saying so.
    void close_after_answer(bool close) {
        const std::lock_guard lock{mutex_};
        close_ = close;
    }
    /// Waits until as many connections have been closed by this side.
    bool wait_closed(int count) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return closed_ >= count; });
    }

private:
    using tcp = boost::asio::ip::tcp;

    boost::asio::awaitable<void> accept() {
        for (int count = 1;; ++count)
            boost::asio::co_spawn(io_, serve(co_await acceptor_.async_accept(boost::asio::use_awaitable), count),
                                  boost::asio::detached);
    }
    boost::asio::awaitable<void> serve(tcp::socket socket, int count) {
        namespace asio = boost::asio;
        std::string input;
        for (;;) {
            const auto head =
                co_await asio::async_read_until(socket, asio::dynamic_buffer(input), "\r\n\r\n", asio::use_awaitable);
            request asked{.head = input.substr(0, head), .body = {}, .connection = count};
            const auto length = std::stoul('0' + asked.header("Content-Length"));
            if (input.size() < head + length)
                co_await asio::async_read(socket, asio::dynamic_buffer(input),
                                          asio::transfer_exactly(head + length - input.size()), asio::use_awaitable);
            asked.body = input.substr(head, length);
            input.erase(0, head + length);
            std::string out;
            bool close = false;
            {
                const std::lock_guard lock{mutex_};
                requests_.push_back(asked);
                out = answer_(asked);
                close = close_;
            }
            if (out.empty()) {
                char byte = 0;
                co_await socket.async_read_some(asio::buffer(&byte, 1), asio::use_awaitable);
            }
            co_await asio::async_write(socket, asio::buffer(out), asio::use_awaitable);
            if (close) {
                socket.close();
                const std::lock_guard lock{mutex_};
                ++closed_;
                changed_.notify_all();
                co_return;
            }
        }
    }

    answerer answer_;
    boost::asio::io_context io_;
    tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<request> requests_;
    bool close_ = false;
    int closed_ = 0;
    std::thread thread_;
};

}  // namespace rondo::test
