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

/// Fills `into.path` and `into.query` from `into.target`. False for anything but the origin form ("/path?query"), and
/// for paths that some program would read as another path: dot segments, encoded slashes, backslashes, controls.
bool parse_target(request& into);

}  // namespace rondo::http
