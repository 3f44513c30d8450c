// The phrases of a day of the calendar.

#include <algorithm>
#include <array>
#include <charconv>

#include "base/rfc3339.hpp"
#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/lengths.hpp"
#include "domain/quick_add/phrases/marks.hpp"

namespace rondo::quick {

namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;
using std::chrono::years;

constexpr local_days first_day{year{1900} / 1 / 1};
constexpr local_days last_day{year{2199} / 12 / 31};

std::optional<int> day_number_in(std::string_view key) {
    const auto ordinal = numbered_ordinal_in(key);
    const auto number =
        ordinal || key.size() > 2 || key.empty() || key[0] < '0' || key[0] > '9' ? std::nullopt : number_in(key);
    const auto found = ordinal ? ordinal : number;
    return found && *found <= 31 ? found : std::nullopt;
}

/// `first` to `thirty-first`
std::optional<int> day_word_in(std::string_view key) {
    const auto found = ordinal_in(key);
    return found && *found > 0 && !numbered_ordinal_in(key) ? found : std::nullopt;
}

/// The next 29 February may be eight years away, and 30 February never comes.
std::optional<local_days> next_date(month of, int number, local_days today) {
    const year this_year = year_month_day{today}.year();
    for (int ahead = 0; ahead <= 8; ++ahead) {
        const year_month_day date = (this_year + years{ahead}) / of / day{static_cast<unsigned>(number)};
        if (date.ok() && local_days{date} >= today)
            return local_days{date};
    }
    return std::nullopt;
}

said_day exactly(year in, month of, int number, std::size_t words) {
    const year_month_day date = in / of / day{static_cast<unsigned>(number)};
    return date.ok() ? said_day{.words = words, .day = local_days{date}, .is_named = true} : said_day{};
}

/// A month and its day, with the year that may follow.
said_day dated(month of, int number, phrase after, std::size_t words, const context& when) {
    if (const auto in_year = year_in(key_of(after, 0)))
        return exactly(*in_year, of, number, words + 1);
    const auto date = next_date(of, number, when.today);
    return date ? said_day{.words = words, .day = *date, .is_named = true} : said_day{};
}

/// `2027-01-31`, `2027-01-31T09:00`
said_day iso_day_in(std::string_view key, const context& when) {
    if (key.size() < 10 || key.size() > 35 || key[4] != '-')
        return {};
    const auto read = parse_date_or_time(key);
    if (!read)
        return {};
    if (const auto* date = std::get_if<local_days>(&*read))
        return *date < first_day || *date > last_day ? said_day{}
                                                     : said_day{.words = 1, .day = *date, .is_named = true};
    const auto* wall = std::get_if<local_seconds>(&*read);
    const local_seconds at = wall != nullptr ? *wall : when.zone.to_wall(floor<seconds>(std::get<instant>(*read)));
    const local_days date = floor<days>(at);
    if (date < first_day || date > last_day)
        return {};
    const auto minute = std::chrono::duration_cast<minutes>(at - date).count();
    return {.words = 1,
            .day = date,
            .clock = clock_time{.hour = static_cast<int>(minute / 60), .minute = static_cast<int>(minute % 60)},
            .is_named = true};
}

/// The numbers between the separators of a word, two or three, and the separator.
struct digit_groups : digit_groups_of_date {
    char separator = '\0';
};

digit_groups groups_in(std::string_view key) {
    digit_groups found{};
    while (found.count < 3) {
        const std::size_t end = std::min(key.find_first_not_of("0123456789"), key.size());
        if (end == 0 || end > 4)
            return {};
        std::from_chars(key.data(), key.data() + end, found.value[found.count]);
        found.length[found.count++] = end;
        if (end == key.size())
            return found;
        const char separator = key[end];
        if (std::string_view{"/.-"}.find(separator) == std::string_view::npos ||
            (found.count > 1 && separator != found.separator))
            return {};
        found.separator = separator;
        key.remove_prefix(end + 1);
        if (key.empty())  // "24.12." whose last full stop is still there
            return separator == '.' ? found : digit_groups{};
    }
    return {};
}

/// What is counted or compared with a `/`: "1/2 cup", "24/7".
bool is_fraction(phrase words) {
    return key_of(words, 0) == "24/7" ||
           is_one_of(key_of(words, 1), "cup", "cups", "pound", "pounds", "lb", "oz", "ounce", "tsp", "tbsp", "teaspoon",
                     "tablespoon", "inch", "inches", "mile", "miles", "hour", "price", "of", "off", "dozen", "pint",
                     "liter", "litre", "liters", "litres", "kg", "full", "done", "time", "day", "way", "share", "size");
}

/// `12/1`, `24.12.2026`, `24.12.`: in the order of the locale. Nothing without one, or when there is no such day in it.
said_day digits_day_in(phrase words, const context& when) {
    const auto groups = digits_date_in(words);
    if (!groups || !when.order)
        return {};
    if (groups->count == 2) {
        const std::size_t month_at = when.order->month_first ? 0 : 1;
        const month of{static_cast<unsigned>(groups->value[month_at])};
        if (!of.ok() || groups->value[1 - month_at] < 1)
            return {};
        const auto date = next_date(of, groups->value[1 - month_at], when.today);
        return date ? said_day{.words = 1, .day = *date, .counts = condition::before_end_or_link, .is_named = true}
                    : said_day{};
    }
    std::array<std::size_t, 3> at{};  // of year, month, day
    if (groups->length[0] == 4 || (when.order->whole == date_order::kind::year_month_day && groups->length[2] != 4))
        at = {0, 1, 2};
    else if (when.order->whole == date_order::kind::year_month_day)
        return {};
    else if (when.order->whole == date_order::kind::month_day_year)
        at = {2, 0, 1};
    else
        at = {2, 1, 0};
    const int in = groups->value[at[0]] + (groups->length[at[0]] == 2 ? 2000 : 0);
    const month of{static_cast<unsigned>(groups->value[at[1]])};
    const int number = groups->value[at[2]];
    if (in < 2000 || in > 2199 || !of.ok() || number < 1 || number > 31)
        return {};
    return exactly(year{in}, of, number, 1);
}

/// The month that `of`, `in` or `on` leads to: `of the month`, `of next month`, `in march 2027`.
struct named_month {
    std::size_t words = 0;
    std::optional<month> of{};  ///< none: this month or the next
    std::optional<year> in{};
    int ahead = 0;  ///< months from this one
    bool is_fixed = false;  ///< this or next month: no later one will do
};

named_month month_behind(phrase words) {
    const bool has_of = is_one_of(key_of(words, 0), "of", "in");
    std::size_t at = has_of ? 1 : 0;
    if (key_of(words, at) == "month" && key_of(words, 0) == "of")
        return {.words = at + 1};
    const std::string_view which = key_of(words, at);
    if (is_one_of(which, "the", "this", "next") && key_of(words, at + 1) == "month" && (has_of || which != "the"))
        return {.words = at + 2, .ahead = which == "next" ? 1 : 0, .is_fixed = which != "the"};
    const auto of = has_of ? month_in(key_of(words, at)) : std::nullopt;
    if (!of)
        return {};
    const auto in = year_in(key_of(words, at + 1));
    return {.words = at + (in ? 2 : 1), .of = of, .in = in, .is_fixed = in.has_value()};
}

/// The first day from today on that `find` has in the months that are meant.
template <class Find>
std::optional<local_days> next_in(const named_month& meant, const context& when, int months_ahead, Find find) {
    const year_month_day today{when.today};
    year_month in =
        meant.of ? meant.in.value_or(today.year()) / *meant.of : today.year() / today.month() + months{meant.ahead};
    const int step = meant.of ? 12 : 1;
    for (int tries = 0; tries <= (meant.is_fixed ? 0 : months_ahead); ++tries, in += months{step})
        if (const auto found = find(in); found && *found >= when.today && *found <= last_day)
            return found;
    return std::nullopt;
}

/// The n-th of the days of a month that are wanted, from its end with a negative n.
template <class Wanted>
std::optional<local_days> placed_in(year_month in, int n, Wanted wanted) {
    const local_days first{in / 1};
    const local_days last{in / std::chrono::last};
    int seen = 0;
    const int step = n > 0 ? 1 : -1;
    for (local_days at = n > 0 ? first : last; at >= first && at <= last; at += days{step})
        if (wanted(weekday{at}) && ++seen == n * step)
            return at;
    return std::nullopt;
}

}  // namespace

