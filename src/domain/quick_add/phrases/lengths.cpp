#include "domain/quick_add/phrases/lengths.hpp"

#include <algorithm>
#include <charconv>

#include "domain/quick_add/phrases/marks.hpp"

namespace rondo::quick {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year;
using std::chrono::year_month_day;

// A number outside of these years is no year.
constexpr local_days first_day{year{1900} / 1 / 1};
constexpr local_days last_day{year{2199} / 12 / 31};

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == text.npos;
}

int number_of(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<unit> counted_unit(std::string_view key) {
    for (const std::string_view apostrophe : {"'", "’"})  // "two weeks' time"
        if (key.ends_with(apostrophe))
            key.remove_suffix(apostrophe.size());
    return is_one_of(key, "fortnight", "fortnights") ? std::optional{unit::weeks} : unit_in(key);
}

/// So many halves of a unit; whether that is a whole number of minutes, days or months.
bool add(said_length& to, int halves, unit of, bool is_fortnight) {
    halves *= is_fortnight ? 2 : 1;
    switch (of) {
        case unit::minutes:
            to.minutes += halves / 2;
            return halves % 2 == 0;
        case unit::hours:
            to.minutes += 30 * halves;
            return true;
        case unit::days:
            to.days += halves / 2;
            return halves % 2 == 0;
        case unit::weeks:
            to.days += 7 * (halves / 2);
            return halves % 2 == 0;
        case unit::months:
            to.months += halves / 2;
            return halves % 2 == 0;
        case unit::quarters:
            to.months += 3 * (halves / 2);
            return halves % 2 == 0;
        case unit::years:
            to.months += 6 * halves;
            return true;
    }
    return false;
}

/// `1h`, `1.5h`, `1h30`, `1h30m`, `90min`, `2d`, `3w`
bool add_glued(said_length& to, std::string_view key) {
    const std::size_t end = key.find_first_not_of("0123456789");
    if (end == 0 || end == key.npos || !is_number(key.substr(0, end)))
        return false;
    const int number = number_of(key.substr(0, end));
    std::string_view rest = key.substr(end);
    if (is_one_of(rest, "min", "mins", "minutes"))
        return add(to, 2 * number, unit::minutes, false);
    if (is_one_of(rest, "d", "days"))
        return add(to, 2 * number, unit::days, false);
    if (is_one_of(rest, "w", "wk", "wks", "weeks"))
        return add(to, 2 * number, unit::weeks, false);
    if (is_one_of(rest, "mo", "mos", "mth", "mths", "months"))
        return add(to, 2 * number, unit::months, false);
    if (is_one_of(rest, "y", "yr", "yrs", "years"))
        return add(to, 2 * number, unit::years, false);
    if (is_one_of(rest, "h", "hr", "hrs", "hours"))
        return add(to, 2 * number, unit::hours, false);
    if (is_one_of(rest, ".5h", ".5hr", ".5hrs", ",5h"))
        return add(to, 2 * number + 1, unit::hours, false);
    if (!rest.starts_with('h'))
        return false;
    rest.remove_prefix(1);
    if (rest.ends_with('m'))
        rest.remove_suffix(1);
    if (!is_number(rest) || rest.size() > 2)
        return false;
    to.minutes += 60 * number + number_of(rest);
    return true;
}

bool is_half_behind(phrase words, std::size_t i) {
    return key_of(words, i) == "and" && key_of(words, i + 1) == "a" && key_of(words, i + 2) == "half";
}

/// `a quarter of an hour`, `three quarters of an hour`, `a quarter hour`: so many words.
std::size_t add_quarters(said_length& to, phrase words) {
    const std::string_view key = key_of(words, 0);
    const std::size_t at = is_one_of(key, "a", "three", "3") ? 1 : 0;
    const bool is_three = at == 1 && key != "a";
    if (key_of(words, at) != (is_three ? "quarters" : "quarter"))
        return 0;
    std::size_t taken = at + 1;
    if (key_of(words, taken) == "of" && is_one_of(key_of(words, taken + 1), "an", "a"))
        taken += 2;
    if (!is_one_of(key_of(words, taken), "hour"))
        return 0;
    to.minutes += is_three ? 45 : 15;
    return taken + 1;
}

/// One number and its unit: so many words, 0 for none or for a part of a day.
std::size_t add_term(said_length& to, phrase words) {
    const std::string_view key = key_of(words, 0);
    if (add_glued(to, key))
        return 1;
    const auto unit_at = [&](std::size_t i) { return counted_unit(key_of(words, i)); };
    const auto is_fortnight = [&](std::size_t i) { return key_of(words, i).starts_with("fortnight"); };
    if (key == "half") {
        const std::size_t at = is_one_of(key_of(words, 1), "a", "an") ? 2 : 1;
        const auto of = unit_at(at);
        return of && add(to, 1, *of, is_fortnight(at)) ? at + 1 : 0;
    }
    if (const std::size_t quarters = add_quarters(to, words); quarters != 0)
        return quarters;
    std::size_t at = 1;
    int halves = 0;
    if (is_one_of(key, "a", "an") && key_of(words, 1) == "half") {
        halves = 1;  // "a half hour"
        at = 2;
    } else if (key.size() > 2 && (key.ends_with(".5") || key.ends_with(",5")) &&
               is_number(key.substr(0, key.size() - 2))) {
        halves = 2 * number_of(key.substr(0, key.size() - 2)) + 1;
    } else if (const auto count = count_in(key)) {
        halves = 2 * *count;
        if (is_half_behind(words, 1)) {
            ++halves;
            at = 4;
        }
    }
    const auto of = halves != 0 ? unit_at(at) : std::nullopt;
    if (!of)
        return 0;
    if (is_half_behind(words, at + 1) && !unit_at(at + 4)) {
        ++halves;
        return add(to, halves, *of, is_fortnight(at)) ? at + 4 : 0;
    }
    return add(to, halves, *of, is_fortnight(at)) ? at + 1 : 0;
}

}  // namespace

