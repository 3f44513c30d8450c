#pragma once
// The few questions about ASCII text that HTTP asks everywhere.

#include <cstddef>
#include <string_view>

namespace rondo::http {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The value of a hexadecimal digit in either case, or -1.
constexpr int hex_value(char c) {
    if (is_digit(c))
        return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace rondo::http
