#pragma once
// A text as a search sees it: its words and signs in their order, each in one form. Both databases keep what is made here
// and are asked with what is made here, so that they find the same.

#include <string>
#include <string_view>

namespace rondo {

/// Words and signs with a blank before and after each: `"Buy 2 C++ books"` is `" buy 2 c + + books "`, so that one text is
/// found in another, word for word, as a plain part of it. Empty if there are none.
///
/// - A word is a run of letters, digits and the marks on them, folded: without case ("STRASSE", "Straße"), compatibility
///   forms as what they stand for (ﬁ, Ａ, ²), Latin letters as those that keyboards have (ł, ø,
///   æ, ı, ü), without the marks of Greek and Cyrillic letters, Arabic vowel signs and Hebrew points.
/// - In scripts without blanks between words (Han, kana, Thai, Lao, Khmer, Burmese and the like) each letter is a word: what
///   somebody looks for is found wherever a dictionary would part the words.
/// - Every other character is a sign and stands for itself, ½ and ① too. An emoji is one sign, with its skin tone, its joined parts or
///   the other half of its flag; variation selectors make no difference.
struct folded_words {
    std::string text;
    bool ends_in_word = false;  ///< in one that might go on: neither a sign nor a letter of a script without blanks
};

folded_words words_of(std::string_view text);

}  // namespace rondo
