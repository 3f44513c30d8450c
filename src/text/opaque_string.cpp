#include "text/opaque_string.hpp"

#include <algorithm>

#include "text/icu.hpp"

#include <unicode/uchar.h>

namespace rondo {

std::string opaque_string(std::string_view password) {
    if (is_ascii(password))
        return std::string{password};
    icu::UnicodeString text = utf16_of(password);
    for (int32_t i = 0; i < text.length(); ++i)  // every blank is one unit of UTF-16
        if (u_charType(text.charAt(i)) == U_SPACE_SEPARATOR)
            text.setCharAt(i, u' ');
    return utf8_of(normalized(nfc_of_icu(), text));
}

bool has_forbidden_characters(std::string_view password) {
    const icu::UnicodeString text = utf16_of(password);
    for (int32_t i = 0; i < text.length();) {
        const UChar32 c = text.char32At(i);
        i += U16_LENGTH(c);
        if (u_charType(c) == U_CONTROL_CHAR || U_IS_UNICODE_NONCHAR(c))
            return true;
    }
    return false;
}

}  // namespace rondo
