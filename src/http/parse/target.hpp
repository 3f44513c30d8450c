#pragma once
// The request target: a path and a query, decoded once and for good.

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace rondo::http {

/// Percent-decodes, with '+' as a space if `form` (application/x-www-form-urlencoded). Nothing for a bad escape, NUL
/// or bytes that are not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool form);

/// Whether this is a host with or without a port, as in Host (RFC 9110, section 7.2). No user, and never empty.
bool is_authority(std::string_view text);

/// What a refused target is told.
inline constexpr std::string_view not_a_target =
    "The request target is neither a plain path nor an http or https URL with one.";

/// Fills `into.path` and `into.query` from `into.target`, by the forms of RFC 9112, section 3.2: "/path?query"; the
/// absolute form with http or https, which is made the former, and whose authority then stands as Host, whatever was
/// sent as that; "*" for OPTIONS. False for any other, and for paths that some program would read as another path: dot
/// segments, encoded slashes, backslashes, controls.
bool parse_target(request& into);

}  // namespace rondo::http
