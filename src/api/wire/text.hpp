#pragma once
// Characters of UTF-8, and a client's text as answers show it.

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo {

/// The count of characters (code points) of valid UTF-8.
std::size_t character_count(std::string_view utf8);

/// Whether text that did not come through `parse_json` (a query, a form) is what that lets through: valid UTF-8
/// without NUL.
bool is_clean_text(std::string_view text);

/// Without the white space (Unicode's) at both ends of valid UTF-8.
std::string_view trimmed(std::string_view utf8);

/// At most 100 bytes of valid UTF-8, whole characters, with `…` where it was longer: what a message shows of a
/// client's text.
std::string cut(std::string_view text);

/// The same in double quotes.
std::string shown(std::string_view text);

/// Adds `/segment` to a JSON pointer (RFC 6901), escaped.
void append_pointer_segment(std::string& pointer, std::string_view segment);

/// Adds valid UTF-8 as a JSON string, quotes and all.
void append_json_string(std::string& json, std::string_view utf8);

}  // namespace rondo