std::optional<digit_groups_of_date> digits_date_in(phrase words) {
    if (words.empty() || (words[0].marks & (digits_mark | number_mark)) == 0)
        return std::nullopt;
    const std::string_view key = words[0].key;
    const digit_groups groups = groups_in(key);
    if (groups.count < 2)
        return std::nullopt;
    const auto may_be = [&](std::size_t i, int most) { return groups.length[i] <= 2 && groups.value[i] <= most; };
    if (groups.count == 2) {
        const bool has_stop = words[0].text.ends_with('.') && groups.separator == '.';
        const bool fits = may_be(0, 31) && may_be(1, 31) && groups.value[0] > 0 && groups.value[1] > 0 &&
                          std::min(groups.value[0], groups.value[1]) <= 12;
        if (!fits || !(groups.separator == '/' || has_stop) || is_fraction(words))
            return std::nullopt;
    } else if (groups.length[0] != 4 && groups.length[2] != 4) {
        const bool two = groups.length[0] == 2 || groups.length[2] == 2;
        if (!two || groups.length[1] > 2 || groups.length[2] == 3 || groups.separator == '-')
            return std::nullopt;
    } else if (groups.length[1] > 2 || groups.length[groups.length[0] == 4 ? 2 : 0] > 2) {
        return std::nullopt;
    }
    return groups;
}

