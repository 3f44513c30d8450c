#pragma once
// Keys by which text is the same, and by which it is sorted. All functions take any bytes (what is not UTF-8 counts as
// U+FFFD) and may be called on any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo {

/// Normalization Form C (UAX #15).
std::string nfc(std::string_view text);

/// The same for names that are the same: full case folding between canonical decomposition and composition (Unicode 3.13,
/// D145). "Straße" is "STRASSE", "ΣΑΣ" is "σας", é is é in whichever form; accents count.
std::string tag_key(std::string_view name);

inline constexpr std::size_t title_order_bytes_max = 500;

/// Bytes whose order (memcmp) is that of titles: the root collation of CLDR (UTS #10 and #35), with numbers in the order
/// of their values ("2" before "10", "②" before "⑩") and punctuation not ignored (blanks and signs, then digits, then letters). Cut at
/// `title_order_bytes_max`: titles that are alike for some hundred letters have the same key.
std::string title_order(std::string_view title);

/// Of which rules the keys of this program are: ours, Unicode's and the collation's, packed so that newer rules have a
/// higher number. Never 0.
std::int64_t text_rules();

/// "1, Unicode 15.0, collation 153.112.40.0": `rules` for people.
std::string shown_text_rules(std::int64_t rules);

}  // namespace rondo
