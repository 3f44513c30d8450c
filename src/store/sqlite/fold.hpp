#pragma once

#include <string>
#include <string_view>

namespace rondo::sqlite {

/// The key under which texts are the same without regard to case: every code point in lower case by Unicode's simple
/// mapping ("ÄRGER" and "ärger", "ΣΑΣ" and "σασ"). Accents count, "ß" is not "ss", and composed and decomposed forms differ.
std::string folded(std::string_view text);

}  // namespace rondo::sqlite