local_days next_weekday(local_days today, weekday wanted) {
    return today + days{1} + (wanted - weekday{today + days{1}});
}

local_days month_end(local_days at) {
    const year_month_day date{at};
    return local_days{date.year() / date.month() / std::chrono::last};
}

std::optional<year> year_in(std::string_view key) {
    const auto number = key.size() == 4 && key[0] == '2' ? number_in(key) : std::nullopt;
    return number && year{*number} <= year_month_day{last_day}.year() ? std::optional{year{*number}} : std::nullopt;
}

std::size_t working_day_in(phrase words) {
    if (is_one_of(key_of(words, 0), "weekday", "workday"))
        return 1;
    return is_one_of(key_of(words, 0), "business", "working", "work", "week") && key_of(words, 1) == "day" ? 2 : 0;
}

said_day calendar_day_in(phrase words, const context& when) {
    const std::string_view key = key_of(words, 0);
    constexpr std::uint32_t of_date = month_mark | number_mark | ordinal_mark | place_mark | digits_mark;
    if (key.empty() || ((marks_at(words, 0) & of_date) == 0 && key.size() < 10))
        return {};
    if (const said_day iso = iso_day_in(key, when); iso.words != 0)
        return iso;
    if (const said_day digits = digits_day_in(words, when); digits.words != 0)
        return digits;
    if (const auto in = year_in(key)) {  // "2027 march 18", "2027, 18 march"
        const bool month_leads = month_in(key_of(words, 1)).has_value();
        const auto of = month_in(key_of(words, month_leads ? 1 : 2));
        const auto number = day_number_in(key_of(words, month_leads ? 2 : 1));
        return of && number ? exactly(*in, *of, *number, 3) : said_day{};
    }
    if (const auto of = month_in(key)) {
        const std::size_t at = key_of(words, 1) == "the" ? 2 : 1;
        const bool is_word = is_one_of(key, "march", "may") && at == 1;  // "march first, then eat"
        const auto number = day_number_in(key_of(words, at));
        const auto word = number || is_word ? number : day_word_in(key_of(words, at));
        return word ? dated(*of, *word, behind(words, at + 1), at + 1, when) : said_day{};
    }
    const auto number = day_number_in(key);
    const std::size_t at = key_of(words, 1) == "of" ? 2 : 1;
    const auto word = number || at == 1 ? number : day_word_in(key);
    const auto of = word ? month_in(key_of(words, at)) : std::nullopt;
    return of ? dated(*of, *word, behind(words, at + 1), at + 1, when) : said_day{};
}