said_length length_in(phrase words) {
    constexpr std::uint32_t of_length = number_mark | digits_mark | length_mark | fraction_mark;
    if ((marks_at(words, 0) & of_length) == 0 && !is_one_of(key_of(words, 0), "a", "an"))
        return {};
    // "1 1", "a house"
    if ((marks_at(words, 0) & (length_mark | fraction_mark)) == 0 &&
        (marks_at(words, 1) & (unit_mark | fraction_mark | link_mark)) == 0)
        return {};
    said_length found;
    const std::size_t first = add_term(found, words);
    if (first == 0)
        return {};
    found.words = first;
    for (int terms = 1; terms < 4; ++terms) {
        const std::size_t at = found.words + (key_of(words, found.words) == "and" ? 1 : 0);
        said_length longer = found;
        const std::size_t taken = add_term(longer, behind(words, at));
        if (taken == 0)
            break;
        found = longer;
        found.words = at + taken;
    }
    return found;
}

std::optional<local_days> later(local_days day_from, int n, unit of) {
    if (of == unit::days || of == unit::weeks) {
        const local_days found = day_from + days{of == unit::weeks ? 7 * n : n};
        return found >= first_day && found <= last_day ? std::optional{found} : std::nullopt;
    }
    const year_month_day date{day_from};
    const int ahead = of == unit::years ? 12 * n : of == unit::quarters ? 3 * n : n;
    const auto in = date.year() / date.month() + months{ahead};
    const local_days found{in / std::min(date.day(), (in / std::chrono::last).day())};
    return found >= first_day && found <= last_day ? std::optional{found} : std::nullopt;
}

std::optional<local_days> later(local_days day, const said_length& length, int sign) {
    const auto month = length.months == 0 ? std::optional{day} : later(day, sign * length.months, unit::months);
    return month ? later(*month, sign * length.days, unit::days) : std::nullopt;
}

}  // namespace rondo::quick
