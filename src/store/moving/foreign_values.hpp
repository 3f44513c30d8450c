#pragma once
// Single values of the system that is taken over (store/moving/take_over.hpp): read, or made to fit.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace rondo {

/// An id as 32 hexadecimal digits or with dashes, in either case.
std::optional<uuid> read_foreign_id(std::string_view text);
/// A time in UTC, or with an offset; also a bare date. Nothing for any other text.
std::optional<instant> read_foreign_time(std::string_view text);
/// `#RRGGBB` of `#rgb`, `rrggbb` and the names of CSS's basic colours; nothing for any other text.
std::optional<std::string> read_foreign_color(std::string_view text);

/// In lower case, for the names of enumerations, of which some versions keep the members' names (`PENDING`).
std::string lower_case(std::string_view text);
std::string_view trimmed_text(std::string_view text);
/// How many characters a text of UTF-8 has, and its first `count`.
std::size_t length_of(std::string_view text);
std::string_view first_characters(std::string_view text, std::size_t count);

}  // namespace rondo
