#include "text/letters.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <utility>

#include "text/icu.hpp"

namespace rondo {

namespace {

struct replacement {
    UChar32 from;
    std::u16string_view to;
};

/// Small Latin letters that have no decomposition, sorted; as in CLDR's Latin-ASCII.
constexpr replacement latin[] = {
    {U'ß', u"ss"}, {U'æ', u"ae"}, {U'ð', u"d"},  {U'ø', u"o"},  {U'þ', u"th"}, {U'đ', u"d"},  {U'ħ', u"h"},
    {U'ı', u"i"},  {U'ĸ', u"q"},  {U'ł', u"l"},  {U'ŋ', u"n"},  {U'œ', u"oe"}, {U'ŧ', u"t"},  {U'ƀ', u"b"},
    {U'ƃ', u"b"},  {U'ƈ', u"c"},  {U'ƌ', u"d"},  {U'ƒ', u"f"},  {U'ƕ', u"hv"}, {U'ƙ', u"k"},  {U'ƚ', u"l"},
    {U'ƞ', u"n"},  {U'ƥ', u"p"},  {U'ƫ', u"t"},  {U'ƭ', u"t"},  {U'ƴ', u"y"},  {U'ƶ', u"z"},  {U'ǥ', u"g"},
    {U'ȡ', u"d"},  {U'ȥ', u"z"},  {U'ȴ', u"l"},  {U'ȵ', u"n"},  {U'ȶ', u"t"},  {U'ȷ', u"j"},  {U'ȸ', u"db"},
    {U'ȹ', u"qp"}, {U'ȼ', u"c"},  {U'ȿ', u"s"},  {U'ɀ', u"z"},  {U'ɇ', u"e"},  {U'ɉ', u"j"},  {U'ɋ', u"q"},
    {U'ɍ', u"r"},  {U'ɏ', u"y"},  {U'ɓ', u"b"},  {U'ɖ', u"d"},  {U'ɗ', u"d"},  {U'ɛ', u"e"},  {U'ɠ', u"g"},
    {U'ɨ', u"i"},  {U'ɫ', u"l"},  {U'ɱ', u"m"},  {U'ɲ', u"n"},  {U'ɵ', u"o"},  {U'ʂ', u"s"},  {U'ʈ', u"t"},
    {U'ʉ', u"u"},  {U'ʋ', u"v"},  {U'ʐ', u"z"},  {U'ⱡ', u"l"},  {U'ⱥ', u"a"},  {U'ⱦ', u"t"},  {U'ⱨ', u"h"},
    {U'ⱪ', u"k"},  {U'ⱬ', u"z"},  {U'ꜳ', u"aa"}, {U'ꜵ', u"ao"}, {U'ꜷ', u"au"}, {U'ꜹ', u"av"}, {U'ꜽ', u"ay"},
    {U'ꝏ', u"oo"}, {U'ꝡ', u"vy"},
};

/// Signs of which there are several for one key, sorted.
constexpr std::pair<UChar32, UChar32> plain_signs[] = {
    {U'«', '"'},  {U'»', '"'},  {U'ʹ', '\''}, {U'ʺ', '"'},  {U'ʻ', '\''}, {U'ʼ', '\''}, {U'ʽ', '\''},
    {U'ˈ', '\''}, {U'՚', '\''}, {U'‐', '-'},  {U'‑', '-'},  {U'‒', '-'},  {U'–', '-'},  {U'—', '-'},
    {U'―', '-'},  {U'‘', '\''}, {U'’', '\''}, {U'‚', '\''}, {U'‛', '\''}, {U'“', '"'},  {U'”', '"'},
    {U'„', '"'},  {U'‟', '"'},  {U'′', '\''}, {U'″', '"'},  {U'‹', '\''}, {U'›', '\''}, {U'⁄', '/'},
    {U'⁓', '~'},  {U'−', '-'},  {U'∕', '/'},  {U'∗', '*'},  {U'∼', '~'},  {U'〜', '~'},
};

static_assert(std::ranges::is_sorted(latin, {}, &replacement::from));
static_assert(std::ranges::is_sorted(plain_signs, {}, &std::pair<UChar32, UChar32>::first));

bool is_between(UChar32 c, UChar32 first, UChar32 last) {
    return c >= first && c <= last;
}

/// Arabic vowel signs and marks for reciting; not the hamza, which spells. The tatweel only stretches.
bool is_arabic_ornament(UChar32 c) {
    return c == 0x0640 || is_between(c, 0x064b, 0x0652) || is_between(c, 0x0656, 0x065f) || c == 0x0670 ||
           is_between(c, 0x0610, 0x061a) || is_between(c, 0x06d6, 0x06dc) || is_between(c, 0x06df, 0x06e4) ||
           is_between(c, 0x06e7, 0x06e8) || is_between(c, 0x06ea, 0x06ed);
}

bool is_hebrew_point(UChar32 c) {
    return is_between(c, 0x0591, 0x05bd) || c == 0x05bf || is_between(c, 0x05c1, 0x05c2) ||
           is_between(c, 0x05c4, 0x05c5) || c == 0x05c7;
}

UScriptCode script_of(UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(c, &status);
}

/// Whether a search does without the mark `c`, which stands on `base` (0: on nothing).
bool is_left_out(UChar32 c, UChar32 base) {
    if (is_arabic_ornament(c) || is_hebrew_point(c))
        return true;
    if (u_charType(c) != U_NON_SPACING_MARK && u_charType(c) != U_ENCLOSING_MARK)
        return false;
    constexpr UChar32 breve = 0x306;
    switch (base == 0 ? USCRIPT_LATIN : script_of(base)) {
        case USCRIPT_LATIN:
        case USCRIPT_GREEK:
            return true;
        case USCRIPT_CYRILLIC:
            return c != breve || (base != U'и' && base != U'у');
        default:
            return false;
    }
}

std::u16string_view plain_latin(UChar32 c) {
    const auto* const found = std::ranges::lower_bound(latin, c, {}, &replacement::from);
    return found != std::end(latin) && found->from == c ? found->to : std::u16string_view{};
}

bool is_raised_or_lowered(UChar32 c) {
    const auto type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);
    return type == U_DT_SUPER || type == U_DT_SUB;
}

}  // namespace

