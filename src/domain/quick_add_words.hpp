#pragma once
// The words of a line that quick add reads, and the vocabulary of its phrases.

#include <chrono>
#include <cstddef>
#include <cstdint>
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
};

/// Words between white space; what stands in double quotes is one word, and title.
std::vector<word> split_words(std::string_view line);

/// The words of one phrase, from the one that may begin it on.
using phrase = std::span<const word>;

/// The key of a phrase's word, empty behind its end.
std::string_view key_of(phrase words, std::size_t i);

template <class... Keys>
bool is_one_of(std::string_view key, const Keys&... keys) {
    return ((key == std::string_view{keys}) || ...);
}

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

struct weekday_name {
    std::chrono::weekday day;
    bool is_short;   ///< `fri`
    bool is_common;  ///< a word of its own as well: `sat`, `sun`, `wed`
};
std::optional<weekday_name> weekday_in(std::string_view key);
/// `mondays`
std::optional<std::chrono::weekday> weekdays_plural_in(std::string_view key);

/// The days of a list: `mon, wed and fri`, `mon,wed`, `mon-fri`, `monday to friday`; `plural` takes `mondays` alone.
struct weekday_list {
    std::size_t words = 0;  ///< 0: no list
    std::vector<std::chrono::weekday> days;  ///< from Monday on, without repeats
};
weekday_list weekday_list_in(phrase words, bool plural = false);

}  // namespace rondo::quick
