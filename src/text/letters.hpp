#pragma once
// What single characters mean to a search. Inside src/text only: its types are ICU's.

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <cstdint>
#include <string_view>

namespace rondo {

enum class letter_kind : std::uint8_t {
    part_of_word,  ///< letters, digits, the marks on them, and what has no place of its own (joiners, soft hyphens)
    space,         ///< white space, control characters
    sign           ///< all else
};

letter_kind kind_of(UChar32 c);

/// Whether the script of a letter is written without blanks between words: Han, kana, Thai and the like.
bool is_of_unspaced_script(UChar32 c);

/// A sign as it is compared: full-width ones as the others, quotation marks and dashes as those that keyboards have.
/// Most are themselves.
UChar32 plain_sign(UChar32 c);

/// A part of a text that is all `part_of_word`, as it is compared: compatibility forms resolved (NFKC_Casefold), without
/// case, without marks where a search does not ask for them, Latin letters that have no decomposition as those that
/// keyboards have. Marks go from Latin, Greek and Cyrillic letters (but й and ў are letters of their own), Arabic vowel
/// signs and the tatweel, Hebrew points; those of other scripts spell the word.
icu::UnicodeString folded_word(const icu::UnicodeString& word);

}  // namespace rondo
