#include "store/fold.hpp"

#include <boost/spirit/home/support/char_encoding/unicode/query.hpp>

namespace rondo {

code_point decode_utf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (lead > 0xf4 || bytes == 0 || text.size() < bytes)
        return {.value = 0, .bytes = 0};
    std::uint32_t value = lead & (0x7fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return {.value = 0, .bytes = 0};
        value = value << 6 | (byte(i) & 0x3fu);
    }
    // The tables end with Unicode's last code point.
    return value > 0x10ffff ? code_point{.value = 0, .bytes = 0} : code_point{.value = value, .bytes = bytes};
}

void append_utf8(std::string& to, std::uint32_t code) {
    const auto tail = [&](int shift) { to.push_back(static_cast<char>(0x80 | (code >> shift & 0x3f))); };
    if (code < 0x80) {
        to.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
        to.push_back(static_cast<char>(0xc0 | code >> 6));
        tail(0);
    } else if (code < 0x10000) {
        to.push_back(static_cast<char>(0xe0 | code >> 12));
        tail(6);
        tail(0);
    } else {
        to.push_back(static_cast<char>(0xf0 | code >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string folded(std::string_view text) {
    std::string key;
    key.reserve(text.size());
    while (!text.empty()) {
        const char c = text.front();
        if (static_cast<std::uint8_t>(c) < 0x80) {
            key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
            text.remove_prefix(1);
            continue;
        }
        const code_point at = decode_utf8(text);
        if (at.bytes == 0) {  // not UTF-8: kept as it is
            key.push_back(c);
            text.remove_prefix(1);
            continue;
        }
        append_utf8(key, boost::spirit::ucd::to_lowercase(at.value));
        text.remove_prefix(at.bytes);
    }
    return key;
}

}  // namespace rondo
