#include "base/ids.hpp"

#include <span>

namespace rondo {

uuid make_uuid_v7(instant now, random_source& random) {
    uuid made;
    random.fill(std::as_writable_bytes(std::span{made.bytes}.subspan(6)));
    auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (int i = 5; i >= 0; --i, ms >>= 8)
        made.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms);
    made.bytes[6] = static_cast<std::uint8_t>(0x70 | (made.bytes[6] & 0x0f));
    made.bytes[8] = static_cast<std::uint8_t>(0x80 | (made.bytes[8] & 0x3f));
    return made;
}

std::string to_string(const uuid& value) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(36, '-');
    std::size_t at = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            ++at;
        text[at++] = digits[value.bytes[i] >> 4];
        text[at++] = digits[value.bytes[i] & 15];
    }
    return text;
}

std::optional<uuid> parse_uuid(std::string_view text) {
    const auto nibble = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
            return c - 'A' + 10;
        return -1;
    };
    if (text.size() != 36)
        return std::nullopt;
    uuid parsed;
    std::size_t at = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-')
            return std::nullopt;
        const int high = nibble(text[at++]);
        const int low = nibble(text[at++]);
        if (high < 0 || low < 0)
            return std::nullopt;
        parsed.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return parsed;
}

}  // namespace rondo
