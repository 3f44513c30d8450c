#include "http/parse/trace_context.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace rondo::http {

namespace {

// "00-" trace-id(32) "-" parent-id(16) "-" flags(2)
constexpr std::size_t traceparent_size = 55;

bool is_lower_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_all_zeros(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

bool is_usable(std::string_view caller) {
    if (caller.size() < traceparent_size || caller[2] != '-' || caller[35] != '-' || caller[52] != '-')
        return false;
    const std::string_view version = caller.substr(0, 2);
    if (!is_lower_hex(version) || version == "ff")
        return false;
    // A later version may say more after another dash.
    if (caller.size() > traceparent_size && (version == "00" || caller[traceparent_size] != '-'))
        return false;
    const std::string_view trace = caller.substr(3, 32);
    const std::string_view parent = caller.substr(36, 16);
    return is_lower_hex(trace) && is_lower_hex(parent) && is_lower_hex(caller.substr(53, 2)) && !is_all_zeros(trace) &&
           !is_all_zeros(parent);
}

void append_random_hex(std::string& text, std::size_t bytes, random_source& random) {
    static constexpr char digits[] = "0123456789abcdef";
    std::array<std::byte, 16> drawn;
    random.fill(std::span{drawn}.first(bytes));
    drawn[0] |= std::byte{1};  // all zeros would mean "none"
    for (const std::byte b : std::span{drawn}.first(bytes)) {
        text += digits[std::to_integer<unsigned>(b) >> 4];
        text += digits[std::to_integer<unsigned>(b) & 15];
    }
}

}  // namespace

std::string new_traceparent(std::string_view caller, random_source& random) {
    const bool continues = is_usable(caller);
    std::string made;
    made.reserve(traceparent_size);
    made += "00-";
    if (continues)
        made += caller.substr(3, 32);
    else
        append_random_hex(made, 16, random);
    made += '-';
    append_random_hex(made, 8, random);
    made += '-';
    made += continues ? caller.substr(53, 2) : "01";
    return made;
}

}  // namespace rondo::http
