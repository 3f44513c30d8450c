#include "api/wire/text.hpp"

#include <algorithm>

namespace rondo {

namespace {

inline constexpr std::size_t shown_bytes_max = 100;

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// The length of the valid character that `text` begins with, or 0 (RFC 3629: no overlong forms, no surrogates).
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto tail = [&](std::size_t i) { return i < text.size() && continues(text[i]); };
    const unsigned first = byte(0);
    const unsigned second = byte(1);
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool overlong = first == 0xe0 && second < 0xa0;
        const bool surrogate = first == 0xed && second > 0x9f;
        return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool overlong = first == 0xf0 && second < 0x90;
        const bool beyond = first == 0xf4 && second > 0x8f;
        return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

/// Unicode's White_Space property.
bool is_space(std::string_view character) {
    static constexpr std::string_view wide[] = {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                                "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                                "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
    if (character.size() == 1)
        return character[0] == ' ' || (character[0] >= '\t' && character[0] <= '\r');
    return std::ranges::find(wide, character) != std::end(wide);
}

}  // namespace

std::size_t character_count(std::string_view utf8) {
    return utf8.size() - static_cast<std::size_t>(std::ranges::count_if(utf8, continues));
}

bool is_clean_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        if (length == 0 || text.front() == '\0')
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string_view trimmed(std::string_view utf8) {
    while (!utf8.empty()) {
        const std::size_t length = std::max<std::size_t>(1, character_length(utf8));
        if (!is_space(utf8.substr(0, length)))
            break;
        utf8.remove_prefix(length);
    }
    while (!utf8.empty()) {
        std::size_t last = utf8.size() - 1;
        while (last > 0 && continues(utf8[last]))
            --last;
        if (!is_space(utf8.substr(last)))
            break;
        utf8.remove_suffix(utf8.size() - last);
    }
    return utf8;
}

void append_pointer_segment(std::string& pointer, std::string_view segment) {
    pointer += '/';
    for (const char c : segment) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

std::string cut(std::string_view text) {
    if (text.size() <= shown_bytes_max)
        return std::string{text};
    std::size_t length = shown_bytes_max;
    while (length > 0 && continues(text[length]))
        --length;
    return std::string{text.substr(0, length)} + "…";
}

std::string shown(std::string_view text) {
    return '"' + cut(text) + '"';
}

void append_json_string(std::string& json, std::string_view utf8) {
    static constexpr char digits[] = "0123456789abcdef";
    json += '"';
    std::size_t plain = 0;  // where what is not yet copied begins
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const char c = utf8[i];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\')
            continue;
        json.append(utf8, plain, i - plain);
        plain = i + 1;
        json += '\\';
        if (c == '"' || c == '\\')
            json += c;
        else if (c == '\n')
            json += 'n';
        else if (c == '\r')
            json += 'r';
        else if (c == '\t')
            json += 't';
        else
            json.append({'u', '0', '0', digits[byte >> 4], digits[byte & 15]});
    }
    json.append(utf8, plain);
    json += '"';
}

}  // namespace rondo
