// The phrases of a day that is told from today, and the words that lead to any day.

#include <algorithm>

#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/lengths.hpp"
#include "domain/quick_add/phrases/marks.hpp"

namespace rondo::quick {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::weekday;
using std::chrono::year_month_day;
using std::chrono::years;

local_days monday_of(local_days day) {
    return day - days{weekday{day}.iso_encoding() - 1};
}

local_days in_week(local_days monday, weekday day) {
    return monday + (day - std::chrono::Monday);
}

/// Today's, when the weekend has begun.
local_days weekend_day(local_days today) {
    const weekday now{today};
    return now == std::chrono::Saturday || now == std::chrono::Sunday ? today
                                                                      : next_weekday(today, std::chrono::Saturday);
}

said_day if_ahead(std::size_t words, local_days day, const context& when) {
    return day >= when.today ? said_day{.words = words, .day = day, .is_named = true} : said_day{};
}

/// `week`, `this week`, `of next week`, `in 2 weeks` behind a weekday; `after next`.
said_day weekday_in_week(phrase words, weekday name, const context& when) {
    const phrase after = behind(words, 1);
    const std::string_view key = key_of(after, 0);
    const local_days next = next_weekday(when.today, name);
    const local_days monday = monday_of(when.today);
    if (is_one_of(key, "week", "fortnight"))
        return {.words = 2,
                .day = next + days{key == "week" ? 7 : 14},
                .counts = condition::before_end_or_link,
                .is_named = true};
    if (key == "after" && key_of(after, 1) == "next")
        return {.words = 3, .day = in_week(monday + days{14}, name), .is_named = true};
    const std::size_t lead = is_one_of(key, "of", "in", "on") ? 1 : 0;
    if (key_of(after, lead + 1) == "week" && is_one_of(key_of(after, lead), "this", "next")) {
        if (key_of(after, lead + 2) == "after" && key_of(after, lead + 3) == "next")
            return {};
        return if_ahead(lead + 3, in_week(monday + days{key_of(after, lead) == "next" ? 7 : 0}, name), when);
    }
    if (key_of(after, lead) == "the" && key_of(after, lead + 1) == "week" && key_of(after, lead + 2) == "after" &&
        key_of(after, lead + 3) == "next")
        return {.words = lead + 5, .day = in_week(monday + days{14}, name), .is_named = true};
    if (key == "in") {
        const said_length length = length_in(behind(after, 1));
        if (length.words != 0 && length.days > 0 && length.days % 7 == 0 && length.months == 0 && length.minutes == 0)
            if (const auto week = later(monday, length.days, unit::days))
                return {.words = 2 + length.words + (key_of(after, 1 + length.words) == "time" ? 1 : 0),
                        .day = in_week(*week, name),
                        .is_named = true};
    }
    return {};
}

/// `friday`, `fri, feb 13`, `friday the 13th`, `friday 20`, `friday week`
said_day weekday_day_in(phrase words, bool is_said, const context& when) {
    const auto name = (marks_at(words, 0) & weekday_mark) != 0 ? weekday_in(key_of(words, 0)) : std::nullopt;
    if (!name)
        return {};
    const std::size_t at = key_of(words, 1) == "the" ? 2 : 1;
    const phrase after = behind(words, at);
    said_day date = calendar_day_in(after, when);
    if (date.words == 0)
        date = day_of_month_in(after, when);
    if (date.words != 0 && !date.clock && weekday{date.day} == name->day)
        return {.words = at + date.words, .day = date.day, .is_named = true};
    if (const auto number = at == 1 ? number_in(key_of(after, 0)) : std::nullopt;
        number && *number <= 31 && key_of(after, 0).find_first_not_of("0123456789") == std::string_view::npos &&
        !is_one_of(key_of(after, 1), "am", "pm", "a.m", "p.m", "-", "–", "to", "o'clock", "oclock")) {
        year_month_day today{when.today};
        auto in = today.year() / today.month();
        for (int tries = 0; tries < 3; ++tries, in += months{1}) {
            const year_month_day found = in / std::chrono::day{static_cast<unsigned>(*number)};
            if (!found.ok() || local_days{found} < when.today)
                continue;
            if (weekday{local_days{found}} == name->day)
                return {
                    .words = 2, .day = local_days{found}, .counts = condition::before_end_or_link, .is_named = true};
            break;
        }
    }
    if (const said_day found = weekday_in_week(words, name->day, when); found.words != 0)
        return found;
    const condition counts = is_said           ? condition::always
                             : name->is_common ? condition::before_time
                             : name->is_short  ? condition::before_end
                                               : condition::always;
    return {.words = 1, .day = next_weekday(when.today, name->day), .counts = counts, .is_named = true};
}

/// The week after this one begins on Monday: on a Wednesday, next Friday is in nine days.
said_day next_in(phrase words, const context& when) {
    const std::string_view key = key_of(words, 1);
    const local_days monday = monday_of(when.today) + days{7};
    const year_month_day today{when.today};
    if (const auto name = weekday_in(key))
        return {.words = 2, .day = in_week(monday, name->day), .is_named = true};
    const phrase after = behind(words, 2);
    const std::size_t lead = is_one_of(key_of(after, 0), "on", "-") ? 1 : 0;
    if (key == "week") {
        if (const auto name = weekday_in(key_of(after, lead)); name && (lead == 1 || !name->is_common))
            return {.words = 3 + lead, .day = in_week(monday, name->day), .is_named = true};
        return {.words = 2, .day = monday};
    }
    if (key == "weekend")
        return {.words = 2, .day = monday + days{5}};
    if (key == "month") {
        const local_days first = month_end(when.today) + days{1};
        const std::size_t at = lead + (key_of(after, lead) == "the" ? 1 : 0);
        const auto number = numbered_ordinal_in(key_of(after, at));
        if (number && at > 0) {
            const year_month_day begun{first};
            const year_month_day date = begun.year() / begun.month() / std::chrono::day{static_cast<unsigned>(*number)};
            return date.ok() ? said_day{.words = 3 + at, .day = local_days{date}, .is_named = true} : said_day{};
        }
        return {.words = 2, .day = first};
    }
    if (key == "year")
        return {.words = 2, .day = local_days{(today.year() + years{1}) / 1 / 1}};
    return {};
}

/// `week after next`
said_day after_next_in(phrase words, const context& when) {
    if (key_of(words, 1) != "after" || key_of(words, 2) != "next")
        return {};
    const std::string_view key = key_of(words, 0);
    const local_days monday = monday_of(when.today) + days{14};
    const year_month_day today{when.today};
    if (key == "week")
        return {.words = 3, .day = monday};
    if (key == "weekend")
        return {.words = 3, .day = monday + days{5}};
    if (key == "month")
        return {.words = 3, .day = month_end(month_end(when.today) + days{1}) + days{1}};
    if (key == "year")
        return {.words = 3, .day = local_days{(today.year() + years{2}) / 1 / 1}};
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
    if (key == "week" && at == 1) {
        const std::size_t lead = key_of(words, 2) == "on" ? 1 : 0;
        if (const auto name = weekday_in(key_of(words, 2 + lead)))
            return if_ahead(3 + lead, in_week(monday_of(when.today), name->day), when);
    }
    for (const auto& [name, part] : parts)
        if (key == name && at == 1)
            return {.words = 2, .day = when.today, .part = part};
    return {};
}

/// `in two weeks`, `in 2 weeks on monday`, `3 days from now`, `a week from friday`, `a week on friday`, `a week tomorrow`
said_day in_length(phrase words, const context& when) {
    const std::size_t lead = is_one_of(key_of(words, 0), "in", "within") ? 1 : 0;
    said_length length = length_in(behind(words, lead));
    if (key_of(words, 0) == "day" && is_one_of(key_of(words, 1), "before", "after"))
        length = {.words = 1, .days = 1};  // "the day before friday"
    if (length.words == 0 || length.minutes != 0)
        return {};
    const bool is_weeks = length.days % 7 == 0 && length.months == 0;
    std::size_t taken = lead + length.words;
    if (lead == 1) {
        taken += is_one_of(key_of(words, taken), "time", "time's") ? 1 : 0;
        const std::size_t on = key_of(words, taken) == "on" ? 1 : 0;
        const auto name = weekday_in(key_of(words, taken + on));
        if (name && is_weeks && (on == 1 || !name->is_common)) {
            const auto week = later(monday_of(when.today), length.days, unit::days);
            return week ? said_day{.words = taken + on + 1, .day = in_week(*week, name->day), .is_named = true}
                        : said_day{};
        }
        const auto found = later(when.today, length);
        return found ? said_day{.words = taken, .day = *found} : said_day{};
    }
    const std::string_view link = key_of(words, taken);
    if (link == "from" && key_of(words, taken + 1) == "now") {
        const auto found = later(when.today, length);
        return found ? said_day{.words = taken + 2, .day = *found} : said_day{};
    }
    const bool is_joined = is_one_of(link, "from", "after", "before");
    if (!is_joined && !is_weeks)
        return {};
    const bool has_on = !is_joined && link == "on";
    const said_day anchor = anchor_in(behind(words, taken + (is_joined || has_on ? 1 : 0)), when);
    if (anchor.words == 0 || anchor.clock || anchor.part)
        return {};
    const auto found = later(anchor.day, length, link == "before" ? -1 : 1);
    return found && *found >= when.today ? said_day{.words = taken + (is_joined || has_on ? 1 : 0) + anchor.words,
                                                    .day = *found,
                                                    .is_named = true}
                                         : said_day{};
}

said_day longer_by(said_day found, std::size_t words) {
    if (found.words != 0)
        found.words += words;
    return found;
}

/// A calendar day with the weekday that may follow: `feb 13, friday`.
said_day with_weekday(said_day found, phrase words) {
    if (found.words == 0 || found.clock)
        return found;
    const auto name = weekday_in(key_of(words, found.words));
    if (name && name->day == weekday{found.day})
        ++found.words;
    return found;
}

/// A day without the words that lead to it. `is_said`: there are such, as in "on sun".
said_day bare_day_in(phrase words, bool is_said, const context& when) {
    const std::string_view key = key_of(words, 0);
    const auto one_word = [&](local_days day) {
        const std::string_view after = key_of(words, 1);
        const bool is_week = is_one_of(after, "week", "fortnight");
        said_day found{.words = is_week ? 2u : 1u, .day = is_week ? day + days{after == "week" ? 7 : 14} : day};
        if (is_week)
            found.counts = condition::before_end_or_link;
        return found;
    };
    if (key == "today")
        return with_weekday(one_word(when.today), words);
    if (key == "eod")
        return {.words = 1, .day = when.today};
    if (key == "tod" && (is_said || !words[0].is_name))
        return {.words = 1, .day = when.today, .counts = condition::before_end};
    if (is_one_of(key, "tomorrow", "tmr", "tmrw"))
        return with_weekday(one_word(when.today + days{1}), words);
    if (key == "tonight")
        return {.words = 1, .day = when.today, .part = day_part::night};
    if (key == "eom")
        return {.words = 1, .day = month_end(when.today), .place = {.value = -1, .among = {}}};
    if (key == "eoy")
        return {.words = 1, .day = local_days{year_month_day{when.today}.year() / 12 / 31}};
    const std::size_t at = key == "the" ? 1 : 0;
    if (key_of(words, at) == "day" && key_of(words, at + 1) == "after" && key_of(words, at + 2) == "tomorrow")
        return {.words = at + 3, .day = when.today + days{2}};
    if (at == 1 && is_said && key_of(words, 1) == "weekend" && !is_one_of(key_of(words, 2), "of", "before", "after"))
        return {.words = 2, .day = weekend_day(when.today), .counts = condition::before_end_or_link};
    if (key_of(words, at) == "coming" && weekday_in(key_of(words, at + 1)))
        return longer_by(weekday_day_in(behind(words, at + 1), true, when), at + 1);
    if (key == "next")
        if (const said_day found = next_in(words, when); found.words != 0)
            return found;
    if (key == "this")
        return this_in(words, when);
    const phrase named = behind(words, at);
    if (const said_day found = with_weekday(calendar_day_in(named, when), named); found.words != 0)
        return longer_by(found, at);
    for (const auto& found : {edge_in(named, when), placed_day_in(named, when), after_next_in(named, when)})
        if (found.words != 0)
            return longer_by(found, at);
    if (said_day found = day_of_month_in(named, when); found.words != 0) {
        if (!is_said && found.words == 1)
            found.counts = at == 1 ? condition::before_end : condition::before_time;
        return longer_by(found, at);
    }
    if (at == 1) {  // "the monday after next"
        const said_day found = weekday_day_in(named, true, when);
        return found.words > 2 ? longer_by(found, 1) : said_day{};
    }
    return weekday_day_in(words, is_said, when);
}

/// What tells that a day is spoken of, and not meant: "the Friday report", "before monday", "Black Friday".
bool speaks_of_day(std::string_view before) {
    return is_one_of(before, "the", "a", "an", "my", "our", "your", "his", "her", "their", "last", "past", "previous",
                     "before", "after", "since", "than", "about", "of", "like", "black", "good", "cyber", "ash", "palm",
                     "easter", "usa", "until", "till", "except", "and", "or", "to", "first", "second", "third",
                     "fourth", "fifth", "not", "but");
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
    if (is_one_of(key, "no", "not") && key_of(words, 1) == "later" && key_of(words, 2) == "than")
        return 3;
    if (key == "later")
        return is_one_of(key_of(words, 1), "today", "tonight") ||
                       (key_of(words, 1) == "this" && (marks_at(words, 2) & part_mark) != 0)
                   ? 1
                   : 0;
    if (key == "over")
        return key_of(words, 1) == "the" && key_of(words, 2) == "weekend" ? 1 : 0;
    if (key == "as")
        return is_one_of(key_of(words, 1), "of", "from") ? 2 : 0;
    if (is_one_of(key, "due", "starting", "beginning", "start", "starts", "commencing", "effective")) {
        if (key == "beginning" && key_of(words, 1) == "of")
            return 0;
        if (key == "start" && key_of(words, 1) == "of")
            return 0;
        return is_one_of(key_of(words, 1), "on", "by", "from", "in") ? 2 : 1;
    }
    return is_one_of(key, "on", "by", "at", "for", "from") ? 1 : 0;
}

/// `from june`, `starting in march 2027`: its first day.
said_day month_start_in(phrase words, const context& when) {
    const auto of = month_in(key_of(words, 0));
    if (!of)
        return {};
    const year_month_day today{when.today};
    const auto in = year_in(key_of(words, 1));
    const auto year = in ? *in : *of < today.month() ? today.year() + years{1} : today.year();
    const local_days first{year / *of / 1};
    const local_days start = std::max(first, when.today);
    return month_end(first) < when.today ? said_day{} : said_day{.words = in ? 2u : 1u, .day = start, .is_named = true};
}

}  // namespace

