#include "domain/quick_add_dates.hpp"

#include <algorithm>

#include "base/rfc3339.hpp"

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
using std::chrono::year_month_day;

// A number outside of these years is no year.
constexpr local_days first_day{year{1900} / 1 / 1};
constexpr local_days last_day{year{2199} / 12 / 31};

local_days next_weekday(local_days today, weekday wanted) {
    return today + days{1} + (wanted - weekday{today + days{1}});
}

local_days monday_after(local_days today) {
    return next_weekday(today, std::chrono::Monday);
}

/// Today's, when the weekend has begun.
local_days weekend_day(local_days today) {
    const weekday now{today};
    return now == std::chrono::Saturday || now == std::chrono::Sunday ? today
                                                                      : next_weekday(today, std::chrono::Saturday);
}

std::optional<int> day_number_in(std::string_view key) {
    const auto ordinal = numbered_ordinal_in(key);
    const auto number =
        ordinal || key.size() > 2 || key.empty() || key[0] < '0' || key[0] > '9' ? std::nullopt : number_in(key);
    const auto found = ordinal ? ordinal : number;
    return found && *found <= 31 ? found : std::nullopt;
}

std::optional<year> year_in(std::string_view key) {
    const auto number = key.size() == 4 && key[0] == '2' ? number_in(key) : std::nullopt;
    return number && year{*number} <= year_month_day{last_day}.year() ? std::optional{year{*number}} : std::nullopt;
}

/// The next 29 February may be eight years away, and 30 February never comes.
std::optional<local_days> next_date(month of, int number, local_days today) {
    const year this_year = year_month_day{today}.year();
    for (int ahead = 0; ahead <= 8; ++ahead) {
        const year_month_day date = (this_year + std::chrono::years{ahead}) / of / day{static_cast<unsigned>(number)};
        if (date.ok() && local_days{date} >= today)
            return local_days{date};
    }
    return std::nullopt;
}

