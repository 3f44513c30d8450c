#pragma once
// A request that has passed the framing gate, and an answer. Nothing of Beast.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.hpp"

namespace rondo::http {

enum class method : std::uint8_t { get, head, post, put, patch, del, options };

struct header {
    std::string name;
    std::string value;
};

struct request {
    method verb = method::get;
    std::string target;                ///< "/path?query" as sent, or "*"
    std::string path;                  ///< percent-decoded; never holds "..", NUL or an encoded slash
    std::vector<header> query;         ///< decoded, in order, repeats kept
    std::vector<header> headers;       ///< in order; look them up with `find_header`
    std::string body;
    std::vector<std::string> params;   ///< the route's {placeholders}, in order
    std::string peer_address;          ///< the connection's, without port
    std::string request_id;            ///< X-Request-ID as sent (if it is clean) or made
    std::string traceparent;  ///< W3C trace context of this request's span: the caller's trace continued, or a new one
    mutable std::string user;  ///< who asks, once authentication knows: for the log line
    std::string_view route;  ///< the pattern that matched, e.g. "/api/tasks/{id}", for metrics

    /// The header's value, by name without regard to case; nothing if it is absent.
    std::optional<std::string_view> find_header(std::string_view name) const;
    /// The first query parameter of that name.
    std::optional<std::string_view> find_query(std::string_view name) const;
    /// 32 hex digits of `traceparent`.
    std::string_view trace_id() const;
};

/// A body that is written piece by piece, as it comes about.
class body_stream {
public:
    virtual ~body_stream() = default;
    /// The next piece; nothing at the end. Awaited on the connection's thread, again and again.
    virtual async<std::optional<std::string>> next() = 0;
    /// Makes a `next()` that waits, and any later one, give nothing. On the connection's thread.
    virtual void cancel() = 0;
};

struct response {
    unsigned status = 200;
    std::string content_type;  ///< empty with an empty body
    std::string body;
    std::vector<header> headers;
    std::string error_id;  ///< of a problem, for the log line
    /// Instead of `body`. The connection closes after it; a client that does not read is cut off. Such a request is
    /// observed once its head is written, and a server that drains ends it.
    std::shared_ptr<body_stream> stream{};  // shared, so that an answer can be copied as any other

    response& with(std::string name, std::string value) & {
        headers.push_back({std::move(name), std::move(value)});
        return *this;
    }
    response&& with(std::string name, std::string value) && {
        return std::move(this->with(std::move(name), std::move(value)));
    }
};

/// RFC 9457, section 3. `members` is appended as it is, e.g. `,"errors":[...]`.
response problem(unsigned status, std::string_view type, std::string_view title, std::string_view detail,
                 std::string_view error_id, std::string_view members = {});

/// The standard's reason phrase ("Not Found").
std::string_view reason_phrase(unsigned status);

using handler = std::function<async<response>(request&)>;

}  // namespace rondo::http
