#include "text/keys.hpp"

#include <unicode/coll.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <memory>

#include "text/icu.hpp"

namespace rondo {

namespace {

constexpr std::uint64_t own_rules = 1;  // raised by whoever changes what keys or words a text has

const icu::Collator& collation() {
    static const std::unique_ptr<const icu::Collator> made = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::Collator> root{icu::Collator::createInstance(icu::Locale::getRoot(), status)};
        check(status);
        root->setAttribute(UCOL_NUMERIC_COLLATION, UCOL_ON, status);
        root->setAttribute(UCOL_NORMALIZATION_MODE, UCOL_ON, status);
        check(status);
        return root;
    }();
    return *made;
}

/// Numbers that are one character (①, ½, ²) as those that they look like: ICU sorts them behind all others, ⑩ before ②.
icu::UnicodeString with_plain_numbers(std::string_view title) {
    icu::UnicodeString text = utf16_of(title);
    if (is_ascii(title))
        return text;
    icu::UnicodeString plain;
    for (int32_t i = 0; i < text.length();) {
        const UChar32 c = text.char32At(i);
        i += U16_LENGTH(c);
        icu::UnicodeString apart;
        if (u_charType(c) == U_OTHER_NUMBER && nfkc().getDecomposition(c, apart))
            plain.append(apart);
        else
            plain.append(c);
    }
    return plain;
}

}  // namespace

std::string nfc(std::string_view text) {
    return is_ascii(text) ? std::string{text} : utf8_of(normalized(nfc_of_icu(), utf16_of(text)));
}

std::string tag_key(std::string_view name) {
    if (is_ascii(name)) {
        std::string key{name};
        for (char& c : key)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return key;
    }
    icu::UnicodeString key = normalized(nfd_of_icu(), utf16_of(name));
    return utf8_of(normalized(nfc_of_icu(), key.foldCase(U_FOLD_CASE_DEFAULT)));
}

std::string title_order(std::string_view title) {
    const icu::UnicodeString text = with_plain_numbers(title);
    std::array<std::uint8_t, 256> usual;  // enough for most
    const int32_t bytes = collation().getSortKey(text, usual.data(), static_cast<int32_t>(usual.size()));
    std::string key;
    if (static_cast<std::size_t>(bytes) <= usual.size()) {
        key.assign(usual.begin(), usual.begin() + bytes);
    } else {
        key.resize(static_cast<std::size_t>(bytes));
        collation().getSortKey(text, reinterpret_cast<std::uint8_t*>(key.data()), bytes);
    }
    if (!key.empty())
        key.pop_back();  // its zero at the end
    key.resize(std::min(key.size(), title_order_bytes_max));
    return key;
}

std::int64_t text_rules() {
    static const std::int64_t rules = [] {
        UVersionInfo unicode{}, collated{};
        u_getUnicodeVersion(unicode);
        collation().getVersion(collated);
        std::uint64_t packed = own_rules << 16 | std::uint64_t{unicode[0]} << 8 | unicode[1];
        for (const std::uint8_t part : collated)
            packed = packed << 8 | part;
        return static_cast<std::int64_t>(packed);
    }();
    return rules;
}

std::string shown_text_rules(std::int64_t rules) {
    const auto part = [&](int bytes) {
        return std::to_string(static_cast<std::uint64_t>(rules) >> (8 * bytes) & 0xff);
    };
    return std::to_string(static_cast<std::uint64_t>(rules) >> 48) + ", Unicode " + part(5) + "." + part(4) +
           ", collation " + part(3) + "." + part(2) + "." + part(1) + "." + part(0);
}

}  // namespace rondo
