#pragma once
// A client that sends exactly the bytes it is given, and reads answers as strictly as it can. Blocking; a read that
// takes longer than `patience` fails the test instead of hanging it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace rondo::http::test {

struct reply {
    unsigned status = 0;
    std::string head;  ///< with the status line and the empty line
    std::string body;

    std::vector<std::string> all(std::string_view name) const {
        std::vector<std::string> values;
        std::string_view rest = head;
        while (!rest.empty()) {
            const std::size_t end = rest.find("\r\n");
            const std::string_view line = rest.substr(0, end);
            rest.remove_prefix(end + 2);
            if (line.size() > name.size() + 2 && line.starts_with(name) && line.substr(name.size(), 2) == ": ")
                values.emplace_back(line.substr(name.size() + 2));
        }
        return values;
    }
    /// The value of the one header of that name; empty if there is none.
    std::string one(std::string_view name) const {
        auto values = all(name);
        if (values.size() > 1)
            throw std::runtime_error{"more than one " + std::string{name}};
        return values.empty() ? std::string{} : values.front();
    }
};

class raw_client {
public:
    static constexpr std::chrono::seconds patience{20};

    explicit raw_client(std::uint16_t port, int receive_buffer = 0) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        check(socket_);
        const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
        check(::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
        check(::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit));
        const int yes = 1;
        check(::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes));
        if (receive_buffer > 0)
            check(::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer));
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        check(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to));
    }
    ~raw_client() { close(); }
    raw_client(raw_client&& other) noexcept
        : socket_{std::exchange(other.socket_, -1)}, held_{std::move(other.held_)} {}
    raw_client& operator=(raw_client&&) = delete;

    void close() {
        if (socket_ >= 0)
            ::close(std::exchange(socket_, -1));
    }
    void close_with_reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        check(::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now));
        close();
    }
    void end_sending() { check(::shutdown(socket_, SHUT_WR)); }

    /// False if the server has closed meanwhile.
    bool try_send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void send(std::string_view bytes) {
        if (!try_send(bytes))
            throw std::system_error{errno, std::generic_category(), "send"};
    }
    /// One byte per segment.
    bool dribble(std::string_view bytes) {
        for (const char& c : bytes) {
            if (!try_send({&c, 1}))
                return false;
        }
        return true;
    }

    /// The next answer; nothing if the server closes before one begins. Throws for one cut short.
    std::optional<reply> read_reply(bool to_head = false) {
        reply got;
        std::size_t end;
        while ((end = held_.find("\r\n\r\n")) == std::string::npos) {
            if (receive() > 0)
                continue;
            if (held_.empty())
                return std::nullopt;
            throw std::runtime_error{"an answer ends in its header: " + held_};
        }
        got.head = held_.substr(0, end + 4);
        held_.erase(0, end + 4);
        if (!got.head.starts_with("HTTP/1.1 "))
            throw std::runtime_error{"not an answer: " + got.head};
        got.status = static_cast<unsigned>(std::strtoul(got.head.c_str() + 9, nullptr, 10));
        const std::string length = got.one("Content-Length");
        const std::size_t size = to_head || length.empty() ? 0 : std::strtoul(length.c_str(), nullptr, 10);
        while (held_.size() < size) {
            if (receive() == 0)
                throw std::runtime_error{"an answer ends in its body"};
        }
        got.body = held_.substr(0, size);
        held_.erase(0, size);
        return got;
    }
    reply ask(std::string_view request) {
        send(request);
        auto got = read_reply();
        if (!got)
            throw std::runtime_error{"closed without an answer"};
        return *got;
    }

    /// Reads on until the server has closed; what came (an answer, or several) is left to `read_reply`.
    void read_until_closed() {
        while (receive() > 0) {
        }
    }
    /// Whether the server closes without another byte.
    bool is_closed() { return held_.empty() && receive() == 0; }
    /// Whether something (or the close) can be read already.
    bool is_readable() const {
        pollfd one{.fd = socket_, .events = POLLIN, .revents = 0};
        return ::poll(&one, 1, 0) > 0;
    }
    std::string_view held() const { return held_; }
    /// Whether the close was a reset, with which a client may lose the answer before it.
    bool was_reset() const { return was_reset_; }

private:
    static void check(int result) {
        if (result < 0)
            throw std::system_error{errno, std::generic_category(), "socket"};
    }
    /// 0 at the end, also if that is a reset.
    std::size_t receive() {
        char bytes[16384];
        const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
        was_reset_ = was_reset_ || (got < 0 && errno == ECONNRESET);
        if (got < 0 && errno != ECONNRESET)
            throw std::system_error{errno, std::generic_category(), "nothing came from the server"};
        if (got > 0)
            held_.append(bytes, static_cast<std::size_t>(got));
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }

    int socket_;
    std::string held_;
    bool was_reset_ = false;
};

}  // namespace rondo::http::test
