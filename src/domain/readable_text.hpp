#pragma once
// Which characters may stand in a text that people read: titles, names, descriptions.

#include <optional>
#include <string>
#include <string_view>

namespace rondo {

/// Why valid UTF-8 may not be a line for people to read (a title, a tag's name, a user's name), as the message of a fault
/// that names the first character at fault; nothing if it may. Refused are
/// - control characters (Unicode's Cc: C0 with tab and the line breaks, DEL, C1) and the separators U+2028 and U+2029;
/// - a text, not empty, in which nothing can be seen: white space and Default_Ignorable_Code_Point alone.
/// Whatever writing needs inside a text stays: joiners of emoji and of Persian, variation selectors, soft hyphens, and what
/// directs right-to-left text.
std::optional<std::string> fault_of_line(std::string_view utf8);

/// The same for a text of several lines, which may also hold tabs and line breaks, and need not show anything.
std::optional<std::string> fault_of_lines(std::string_view utf8);

}  // namespace rondo