letter_kind kind_of(UChar32 c) {
    if (plain_sign(c) != c)
        return letter_kind::sign;
    switch (u_charType(c)) {
        case U_UPPERCASE_LETTER:
        case U_LOWERCASE_LETTER:
        case U_TITLECASE_LETTER:
        case U_MODIFIER_LETTER:
        case U_OTHER_LETTER:
        case U_NON_SPACING_MARK:
        case U_ENCLOSING_MARK:
        case U_COMBINING_SPACING_MARK:
        case U_DECIMAL_DIGIT_NUMBER:
        case U_LETTER_NUMBER:
        case U_PRIVATE_USE_CHAR:
            return letter_kind::part_of_word;
        case U_OTHER_NUMBER:  // ² is a digit; ½ and ① are signs
            return is_raised_or_lowered(c) ? letter_kind::part_of_word : letter_kind::sign;
        case U_FORMAT_CHAR:
            return letter_kind::part_of_word;
        case U_SPACE_SEPARATOR:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
        case U_CONTROL_CHAR:
        case U_SURROGATE:
            return letter_kind::space;
        default:
            return c == 0xfffd ? letter_kind::space : letter_kind::sign;
    }
}

bool is_of_unspaced_script(UChar32 c) {
    switch (script_of(c)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_BOPOMOFO:
        case USCRIPT_YI:
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
        case USCRIPT_TAI_LE:
        case USCRIPT_NEW_TAI_LUE:
        case USCRIPT_LANNA:
        case USCRIPT_TAI_VIET:
        case USCRIPT_JAVANESE:
        case USCRIPT_BALINESE:
            return true;
        case USCRIPT_COMMON:
        case USCRIPT_INHERITED:  // ー and the like
            return uscript_hasScript(c, USCRIPT_KATAKANA) || uscript_hasScript(c, USCRIPT_HAN);
        default:
            return false;
    }
}

UChar32 plain_sign(UChar32 c) {
    if (c < 0x80 || u_isUWhiteSpace(c))
        return c;
    const auto* const found = std::ranges::lower_bound(plain_signs, c, {}, &std::pair<UChar32, UChar32>::first);
    if (found != std::end(plain_signs) && found->first == c)
        return found->second;
    const auto type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);
    if ((type != U_DT_WIDE && type != U_DT_NARROW && type != U_DT_SMALL) || u_isalnum(c))
        return c;
    icu::UnicodeString plain;
    if (!nfkc().getDecomposition(c, plain) || plain.countChar32() != 1)
        return c;
    const UChar32 narrow = plain.char32At(0);
    return u_isalpha(narrow) || u_charType(narrow) == U_NON_SPACING_MARK ? c : narrow;
}

icu::UnicodeString folded_word(const icu::UnicodeString& word) {
    const icu::UnicodeString apart = normalized(nfd_of_icu(), normalized(nfkc_casefold(), word));
    icu::UnicodeString plain;
    UChar32 base = 0;
    for (int32_t i = 0; i < apart.length();) {
        const UChar32 c = apart.char32At(i);
        i += U16_LENGTH(c);
        const bool is_mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
        if (is_left_out(c, base) && (is_mark || is_arabic_ornament(c)))
            continue;
        if (!is_mark)
            base = c;
        if (const auto latin_letters = plain_latin(c); !latin_letters.empty())
            plain.append(latin_letters.data(), static_cast<int32_t>(latin_letters.size()));
        else
            plain.append(c);
    }
    return normalized(nfc_of_icu(), plain);
}

}  // namespace rondo
