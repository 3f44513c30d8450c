#include "telemetry/escaped_text.hpp"

#include <cstddef>
#include <cstdint>

namespace rondo {
namespace {

struct decoded {
    std::uint32_t point;
    std::size_t length;  ///< bytes taken; 0 when they are not UTF-8
};

/// The code point at the front of `text`, which is not empty. Overlong forms, surrogates and what lies beyond U+10FFFF are not UTF-8.
decoded decode_front(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return {first, 1};
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length)
        return {0, 0};
    std::uint32_t point = first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return {0, 0};
        point = point << 6 | (byte(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x1'0000);
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    return overlong || surrogate || point > 0x10'ffff ? decoded{0, 0} : decoded{point, length};
}

/// Control characters (C0, DEL, C1), the line and paragraph separators, and the marks that turn the direction of text.
bool must_escape(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

void append_escape(std::string& out, std::uint32_t point) {
    static constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[point >> shift & 15];
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto [point, length] = decode_front(text);
        if (length == 0) {
            out += "\xef\xbf\xbd";  // U+FFFD
            text.remove_prefix(1);
            continue;
        }
        switch (point) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (must_escape(point))
                    append_escape(out, point);
                else
                    out += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
}

}  // namespace rondo
