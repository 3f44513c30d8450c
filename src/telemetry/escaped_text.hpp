#pragma once

#include <string>
#include <string_view>

namespace rondo {

/// Adds `text`, any bytes, as the inside of a JSON string that is harmless to look at: control characters, line separators and bidirectional marks
/// are escaped, bad UTF-8 becomes U+FFFD.
void append_escaped(std::string& out, std::string_view text);

}  // namespace rondo