said_day anchor_in(phrase words, const context& when) {
    const said_day found = bare_day_in(words, true, when);
    return found;
}

said_day day_in(phrase words, std::string_view before, const context& when) {
    const std::string_view leading = key_of(words, 0);
    const std::size_t lead = lead_in(words);
    const bool is_owned = before.ends_with("'s") || before.ends_with("’s");
    const bool is_counted =
        is_one_of(before, "first", "second", "third", "last", "like", "good") &&
        is_one_of(leading, "today", "tomorrow", "tonight", "tmr", "tmrw");  // "do it first tomorrow"
    const bool is_spoken_of = speaks_of_day(before) && !is_counted;
    if ((is_spoken_of || (is_owned && numbered_ordinal_in(leading))) && lead == 0)
        return {};  // also "Anna's 30th"
    if (lead == 0) {
        const std::size_t article = leading == "the" ? 1 : 0;
        if (const said_day found = in_length(behind(words, article), when); found.words != 0)
            return longer_by(found, article);
    }
    if (lead >= words.size())
        return {};
    const bool is_start = lead != 0 && is_one_of(leading, "from", "starting", "beginning", "start", "starts",
                                                 "commencing", "effective", "as");
    const phrase named = behind(words, lead);
    said_day found = bare_day_in(named, lead != 0, when);
    if (is_start && key_of(named, 0) == "now")
        found = {.words = 1, .day = when.today};
    if (found.words == 0 && is_start)
        found = month_start_in(named, when);
    if (found.words == 0 && lead != 0 && is_one_of(leading, "by", "due", "starting", "start"))
        found = in_length(named, when);
    if (found.words == 0)
        return {};
    found.words += lead;
    found.only_repeating = is_start;
    if (is_start && (is_one_of(key_of(words, found.words), "onward", "onwards") ||
                     (key_of(words, found.words) == "on" && found.words + 1 == words.size())))
        ++found.words;
    // "Email Jan 5 times", but "May 5 call Jan" and "on may 5"
    if (lead == 0 && !before.empty() && found.words == 2 && found.counts == condition::always &&
        is_word_and_number(words))
        found.counts = condition::before_end_or_link;
    // "for friday" is a day; "for sat nav" is not.
    if (leading == "for" && found.counts == condition::always)
        found.counts = condition::before_end;
    // A date in digits leads a line as well: "12/1 dentist".
    if (found.counts == condition::before_end_or_link && digits_date_in(named) && (lead != 0 || before.empty()))
        found.counts = condition::always;
    // "Monday Night Football"
    const std::size_t after = found.words + 1;
    if (key_of(words, found.words) == "night" && after < words.size() && words[after].is_name)
        return {};
    return found;
}

}  // namespace rondo::quick
