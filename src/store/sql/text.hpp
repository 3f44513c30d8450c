#pragma once
// The text of a statement where the engines call something by different names: put together by the compiler.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace rondo::sql {

/// A literal as an argument of a template.
template <std::size_t Size>
struct piece {
    std::array<char, Size> text{};
    consteval piece(const char (&literal)[Size]) { std::ranges::copy(literal, text.begin()); }
};

namespace detail {
template <piece... Parts>
inline constexpr auto joined = [] {
    std::array<char, (Parts.text.size() + ...) - sizeof...(Parts)> all{};
    auto* end = all.begin();
    ((end = std::ranges::copy_n(Parts.text.begin(), Parts.text.size() - 1, end).out), ...);
    return all;
}();
}  // namespace detail

/// The pieces one after the other.
template <piece... Parts>
inline constexpr std::string_view text{detail::joined<Parts...>.data(), detail::joined<Parts...>.size()};

}  // namespace rondo::sql
