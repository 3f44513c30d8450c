#pragma once
// Splits a header block that passed the framing gate into a request's parts.

#include <expected>
#include <optional>
#include <string_view>

#include "http/message.hpp"
#include "http/parse/framing_gate.hpp"

namespace rondo::http {

struct parsed_head {
    std::optional<method> verb;  ///< nothing: a method we do not know
    bool keep_alive = false;     ///< as the version and the Connection header have it (RFC 9112, section 9.3)
};

/// Fills `into.target` and `into.headers` from a block of HTTP/1.`minor_version`; what is above 1.1 is read as 1.1
/// (RFC 9110, section 2.5). A refusal (400) if the parser does not agree with the gate that this is a request.
std::expected<parsed_head, refusal> parse_head(std::string_view block, unsigned minor_version, request& into);

}  // namespace rondo::http