said_day dated(month of, int number, phrase after, std::size_t words, const context& when) {
    if (const auto in_year = year_in(key_of(after, 0))) {
        const year_month_day date = *in_year / of / day{static_cast<unsigned>(number)};
        return date.ok() ? said_day{.words = words + 1, .day = local_days{date}, .is_named = true} : said_day{};
    }
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

/// `on the 15th`, whose month is the next that has such a day.
said_day day_of_month_in(phrase words, const context& when) {
    const auto number = numbered_ordinal_in(key_of(words, 0));
    if (!number)
        return {};
    const auto month_named = [&](std::size_t i, std::string_view which) {
        const bool has_which = key_of(words, i) == which;
        return key_of(words, i + (has_which ? 1 : 0)) == "month" ? (has_which ? 2u : 1u) : 0u;
    };
    const year_month_day today{when.today};
    std::chrono::year_month in = today.year() / today.month();
    std::size_t taken = 1;
    bool is_next = false;
    if (key_of(words, 1) == "of") {
        is_next = key_of(words, 2) == "next";
        const std::size_t named =
            is_next ? month_named(2, "next") : std::max(month_named(2, "the"), month_named(2, "this"));
        taken = named == 0 ? 1 : 2 + named;
        is_next = is_next && named != 0;
    }
    in += months{is_next ? 1 : 0};
    for (int ahead = 0; ahead < 3; ++ahead, in += months{1}) {
        const year_month_day date = in / day{static_cast<unsigned>(*number)};
        if (date.ok() && local_days{date} >= when.today)
            return {.words = taken,
                    .day = local_days{date},
                    .counts = taken > 1 ? condition::always : condition::before_end_or_link,
                    .is_named = true};
    }
    return {};
}

/// `end of month`, `end of the year`, `end of june`, `last day of the month`
said_day end_in(phrase words, const context& when) {
    if (key_of(words, 0) == "last" && key_of(words, 1) == "day") {
        said_day found = end_in(words.subspan(1), when);
        found.words += found.words != 0 ? 1 : 0;
        return found;
    }
    if (!is_one_of(key_of(words, 0), "end", "day") || key_of(words, 1) != "of")
        return {};
    const std::size_t at = is_one_of(key_of(words, 2), "the", "this") ? 3 : 2;
    const std::string_view key = key_of(words, at);
    if (key == "month")
        return {.words = at + 1, .day = month_end(when.today)};
    if (key == "year")
        return {.words = at + 1, .day = local_days{year_month_day{when.today}.year() / 12 / 31}};
    if (key == "day")
        return {.words = at + 1, .day = when.today};
    if (key == "next" && key_of(words, at + 1) == "month")
        return {.words = at + 2, .day = month_end(month_end(when.today) + days{1})};
    if (const auto of = month_in(key)) {
        const year_month_day today{when.today};
        const year in = *of < today.month() ? today.year() + std::chrono::years{1} : today.year();
        return {.words = at + 1, .day = local_days{in / *of / std::chrono::last}};
    }
    return {};
}

/// `friday`, `fri, feb 13`, `friday the 13th`
said_day weekday_day_in(phrase words, bool is_said, const context& when) {
    const auto name = weekday_in(key_of(words, 0));
    if (!name)
        return {};
    const std::size_t at = key_of(words, 1) == "the" ? 2 : 1;
    said_day date = calendar_day_in(words.subspan(std::min(at, words.size())), when);
    if (date.words == 0)
        date = day_of_month_in(words.subspan(std::min(at, words.size())), when);
    if (date.words != 0 && weekday{date.day} == name->day)
        return {.words = at + date.words, .day = date.day, .is_named = true};
    const condition counts = is_said           ? condition::always
                             : name->is_common ? condition::before_time
                             : name->is_short  ? condition::before_end
                                               : condition::always;
    return {.words = 1, .day = next_weekday(when.today, name->day), .counts = counts, .is_named = true};
}

/// The week after this one begins on Monday: on a Wednesday, next Friday is in nine days.
said_day next_in(phrase words, const context& when) {
    const std::string_view key = key_of(words, 1);
    const local_days monday = monday_after(when.today);
    const year_month_day today{when.today};
    if (const auto name = weekday_in(key))
        return {.words = 2, .day = monday + (name->day - std::chrono::Monday), .is_named = true};
    if (key == "week")
        return {.words = 2, .day = monday};
    if (key == "weekend")
        return {.words = 2, .day = monday + days{5}};
    if (key == "month")
        return {.words = 2, .day = month_end(when.today) + days{1}};
    if (key == "year")
        return {.words = 2, .day = local_days{(today.year() + std::chrono::years{1}) / 1 / 1}};
    return {};
}

said_day this_in(phrase words, const context& when) {
    static constexpr std::pair<std::string_view, day_part> parts[] = {
        {"morning", day_part::morning}, {"afternoon", day_part::afternoon}, {"evening", day_part::evening}};
    const std::size_t at = key_of(words, 1) == "coming" ? 2 : 1;
    const std::string_view key = key_of(words, at);
    if (const auto name = weekday_in(key))
        return {.words = at + 1, .day = next_weekday(when.today, name->day), .is_named = true};
    if (key == "weekend")
        return {.words = at + 1, .day = weekend_day(when.today)};
    for (const auto& [name, part] : parts)
        if (key == name && at == 1)
            return {.words = 2, .day = when.today, .part = part};
    return {};
}

/// `in two weeks`, `3 days from now`
said_day in_units(phrase words, const context& when) {
    const std::size_t at = key_of(words, 0) == "in" ? 1 : 0;
    const auto count = count_in(key_of(words, at));
    const auto of = count ? unit_in(key_of(words, at + 1)) : std::nullopt;
    if (!of || *of < unit::days)
        return {};
    const std::string_view from = key_of(words, at + 3);
    if (at == 0 && (key_of(words, 2) != "from" || !is_one_of(from, "now", "today", "tomorrow")))
        return {};
    const local_days start = at == 0 && from == "tomorrow" ? when.today + days{1} : when.today;
    const auto found = later(start, *count, *of);
    return found ? said_day{.words = at == 1 ? 3u : 4u, .day = *found} : said_day{};
}

/// A day without the words that lead to it. `is_said`: there are such, as in "on sun".
said_day bare_day_in(phrase words, bool is_said, const context& when) {
    const std::string_view key = key_of(words, 0);
    if (is_one_of(key, "today", "eod"))
        return {.words = 1, .day = when.today};
    if (key == "tod" && (is_said || !words[0].is_name))
        return {.words = 1, .day = when.today, .counts = condition::before_end};
    if (is_one_of(key, "tomorrow", "tmr", "tmrw"))
        return {.words = 1, .day = when.today + days{1}};
    if (key == "tonight")
        return {.words = 1, .day = when.today, .part = day_part::night};
    if (key == "eom")
        return {.words = 1, .day = month_end(when.today)};
    const std::size_t at = key == "the" ? 1 : 0;
    if (key_of(words, at) == "day" && key_of(words, at + 1) == "after" && key_of(words, at + 2) == "tomorrow")
        return {.words = at + 3, .day = when.today + days{2}};
    if (key == "next")
        return next_in(words, when);
    if (key == "this")
        return this_in(words, when);
    for (const auto& found : {calendar_day_in(words.subspan(at), when), end_in(words.subspan(at), when),
                              is_said ? day_of_month_in(words.subspan(at), when) : said_day{}})
        if (found.words != 0) {
            said_day with_article = found;
            with_article.words += at;
            return with_article;
        }
    return at == 0 ? weekday_day_in(words, is_said, when) : said_day{};
}

/// What tells that a day is spoken of, and not meant: "the Friday report", "before monday", "Black Friday".
bool speaks_of_day(std::string_view before) {
    return is_one_of(before, "the", "a", "an", "my", "our", "your", "his", "her", "their", "last", "past", "previous",
                     "before", "after", "since", "than", "about", "of", "like", "black", "good", "cyber", "ash", "palm",
                     "easter", "usa", "until", "till", "except", "and", "or", "to", "first", "second", "third",
                     "fourth", "fifth");
}

/// A month that is a name or another word as well, and a plain number: it may count the next thing.
bool is_word_and_number(phrase words) {
    const auto is_word = [](std::string_view key) {
        return is_one_of(key, "jan", "mar", "march", "april", "may", "june", "august", "dec");
    };
    const std::string_view first = key_of(words, 0);
    const std::string_view second = key_of(words, 1);
    return (is_word(first) && number_in(second)) || (number_in(first) && is_word(second));
}

/// Words that lead to a day and go with it.
std::size_t lead_in(phrase words) {
    const std::string_view key = key_of(words, 0);
    if (is_one_of(key, "due", "starting", "beginning", "start"))
        return is_one_of(key_of(words, 1), "on", "by", "from") ? 2 : 1;
    return is_one_of(key, "on", "by", "at", "for", "from") ? 1 : 0;
}

}  // namespace

