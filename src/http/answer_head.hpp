#pragma once
// What goes before an answer's body: the status line, the headers every answer carries, and the handler's own.

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace rondo::http {

/// Of the request and its connection, what the answer's headers tell.
struct answer_context {
    std::string_view date;            ///< IMF-fixdate
    std::string_view request_id;
    std::string_view allowed_origin;  ///< the request's Origin, if it is listed; else empty
    bool keep_alive = true;
    bool http_1_0 = false;
};

/// Throws std::logic_error if a handler's header would break the answer apart (a line break in a value) or is the
/// engine's to set (Content-Length, Connection, Transfer-Encoding, Date).
void check_headers(const response& answer);

/// Of an answer that `check_headers` accepted. With the empty line, without the body.
void append_head(std::string& out, const response& answer, const answer_context& with);

/// Adds what a preflight request (CORS) wants to know.
void add_preflight_headers(response& answer);

}  // namespace rondo::http
