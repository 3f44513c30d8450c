#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace rondo {

// Unicode's White_Space, as UTF-8.
inline constexpr std::array<std::string_view, 25> white_space{
    "\t",           "\n",           "\v",           "\f",           "\r",           " ",
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
    "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
    "\xe3\x80\x80"};

/// The bytes of the white space that `text` begins with; 0 when it begins with something else.
inline std::size_t leading_space(std::string_view text) {
    const auto* found = std::ranges::find_if(white_space, [&](auto space) { return text.starts_with(space); });
    return found == white_space.end() ? 0 : found->size();
}

}  // namespace rondo
