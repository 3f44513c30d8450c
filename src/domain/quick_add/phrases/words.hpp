#pragma once
// The words of a line that quick add reads, and the vocabulary of its phrases.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::quick {

struct word {
    std::size_t at;      ///< bytes from the line's begin
    std::size_t length;  ///< bytes
    std::string text;    ///< as a title has it: without the backslash that keeps it from being read
    std::string key;     ///< lower case, without closing punctuation; empty when it is only ever title
    std::string tag;     ///< the name in #name and #"two names"
    bool ends_phrase = false;  ///< closed by . ; : ! or ?, so that the next word begins anew
    bool is_name = false;      ///< a capital letter, then a small one: `Tod`, `Night`
    std::uint32_t marks = 0;   ///< what of a day or time it may be, see marks.hpp; 0 of what is kept from being read
};

/// Words between white space; what stands in double quotes is one word, and title.
std::vector<word> split_words(std::string_view line);

/// The words of one phrase, from the one that may begin it on.
using phrase = std::span<const word>;

/// The key of a phrase's word, empty behind its end.
inline std::string_view key_of(phrase words, std::size_t i) {
    return i < words.size() ? std::string_view{words[i].key} : std::string_view{};
}

inline std::uint32_t marks_at(phrase words, std::size_t i) {
    return i < words.size() ? words[i].marks : 0;
}

/// The words behind the first `count`.
inline phrase behind(phrase words, std::size_t count) {
    return words.subspan(count < words.size() ? count : words.size());
}

/// Compares with a literal by its length and first letter before all of it: most words are told apart by these.
template <std::size_t N>
bool is_same(std::string_view key, const char (&literal)[N]) {
    return key.size() == N - 1 && (N == 1 || (key[0] == literal[0] && std::memcmp(key.data(), literal, N - 1) == 0));
}

template <std::size_t... N>
bool is_one_of(std::string_view key, const char (&... literals)[N]) {
    return (is_same(key, literals) || ...);
}

/// No list needs more, and one that is not read must not be looked through from each of its words.
inline constexpr std::size_t list_words_max = 20;

enum class unit : std::uint8_t { minutes, hours, days, weeks, months, quarters, years };

/// `3`, `three`: 1 to 9999.
std::optional<int> number_in(std::string_view key);
/// The same, or `a`, `an`.
std::optional<int> count_in(std::string_view key);
/// `1st` or `first` to `31st`; -1 for `last`.
std::optional<int> ordinal_in(std::string_view key);
/// `1st` to `31st`, in digits.
std::optional<int> numbered_ordinal_in(std::string_view key);
/// `day`, `days` and the like.
std::optional<unit> unit_in(std::string_view key);
std::optional<std::chrono::month> month_in(std::string_view key);

/// `third`, `3rd`, `last`, `second to last`, `2nd last`, `next to last`, `penultimate`: the last ones count down from -1.
struct place_in_row {
    std::size_t words = 0;  ///< 0: none
    int value = 0;
    bool in_digits = false;
};
place_in_row place_in(phrase words);

struct weekday_name {
    std::chrono::weekday day;
    bool is_short;  ///< `fri`
    bool is_common;  ///< a word of its own as well: `sat`, `sun`, `wed`
};
std::optional<weekday_name> weekday_in(std::string_view key);
/// `mondays`
std::optional<std::chrono::weekday> weekdays_plural_in(std::string_view key);

enum class day_names : std::uint8_t { singular, plural, both };

/// The days of a list: `mon, wed and fri`, `mon,wed`, `mon/wed`, `mon-fri`, `monday to friday`.
struct weekday_list {
    std::size_t words = 0;  ///< 0: no list
    std::vector<std::chrono::weekday> days;  ///< from Monday on, without repeats
    bool has_range = false;
};
weekday_list weekday_list_in(phrase words, day_names which = day_names::singular);

/// The months of a list: `june`, `june and july`, `jan, apr`.
struct month_list {
    std::size_t words = 0;  ///< 0: no list
    std::vector<int> months;  ///< in order, without repeats
};
month_list month_list_in(phrase words);

}  // namespace rondo::quick
