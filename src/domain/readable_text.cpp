#include "domain/readable_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "domain/white_space.hpp"

namespace rondo {

namespace {

struct range {
    char32_t first, last;
};

/// Unicode 16's Default_Ignorable_Code_Point, and the blank that is neither that nor white space: the empty Braille pattern.
constexpr std::array<range, 18> unseen{{{0x00ad, 0x00ad},
                                        {0x034f, 0x034f},
                                        {0x061c, 0x061c},
                                        {0x115f, 0x1160},
                                        {0x17b4, 0x17b5},
                                        {0x180b, 0x180f},
                                        {0x200b, 0x200f},
                                        {0x202a, 0x202e},
                                        {0x2060, 0x206f},
                                        {0x2800, 0x2800},
                                        {0x3164, 0x3164},
                                        {0xfe00, 0xfe0f},
                                        {0xfeff, 0xfeff},
                                        {0xffa0, 0xffa0},
                                        {0xfff0, 0xfff8},
                                        {0x1bca0, 0x1bca3},
                                        {0x1d173, 0x1d17a},
                                        {0xe0000, 0xe0fff}}};

/// Takes the first character off valid UTF-8.
char32_t take_character(std::string_view& utf8) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
    const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
    char32_t character = length == 1 ? byte(0) : byte(0) & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i)
        character = character << 6 | (byte(i) & 0x3fu);
    utf8.remove_prefix(length);
    return character;
}

bool is_line_break(char32_t c) {
    return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

std::string name_of(char32_t c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string hex;
    for (; c != 0 || hex.size() < 4; c >>= 4)
        hex.insert(hex.begin(), digits[c & 15]);
    return "U+" + hex;
}

std::string cannot_hold(char32_t c, std::string_view what) {
    return "must not contain " + name_of(c) + ", " + std::string{what};
}

/// What is wrong with the character wherever it stands in a text; nothing for tabs and line breaks.
std::optional<std::string> fault_of(char32_t c) {
    if (is_control(c) && c != '\t' && c != '\n' && c != '\r')
        return cannot_hold(c, "a control character");
    return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_of_lines(std::string_view utf8) {
    while (!utf8.empty())
        if (auto fault = fault_of(take_character(utf8)))
            return fault;
    return std::nullopt;
}

std::optional<std::string> fault_of_line(std::string_view utf8) {
    bool is_seen = utf8.empty();
    std::optional<char32_t> first_unseen;
    while (!utf8.empty()) {
        const bool is_space = leading_space(utf8) > 0;
        const char32_t c = take_character(utf8);
        if (is_line_break(c))
            return cannot_hold(c, "a line break");
        if (c == '\t')
            return cannot_hold(c, "a tab");
        if (auto fault = fault_of(c))
            return fault;
        const bool is_unseen = std::ranges::any_of(unseen, [c](range of) { return c >= of.first && c <= of.last; });
        if (is_unseen && !first_unseen)
            first_unseen = c;
        is_seen = is_seen || (!is_space && !is_unseen);
    }
    if (is_seen)
        return std::nullopt;
    return first_unseen ? "must have a character that can be seen; this has " + name_of(*first_unseen) + " and the like"
                        : "must not be empty";
}

}  // namespace rondo
