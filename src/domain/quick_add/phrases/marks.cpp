#include "domain/quick_add/phrases/marks.hpp"

#include <algorithm>
#include <array>

#include "domain/quick_add/phrases/vocabulary.hpp"

namespace rondo::quick {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Where the words of each first letter begin.
consteval std::array<std::uint16_t, 27> letters() {
    std::array<std::uint16_t, 27> begin{};
    for (std::size_t letter = 0; letter < begin.size(); ++letter)
        while (begin[letter] < vocabulary.size() &&
               vocabulary[begin[letter]].first[0] < static_cast<char>('a' + letter))
            ++begin[letter];
    return begin;
}
constexpr auto letter_begins = letters();

std::uint32_t named(std::string_view word) {
    const bool has_letter = !word.empty() && word[0] >= 'a' && word[0] <= 'z';
    const auto letter = has_letter ? static_cast<std::size_t>(word[0] - 'a') : 0;
    const auto* first = vocabulary.begin() + (has_letter ? letter_begins[letter] : 0);
    const auto* last = has_letter ? vocabulary.begin() + letter_begins[letter + 1] : vocabulary.end();
    const auto* found = std::lower_bound(first, last, word, [has_letter](const entry& one, std::string_view key) {
            // Of those with the same first letter most are told apart by the second.
        const char second = key.size() > 1 ? key[1] : '\0';
        const char own = one.first.size() > 1 ? one.first[1] : '\0';
        return has_letter && own != second ? static_cast<unsigned char>(own) < static_cast<unsigned char>(second)
                                           : one.first < key;
    });
    return found != last && found->first == word ? found->second : 0;
}

/// The suffix of a word that begins with digits and separators between digits.
std::uint32_t counted(std::string_view word) {
    std::size_t end = 0;
    bool has_colon = false;
    int separators = 0;
    while (end < word.size() && (is_digit(word[end]) || (end > 0 && std::string_view{":./"}.contains(word[end])))) {
        has_colon = has_colon || word[end] == ':';
        separators += is_digit(word[end]) ? 0 : 1;
        ++end;
    }
    const std::string_view suffix = word.substr(end);
    constexpr auto is_one = [](std::string_view key, auto... keys) { return ((key == std::string_view{keys}) || ...); };
    if (suffix.empty())
        return has_colon ? clock_mark : separators == 0 ? number_mark : digits_mark;
    if (is_one(suffix, "am", "pm", "a", "p", "a.m", "p.m", "ish"))
        return clock_mark;
    if (is_one(suffix, "st", "nd", "rd", "th"))
        return ordinal_mark;
    if (is_one(suffix, "h", "hr", "hrs", "m", "min", "mins", "d", "w", "wk", "wks", "mo", "mos", "y", "yr", "yrs",
               "hours", "minutes", "days", "weeks", "months", "years"))
        return length_mark;
    if (is_one(suffix, "x"))
        return adverb_mark;
    return suffix.size() > 1 && suffix[0] == 'h' && is_digit(suffix[1]) ? length_mark : 0;  // 1h30
}

std::string_view trimmed(std::string_view word) {
    constexpr std::string_view around = "()[]{}<>*_~'\",.;:!?@";
    const std::size_t first = word.find_first_not_of(around);
    if (first == word.npos)
        return word;
    word = word.substr(first, word.find_last_not_of(around) + 1 - first);
    for (const std::string_view quote : {"‘", "’"}) {
        if (word.starts_with(quote))
            word.remove_prefix(quote.size());
        if (word.ends_with(quote))
            word.remove_suffix(quote.size());
    }
    for (const std::string_view owner : {"'s", "’s"})
        if (word.size() > owner.size() && word.ends_with(owner))
            word.remove_suffix(owner.size());
    return word;
}

std::uint32_t marks_of_piece(std::string_view piece) {
    return !piece.empty() && is_digit(piece[0]) ? counted(piece) : named(piece);
}

/// What words of several pieces may be: `mon/wed`, `2pm-3pm`, `12-1-2026`, but nothing of `mother-in-law`.
std::uint32_t marks_of_pieces(std::string_view word, std::size_t separator) {
    std::uint32_t all = 0;
    bool has_digits_only = true;
    int pieces = 0;
    while (!word.empty()) {
        const std::size_t end = std::min(separator, word.size());
        const std::string_view piece = word.substr(0, end);
        const std::uint32_t marks = marks_of_piece(piece);
        if (!piece.empty() && marks == 0)
            return 0;
        has_digits_only = has_digits_only && (marks & number_mark) != 0 && is_digit(piece[0]);
        all |= marks;
        ++pieces;
        const bool is_dash = word.substr(end).starts_with("–") || word.substr(end).starts_with("—");
        word.remove_prefix(std::min(end + (is_dash ? 3 : 1), word.size()));
        const std::size_t next = word.find_first_of("-,/&+.");
        separator = std::min(next, std::min(word.find("–"), word.find("—")));
    }
    all &= ~static_cast<std::uint32_t>(link_mark | thing_mark);
    return pieces > 2 && has_digits_only ? digits_mark : all;
}

}  // namespace

std::uint32_t marks_of(std::string_view word) {
    if (const std::uint32_t known = word.empty() || is_digit(word[0]) ? 0 : named(word))
        return known;
    if (std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; }))
        return 0;
    const std::string_view core = trimmed(word);
    if (core.size() >= 10 && is_digit(core[0]) && core[4] == '-' && core[7] == '-')
        return digits_mark;  // 2027-01-31T09:00
    if (const std::uint32_t known = marks_of_piece(core))
        return known;
    const std::size_t separator = std::min(core.find_first_of("-,/&+."), std::min(core.find("–"), core.find("—")));
    return separator == core.npos ? 0 : marks_of_pieces(core, separator);
}

}  // namespace rondo::quick
