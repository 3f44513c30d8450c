#pragma once
// Text as it is compared: case folded. Both engines keep keys made here, so that they agree on what is the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo {

/// The key under which texts are the same without regard to case: every code point in lower case by Unicode's simple
/// mapping ("ÄRGER" and "ärger", "ΣΑΣ" and "σασ"). Accents count, "ß" is not "ss", and composed and decomposed forms differ.
std::string folded(std::string_view text);

struct code_point {
    std::uint32_t value;
    std::size_t bytes;  ///< 0: not UTF-8
};

/// The first code point of a text that is not empty.
code_point decode_utf8(std::string_view text);
void append_utf8(std::string& to, std::uint32_t code);

}  // namespace rondo