std::optional<local_days> later(local_days day_from, int n, unit of) {
    if (of == unit::days || of == unit::weeks) {
        const local_days found = day_from + days{of == unit::weeks ? 7 * n : n};
        return found <= last_day ? std::optional{found} : std::nullopt;
    }
    const year_month_day date{day_from};
    const int ahead = of == unit::years ? 12 * n : of == unit::quarters ? 3 * n : n;
    const auto in = date.year() / date.month() + months{ahead};
    const local_days found{in / std::min(date.day(), (in / std::chrono::last).day())};
    return found <= last_day ? std::optional{found} : std::nullopt;
}

local_days month_end(local_days day) {
    const year_month_day date{day};
    return local_days{date.year() / date.month() / std::chrono::last};
}

said_day calendar_day_in(phrase words, const context& when) {
    const std::string_view key = key_of(words, 0);
    if (const said_day iso = iso_day_in(key, when); iso.words != 0)
        return iso;
    if (const auto of = month_in(key)) {
        const std::size_t at = key_of(words, 1) == "the" ? 2 : 1;
        const auto number = day_number_in(key_of(words, at));
        return number ? dated(*of, *number, words.subspan(at + 1), at + 1, when) : said_day{};
    }
    const auto number = day_number_in(key);
    const std::size_t at = key_of(words, 1) == "of" ? 2 : 1;
    const auto of = number ? month_in(key_of(words, at)) : std::nullopt;
    return of ? dated(*of, *number, words.subspan(at + 1), at + 1, when) : said_day{};
}

said_day day_in(phrase words, std::string_view before, const context& when) {
    const std::size_t lead = lead_in(words);
    const std::string_view leading = key_of(words, 0);
    if (speaks_of_day(before) && lead == 0)
        return {};
    if (leading == "in" || count_in(leading))
        if (const said_day found = in_units(words, when); found.words != 0)
            return found;
    if (lead >= words.size())
        return {};
    said_day found = bare_day_in(words.subspan(lead), lead != 0, when);
    if (found.words == 0)
        return {};
    found.words += lead;
    found.only_repeating = is_one_of(leading, "from", "starting", "beginning", "start");
    // "Email Jan 5 times", but "May 5 call Jan" and "on may 5"
    if (lead == 0 && !before.empty() && found.words == 2 && found.counts == condition::always &&
        is_word_and_number(words))
        found.counts = condition::before_end_or_link;
    // "for friday" is a day; "for sat nav" is not.
    if (leading == "for" && found.counts == condition::always)
        found.counts = condition::before_end;
    // "Monday Night Football"
    const std::size_t after = found.words + 1;
    if (key_of(words, found.words) == "night" && after < words.size() && words[after].is_name)
        return {};
    return found;
}

}  // namespace rondo::quick
