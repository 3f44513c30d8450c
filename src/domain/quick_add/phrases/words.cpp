#include "domain/quick_add/phrases/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "domain/quick_add/phrases/marks.hpp"
#include "domain/tag.hpp"
#include "domain/white_space.hpp"

namespace rondo::quick {

namespace {

using std::chrono::month;
using std::chrono::weekday;

constexpr std::string_view left_quote = "\xe2\x80\x9c";   // “
constexpr std::string_view right_quote = "\xe2\x80\x9d";  // ”

/// Bytes of the double quote that `text` begins with, straight or curly.
std::size_t leading_quote(std::string_view text) {
    if (text.starts_with('"'))
        return 1;
    return text.starts_with(left_quote) || text.starts_with(right_quote) ? left_quote.size() : 0;
}

bool is_between(char c, char first, char last) {
    return c >= first && c <= last;
}

std::string lower_case(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        c = is_between(c, 'A', 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_digit(char c) {
    return is_between(c, '0', '9');
}

/// A tag's name in what follows the #: not a number alone, which is an issue's or a house's.
bool is_tag_name(std::string_view name) {
    return !name.empty() && name.find('#') == name.npos && count_characters(name) <= tag_name_max &&
           !std::ranges::all_of(name, is_digit);
}

std::string_view without_closing(std::string_view text) {
    while (!text.empty() && std::string_view{",.;:!?"}.find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

std::string_view trimmed_spaces(std::string_view text) {
    while (const std::size_t space = leading_space(text))
        text.remove_prefix(space);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

class splitter {
public:
    explicit splitter(std::string_view line) : line_{line} {}

    std::vector<word> split() {
        std::vector<word> words;
        words.reserve(line_.size() / 4 + 2);
        while (at_ < line_.size()) {
            if (const std::size_t space = is_plain(line_[at_]) ? 0 : leading_space(line_.substr(at_)))
                at_ += space;
            else
                words.push_back(next());
        }
        return words;
    }

private:
    word next() {
        const std::string_view rest = line_.substr(at_);
        const std::size_t begin = at_;
        if (leading_quote(rest) != 0)
            if (const std::size_t end = end_of_quoted(at_)) {
                at_ = end_of_word(end);
                return plain(begin);
            }
        if (rest.starts_with('#') && leading_quote(rest.substr(1)) != 0)
            if (const std::size_t end = end_of_quoted(at_ + 1))
                return quoted_tag(begin, end);
        at_ = end_of_word(at_);
        const std::string_view text = line_.substr(begin, at_ - begin);
        if (text.size() > 1 && text[0] == '\\' && text[1] != '\\') {
            word escaped = plain(begin);
            escaped.text.erase(0, 1);
            return escaped;
        }
        return readable(begin, text);
    }

    /// Behind the quote that closes the one at `open`; 0 when there is none.
    std::size_t end_of_quoted(std::size_t open) {
        if (open >= no_quote_after_)
            return 0;
        for (std::size_t i = open + leading_quote(line_.substr(open)); i < line_.size(); ++i)
            if (const std::size_t quote = leading_quote(line_.substr(i)))
                return i + quote;
        no_quote_after_ = open;
        return 0;
    }

    /// Most characters are, and no white space.
    static bool is_plain(char c) { return c > ' ' && c < 0x7f; }

    std::size_t end_of_word(std::size_t from) const {
        while (from < line_.size() && (is_plain(line_[from]) || leading_space(line_.substr(from)) == 0))
            ++from;
        return from;
    }

    word plain(std::size_t begin) const {
        return {.at = begin, .length = at_ - begin, .text = std::string{line_.substr(begin, at_ - begin)}};
    }

    /// #"two words", up to `end`; title when it has no name.
    word quoted_tag(std::size_t begin, std::size_t end) {
        at_ = end_of_word(end);
        word made = plain(begin);
        const std::string_view quoted = line_.substr(begin + 1, end - begin - 1);
        const std::size_t open = leading_quote(quoted);
        const std::size_t close = quoted.ends_with('"') ? 1 : right_quote.size();
        const std::string_view name = trimmed_spaces(quoted.substr(open, quoted.size() - open - close));
        if (without_closing(line_.substr(end, at_ - end)).empty() && is_tag_name(name))
            made.tag = name;
        return made;
    }

    word readable(std::size_t begin, std::string_view text) const {
        word made = plain(begin);
        made.is_name = is_between(text[0], 'A', 'Z') && text.size() > 1 && is_between(text[1], 'a', 'z');
        made.key = lower_case(text);
        made.marks = marks_of(made.key);
        if (made.key == "every!" || made.key == "each!")
            return made;
        const std::string_view key = without_closing(made.key);
        const std::string_view closing = std::string_view{made.key}.substr(key.size());
        made.ends_phrase = !closing.empty() && closing.back() != ',';  // "at 9 p.m., about the cake"
        if (closing == "." && (month_in(key) || weekday_in(key)))
            made.ends_phrase = false;  // "jan. 31"
        if (closing.find('?') != closing.npos) {
            made.key.clear();  // a question is not an order
            return made;
        }
        made.key = std::string{key};
        if (made.key.starts_with('#') && is_tag_name(text.substr(1, made.key.size() - 1)))
            made.tag = text.substr(1, made.key.size() - 1);
        return made;
    }

    std::string_view line_;
    std::size_t at_ = 0;
    std::size_t no_quote_after_ = std::string_view::npos;
};

template <class Value, std::size_t N>
std::optional<Value> value_of(const std::array<std::pair<std::string_view, Value>, N>& names, std::string_view key) {
    const auto* found = std::ranges::find_if(
        names, [key](const auto& one) { return one.first.front() == key.front() && one.first == key; });
    return found == names.end() ? std::nullopt : std::optional{found->second};
}

std::optional<int> digits_in(std::string_view text, std::size_t length_max) {
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits = failed == std::errc{} && end == text.data() + text.size() && text.size() <= length_max &&
                      is_digit(text.front());
    return fits ? std::optional{value} : std::nullopt;
}

/// Weekdays as bits, Monday the lowest.
using day_set = unsigned;

unsigned from_monday(weekday day) {
    return day.iso_encoding() - 1;
}

day_set range_of(weekday first, weekday last) {
    day_set days = 0;
    for (weekday day = first;; ++day) {
        days |= 1u << from_monday(day);
        if (day == last)
            return days;
    }
}

constexpr std::string_view en_dash = "–";

/// The day that a word names: in a list of the one form, of the other, or of both.
std::optional<weekday> named_day(std::string_view key, day_names which) {
    if (which != day_names::plural)
        if (const auto found = weekday_in(key))
            return found->day;
    return which == day_names::singular ? std::nullopt : weekdays_plural_in(key);
}

/// One word of a list: `mon`, `mon,wed`, `mon/wed`, `mon&wed`, `mon-fri`.
std::optional<day_set> day_set_in(std::string_view key, day_names which, bool& has_range) {
    if (key.empty() || !is_between(key.front(), 'a', 'z'))
        return std::nullopt;
    day_set days = 0;
    while (!key.empty()) {
        const std::size_t end = std::min(key.find_first_of(",/&+"), key.size());
        const std::string_view item = key.substr(0, end);
        const std::size_t dash = std::min(item.find('-'), item.find(en_dash));
        const auto first = named_day(item.substr(0, dash), which);
        const std::size_t wide = dash < item.size() && item[dash] != '-' ? en_dash.size() : 1;
        const auto last = dash == item.npos ? first : named_day(item.substr(dash + wide), which);
        if (!first || !last)
            return std::nullopt;
        has_range = has_range || dash != item.npos;
        days |= range_of(*first, *last);
        key.remove_prefix(std::min(end + 1, key.size()));
    }
    return days == 0 ? std::nullopt : std::optional{days};
}

bool joins(std::string_view key) {
    return is_one_of(key, "and", "&", "+", "/", ",");
}

}  // namespace

std::vector<word> split_words(std::string_view line) {
    return splitter{line}.split();
}

std::optional<int> number_in(std::string_view key) {
    static constexpr std::array<std::pair<std::string_view, int>, 24> names{
        {{"one", 1},       {"two", 2},       {"three", 3},    {"four", 4},     {"five", 5},       {"six", 6},
         {"seven", 7},     {"eight", 8},     {"nine", 9},     {"ten", 10},     {"eleven", 11},    {"twelve", 12},
         {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18},
         {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},  {"forty", 40},   {"fifty", 50},     {"sixty", 60}}};
    if (key.empty() || (!is_digit(key[0]) && (key.size() < 3 || std::string_view{"otfsen"}.find(key[0]) == key.npos)))
        return std::nullopt;
    const auto value = is_digit(key.front()) ? digits_in(key, 4) : value_of(names, key);
    return value && *value > 0 ? value : std::nullopt;
}

std::optional<int> count_in(std::string_view key) {
    return is_one_of(key, "a", "an") ? std::optional{1} : number_in(key);
}

std::optional<int> numbered_ordinal_in(std::string_view key) {
    if (key.size() < 3 || key.size() > 4)
        return std::nullopt;
    const auto value = digits_in(key.substr(0, key.size() - 2), 2);
    if (!value || *value < 1 || *value > 31)
        return std::nullopt;
    const bool teens = *value / 10 == 1;
    const int last = *value % 10;
    const std::string_view suffix = teens ? "th" : last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th";
    return key.ends_with(suffix) ? value : std::nullopt;
}

std::optional<int> ordinal_in(std::string_view key) {
    static constexpr std::array<std::pair<std::string_view, int>, 33> names{
        {{"last", -1},          {"first", 1},         {"second", 2},         {"third", 3},
         {"fourth", 4},         {"fifth", 5},         {"sixth", 6},          {"seventh", 7},
         {"eighth", 8},         {"ninth", 9},         {"tenth", 10},         {"eleventh", 11},
         {"twelfth", 12},       {"thirteenth", 13},   {"fourteenth", 14},    {"fifteenth", 15},
         {"sixteenth", 16},     {"seventeenth", 17},  {"eighteenth", 18},    {"nineteenth", 19},
         {"twentieth", 20},     {"twenty-first", 21}, {"twenty-second", 22}, {"twenty-third", 23},
         {"twenty-fourth", 24}, {"twenty-fifth", 25}, {"twenty-sixth", 26},  {"twenty-seventh", 27},
         {"twenty-eighth", 28}, {"twenty-ninth", 29}, {"thirtieth", 30},     {"thirty-first", 31},
         {"penultimate", -2}}};
    if (key.size() < 3 || (!is_digit(key[0]) && std::string_view{"lfstenp"}.find(key[0]) == key.npos))
        return std::nullopt;
    const auto numbered = numbered_ordinal_in(key);
    return numbered || is_digit(key[0]) ? numbered : value_of(names, key);
}

place_in_row place_in(phrase words) {
    if ((marks_at(words, 0) & (place_mark | ordinal_mark)) == 0)
        return {};
    const std::string_view key = key_of(words, 0);
    if (key == "next" && key_of(words, 1) == "to" && key_of(words, 2) == "last")
        return {3, -2, false};
    if (key == "last" && key_of(words, 1) == "but" && is_one_of(key_of(words, 2), "one", "two"))
        return {3, key_of(words, 2) == "one" ? -2 : -3, false};
    if (key.ends_with("-to-last") || key.ends_with("-last")) {
        const auto counted = ordinal_in(key.substr(0, key.find('-')));
        const bool is_next = key == "next-to-last";
        return is_next || (counted && *counted > 1) ? place_in_row{1, is_next ? -2 : -*counted, false} : place_in_row{};
    }
    const auto value = ordinal_in(key);
    if (!value)
        return {};
    const bool in_digits = numbered_ordinal_in(key).has_value();
    if (*value > 1 && key_of(words, 1) == "last")
        return {2, -*value, in_digits};
    if (*value > 1 && key_of(words, 1) == "to" && key_of(words, 2) == "last")
        return {3, -*value, in_digits};
    return {1, *value, in_digits};
}

std::optional<unit> unit_in(std::string_view key) {
    if (key.size() < 2 || std::string_view{"mhdwqy"}.find(key[0]) == key.npos)
        return std::nullopt;
    static constexpr std::array<std::pair<std::string_view, unit>, 21> names{
        {{"minute", unit::minutes},   {"minutes", unit::minutes},   {"min", unit::minutes},  {"mins", unit::minutes},
         {"hour", unit::hours},       {"hours", unit::hours},       {"hr", unit::hours},     {"hrs", unit::hours},
         {"day", unit::days},         {"days", unit::days},         {"week", unit::weeks},   {"weeks", unit::weeks},
         {"wk", unit::weeks},         {"wks", unit::weeks},         {"month", unit::months}, {"months", unit::months},
         {"quarter", unit::quarters}, {"quarters", unit::quarters}, {"year", unit::years},   {"years", unit::years},
         {"yrs", unit::years}}};
    return value_of(names, key);
}

std::optional<month> month_in(std::string_view key) {
    static constexpr std::array<std::string_view, 12> names{"january",   "february", "march",    "april",
                                                            "may",       "june",     "july",     "august",
                                                            "september", "october",  "november", "december"};
    if (key.size() < 3 || std::string_view{"jfmasond"}.find(key[0]) == key.npos)
        return std::nullopt;
    if (key == "sept")
        return std::chrono::September;
    for (unsigned i = 0; i < names.size(); ++i)
        if (names[i][0] == key[0] && (key == names[i] || (key.size() == 3 && names[i].starts_with(key))))
            return month{i + 1};
    return std::nullopt;
}

std::optional<weekday_name> weekday_in(std::string_view key) {
    if (key.size() < 3 || std::string_view{"smtwf"}.find(key[0]) == key.npos)
        return std::nullopt;
    static constexpr std::array<std::string_view, 7> names{"sunday",   "monday", "tuesday", "wednesday",
                                                           "thursday", "friday", "saturday"};
    for (unsigned i = 0; i < names.size(); ++i) {
        if (names[i][0] != key[0])
            continue;
        const bool is_short = key.size() == 3 && names[i].starts_with(key);
        if (key == names[i] || is_short)
            return weekday_name{weekday{i}, is_short, is_one_of(key, "sun", "sat", "wed")};
    }
    if (key == "tues")
        return weekday_name{std::chrono::Tuesday, true, false};
    if (key == "weds")
        return weekday_name{std::chrono::Wednesday, true, false};
    if (is_one_of(key, "thur", "thurs"))
        return weekday_name{std::chrono::Thursday, true, false};
    return std::nullopt;
}

std::optional<weekday> weekdays_plural_in(std::string_view key) {
    if (!key.ends_with("days"))
        return std::nullopt;
    const auto found = weekday_in(key.substr(0, key.size() - 1));
    return found ? std::optional{found->day} : std::nullopt;
}

weekday_list weekday_list_in(phrase words, day_names which) {
    weekday_list list;
    if ((marks_at(words, 0) & weekday_mark) == 0)
        return list;
    day_set days = 0;
    words = words.first(std::min(words.size(), list_words_max));
    for (std::size_t i = 0; i < words.size();) {
        const std::string_view key = key_of(words, i);
        const auto first = named_day(key, which);
        const auto last = first ? named_day(key_of(words, i + 2), which) : std::nullopt;
        if (last && is_one_of(key_of(words, i + 1), "to", "through", "thru", "-", "–", "—")) {
            days |= range_of(*first, *last);
            list.has_range = true;
            list.words = i += 3;
        } else if (const auto named = day_set_in(key, which, list.has_range)) {
            days |= *named;
            list.words = ++i;
        } else if (list.words == i && i > 0 && joins(key)) {
            ++i;
        } else {
            break;
        }
    }
    for (unsigned i = 0; i < 7; ++i)
        if ((days & (1u << i)) != 0)
            list.days.emplace_back(i == 6 ? 0 : i + 1);
    return list;
}

month_list month_list_in(phrase words) {
    month_list list;
    if ((marks_at(words, 0) & month_mark) == 0)
        return list;
    words = words.first(std::min(words.size(), list_words_max));
    for (std::size_t i = 0; i < words.size();) {
        const std::string_view key = key_of(words, i);
        if (const auto named = month_in(key)) {
            list.months.push_back(static_cast<int>(unsigned{*named}));
            list.words = ++i;
        } else if (list.words == i && i > 0 && joins(key)) {
            ++i;
        } else {
            break;
        }
    }
    std::ranges::sort(list.months);
    list.months.erase(std::ranges::unique(list.months).begin(), list.months.end());
    return list;
}

}  // namespace rondo::quick
