#pragma once
// The way out over HTTP: asks another server and waits for its answer.

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace rondo::http {

inline constexpr std::size_t client_answer_head_bytes_max = 64 * 1024;
inline constexpr std::uint64_t client_answer_body_bytes_max = 16 * 1024 * 1024;

struct client_options {
    std::string host;  ///< a name or an address, IPv6 without brackets
    std::string port;
    std::chrono::milliseconds timeout{
        10'000};  ///< for one call, from the look-up of the name to the answer's last byte
};

struct outgoing_request {
    std::string_view verb = "POST";
    std::string_view target;          ///< path and query, encoded
    std::span<const header> headers;  ///< beyond Host and Content-Length
    std::string_view body;
    bool repeatable =
        false;  ///< may be sent twice: then it is, on a new connection, when the kept one turns out to be closed
};

struct incoming_answer {
    unsigned status = 0;
    std::vector<header> headers;
    std::string body;

    /// The header's value, by name without regard to case; nothing if it is absent.
    std::optional<std::string_view> find_header(std::string_view name) const;
};

/// Why there is no answer.
struct no_answer {
    std::string reason;      ///< in a few words, such as "connecting: Connection refused"
    bool not_sent = false;   ///< surely nothing of the request has arrived
};

/// One server and one connection to it, kept open between calls. Plain HTTP: for what is on this machine or behind its own proxy. Not for two threads
/// at a time.
class client {
public:
    explicit client(client_options to);
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Waits until the whole answer is there, the time is over, or `give_up` (asked ten times a second) says so.
    std::expected<incoming_answer, no_answer> send(const outgoing_request& asked,
                                                   const std::function<bool()>& give_up = {});

private:
    struct connection;
    client_options to_;
    std::unique_ptr<connection> connection_;
};

}  // namespace rondo::http
