#pragma once
// Splits a header block that passed the framing gate into a request's parts.

#include <optional>
#include <string_view>

#include "http/message.hpp"

namespace rondo::http {

struct parsed_head {
    std::optional<method> verb;  ///< nothing: a method we do not know
    bool http_1_0 = false;
    bool keep_alive = false;     ///< as the version and the Connection header have it
};

/// Fills `into.target` and `into.headers`. Nothing if the parser does not agree with the gate that this is a request.
std::optional<parsed_head> parse_head(std::string_view block, request& into);

}  // namespace rondo::http
