#pragma once
// What the files of this folder need of ICU. Its instances live as long as the process and are fit for any thread.

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rondo {

/// ICU cannot work without its data: a broken installation, not a text.
inline void check(UErrorCode status) {
    if (U_FAILURE(status))
        throw fatal{71, std::string{"ICU does not work ("} + u_errorName(status) +
                            "). Install the package of its library and data again (libicu)."};
}

inline const icu::Normalizer2& instance(const icu::Normalizer2* (*get)(UErrorCode&)) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const made = get(status);
    check(status);
    return *made;
}

inline const icu::Normalizer2& nfc_of_icu() {
    static const icu::Normalizer2& one = instance(&icu::Normalizer2::getNFCInstance);
    return one;
}
inline const icu::Normalizer2& nfd_of_icu() {
    static const icu::Normalizer2& one = instance(&icu::Normalizer2::getNFDInstance);
    return one;
}
inline const icu::Normalizer2& nfkc() {
    static const icu::Normalizer2& one = instance(&icu::Normalizer2::getNFKCInstance);
    return one;
}
inline const icu::Normalizer2& nfkc_casefold() {
    static const icu::Normalizer2& one = instance(&icu::Normalizer2::getNFKCCasefoldInstance);
    return one;
}

inline icu::UnicodeString normalized(const icu::Normalizer2& by, const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString made = by.normalize(text, status);
    check(status);
    return made;
}

inline icu::UnicodeString utf16_of(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(icu::StringPiece{utf8.data(), static_cast<int32_t>(utf8.size())});
}

inline std::string utf8_of(const icu::UnicodeString& text) {
    std::string utf8;
    text.toUTF8String(utf8);
    return utf8;
}

inline bool is_ascii(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x80)
            return false;
    return true;
}

}  // namespace rondo