said_day day_of_month_in(phrase words, const context& when) {
    if ((marks_at(words, 0) & (ordinal_mark | place_mark)) == 0)
        return {};
    const auto digits = numbered_ordinal_in(key_of(words, 0));
    const named_month meant = month_behind(behind(words, 1));
    const auto number = digits || meant.words == 0 ? digits : day_word_in(key_of(words, 0));
    if (!number || meant.of)
        return {};
    const auto found = next_in(meant, when, 3, [&](year_month in) -> std::optional<local_days> {
        const year_month_day date = in / day{static_cast<unsigned>(*number)};
        return date.ok() ? std::optional{local_days{date}} : std::nullopt;
    });
    if (!found)
        return {};
    return {.words = 1 + meant.words,
            .day = *found,
            .counts = meant.words != 0 ? condition::always : condition::before_end_or_link,
            .is_named = true};
}

said_day placed_day_in(phrase words, const context& when) {
    const place_in_row row = place_in(words);
    if (row.words == 0)
        return {};
    const phrase named = behind(words, row.words);
    const auto name = weekday_in(key_of(named, 0));
    const std::size_t working = working_day_in(named);
    const bool is_day = key_of(named, 0) == "day";
    const std::size_t taken = name || is_day ? 1 : working;
    const named_month meant = month_behind(behind(named, taken));
    if (taken == 0 || meant.words == 0)
        return {};
    const auto found = next_in(meant, when, 12, [&](year_month in) {
        return placed_in(in, row.value, [&](weekday at) {
            if (name)
                return at == name->day;
            return is_day || (at != std::chrono::Saturday && at != std::chrono::Sunday);
        });
    });
    using of = place_in_month::of;
    const of among = name ? of::weekdays : is_day ? of::days : of::working_days;
    return found ? said_day{.words = row.words + taken + meant.words,
                            .day = *found,
                            .is_named = true,
                            .place = {.value = row.value, .among = among}}
                 : said_day{};
}

said_day edge_in(phrase words, const context& when) {
    const std::string_view which = key_of(words, 0);
    // "last day of the year"; that of a month is a placed day
    const std::size_t of_at = is_one_of(which, "last", "first") && key_of(words, 1) == "day" ? 2 : 1;
    const bool is_end = which == "end" || (of_at == 2 && which == "last");
    if (of_at == 1 && !is_one_of(which, "end", "start", "beginning"))
        return {};
    if (key_of(words, of_at) != "of")
        return {};
    const year_month_day today{when.today};
    const std::string_view article = key_of(words, of_at + 1);
    const bool is_next = article == "next";
    const std::size_t at = is_one_of(article, "the", "this", "next") ? of_at + 2 : of_at + 1;
    const std::string_view key = key_of(words, at);
    const auto edge_of_year = [&](year in, std::size_t taken) {
        const local_days found{is_end ? in / 12 / 31 : in / 1 / 1};
        return found >= when.today ? said_day{.words = taken, .day = found} : said_day{};
    };
    const auto edge_of_month = [&](year_month in, std::size_t taken) {
        const local_days found = is_end ? local_days{in / std::chrono::last} : local_days{in / 1};
        return found >= when.today
                   ? said_day{.words = taken, .day = found, .place = {.value = is_end ? -1 : 1, .among = {}}}
                   : said_day{};
    };
    if (key == "day" && of_at == 1 && is_end && !is_next)
        return {.words = at + 1, .day = when.today};
    if (key == "year")
        return edge_of_year(today.year() + years{is_next ? 1 : 0}, at + 1);
    if (const auto in = at == of_at + 1 ? year_in(key) : std::nullopt)
        return edge_of_year(*in, at + 1);
    if (of_at == 2)
        return {};
    const year_month this_month = today.year() / today.month();
    if (key == "week" && is_next && !is_end)
        return {.words = at + 1, .day = when.today + days{8 - weekday{when.today}.iso_encoding()}};
    if (key == "month")
        return edge_of_month(this_month + months{is_next ? 1 : 0}, at + 1);
    const auto of = at == 2 ? month_in(key) : std::nullopt;
    if (!of)
        return {};
    const auto in = year_in(key_of(words, at + 1));
    const bool has_passed = *of < today.month() || (!is_end && *of == today.month());
    return edge_of_month(in.value_or(has_passed ? today.year() + years{1} : today.year()) / *of, at + (in ? 2u : 1u));
}

}  // namespace rondo::quick
