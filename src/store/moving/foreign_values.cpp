#include "store/moving/foreign_values.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/rfc3339.hpp"
#include "domain/white_space.hpp"

namespace rondo {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 26> colors{{
    {"aqua", "#00FFFF"},    {"black", "#000000"},   {"blue", "#0000FF"},      {"brown", "#A52A2A"},
    {"cyan", "#00FFFF"},    {"fuchsia", "#FF00FF"}, {"gold", "#FFD700"},      {"gray", "#808080"},
    {"green", "#008000"},   {"grey", "#808080"},    {"indigo", "#4B0082"},    {"lime", "#00FF00"},
    {"magenta", "#FF00FF"}, {"maroon", "#800000"},  {"navy", "#000080"},      {"olive", "#808000"},
    {"orange", "#FFA500"},  {"pink", "#FFC0CB"},    {"purple", "#800080"},    {"red", "#FF0000"},
    {"silver", "#C0C0C0"},  {"teal", "#008080"},    {"turquoise", "#40E0D0"}, {"violet", "#EE82EE"},
    {"white", "#FFFFFF"},   {"yellow", "#FFFF00"},
}};

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::optional<uuid> read_foreign_id(std::string_view text) {
    if (text.size() != 32)
        return parse_uuid(text);
    std::string dashed{text};
    for (const std::size_t at : {20u, 16u, 12u, 8u})
        dashed.insert(at, 1, '-');
    return parse_uuid(dashed);
}

std::optional<instant> read_foreign_time(std::string_view text) {
    const auto read = parse_date_or_time(text);
    if (!read)
        return std::nullopt;
    if (const auto* at = std::get_if<instant>(&*read))
        return *at;
    if (const auto* day = std::get_if<std::chrono::local_days>(&*read))
        return instant{day->time_since_epoch()};
    return parse_instant(std::string{text} + "Z");  // with its milliseconds
}

std::optional<std::string> read_foreign_color(std::string_view text) {
    const std::string given = lower_case(trimmed_text(text));
    if (const auto* const named =
            std::ranges::find(colors, given, &std::pair<std::string_view, std::string_view>::first);
        named != colors.end())
        return std::string{named->second};
    const std::string_view digits = std::string_view{given}.substr(given.starts_with('#') ? 1 : 0);
    if (!std::ranges::all_of(digits, is_hex))
        return std::nullopt;
    std::string color = "#";
    for (const char c : digits)
        color.append(digits.size() == 3 ? 2 : 1, c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c);
    return color.size() == 7 ? std::optional{color} : std::nullopt;
}

std::string lower_case(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

std::string_view trimmed_text(std::string_view text) {
    while (const std::size_t space = leading_space(text))
        text.remove_prefix(space);
    for (;;) {
        const auto* const last = std::ranges::find_if(white_space, [&](auto space) { return text.ends_with(space); });
        if (last == white_space.end())
            return text;
        text.remove_suffix(last->size());
    }
}

std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

std::string_view first_characters(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    while (end < text.size() && (count > 0 || continues_character(text[end])))
        count -= continues_character(text[end++]) ? 0 : 1;
    return text.substr(0, end);
}

}  // namespace rondo
