#include <algorithm>

#include "domain/words/describe.hpp"
#include "domain/words/english.hpp"

namespace rondo {

namespace {

using namespace std::chrono;
using frequency = rrule::frequency;
using skipping = rrule::skipping;

template <class Items, class Name>
std::vector<std::string> names(const Items& items, Name name) {
    std::vector<std::string> named;
    named.reserve(items.size());
    for (const auto& item : items)
        named.emplace_back(name(item));
    return named;
}

/// From Monday on, as people list them.
std::vector<weekday> plain_days(const rrule& rule) {
    std::vector<weekday> plain;
    for (const auto& part : rule.by_day)
        if (part.ordinal == 0)
            plain.push_back(part.day);
    std::ranges::sort(plain, {}, [](weekday day) { return day.iso_encoding(); });
    return plain;
}

bool are_monday_to_friday(const std::vector<weekday>& plain) {
    return plain.size() == 5 && plain.front() == Monday && plain.back() == Friday;
}

std::string weekdays(const std::vector<weekday>& plain, std::string_view joined_by = "and") {
    return are_monday_to_friday(plain)
               ? "weekday"
               : english::list(names(plain, [](weekday day) { return english::name_of(day); }), joined_by);
}

/// "the 15th", "the last day", "the second to last day".
std::string day_of_month(int number) {
    return number > 0 ? "the " + english::ordinal(number) : "the " + english::place(number) + " day";
}

std::string day_of_year(int number) {
    return number > 0 ? "day " + std::to_string(number) : "the " + english::place(number) + " day";
}

std::string week_number(int number) {
    return number > 0 ? "week " + std::to_string(number) : "the " + english::place(number) + " week";
}

/// The second Tuesday, the last Friday; every Monday.
std::vector<std::string> placed_days(const rrule& rule) {
    std::vector<std::string> placed;
    for (const auto& part : rule.by_day)
        if (part.ordinal != 0)
            placed.push_back("the " + english::place(part.ordinal) + " " + std::string{english::name_of(part.day)});
    const auto plain = plain_days(rule);
    if (!plain.empty())
        placed.push_back("every " + weekdays(plain));
    return placed;
}

/// " in January and July", or nothing.
std::string in_months(const rrule& rule) {
    if (rule.by_month.empty())
        return {};
    return " in " + english::list(names(rule.by_month, [](int number) {
               return english::name_of(month{static_cast<unsigned>(number)});
           }));
}

/// " (or the last day of the month)", where a day is named that one of the months may be too short for.
std::string stand_in(const rrule& rule, const year_month_day& start) {
    if (rule.skip == skipping::omit || !rule.by_year_day.empty() || !rule.by_week_no.empty())
        return {};
    const bool is_of_start = rule.by_month_day.empty();
    const unsigned longest =
        is_of_start ? unsigned{start.day()} : static_cast<unsigned>(std::max(rule.by_month_day.back(), 0));
    std::vector<int> months = rule.by_month;
    if (months.empty() && is_of_start && rule.freq == frequency::yearly)
        months = {static_cast<int>(unsigned{start.month()})};
    else if (months.empty())
        months = {2};  // the shortest
    const bool is_missed = std::ranges::any_of(months, [&](int number) {
        return longest > unsigned{(year{2001} / month{static_cast<unsigned>(number)} / last).day()};
    });
    if (!is_missed)
        return {};
    return rule.skip == skipping::backward ? " (or the last day of the month)" : " (or the 1st of the next month)";
}

/// The days that BYSETPOS chooses from: "weekday", "day", "Monday or Tuesday".
std::string chosen_from(const rrule& rule) {
    const auto plain = plain_days(rule);
    if (plain.size() == 7)
        return "day";
    if (!plain.empty() && plain.size() == rule.by_day.size() && rule.by_month_day.empty() && rule.by_year_day.empty() &&
        rule.by_week_no.empty())
        return weekdays(plain, "or");
    return {};
}

/// What of a month or a year: " on the 1st and the 15th", " on the last weekday".
std::string on_days(const rrule& rule, const year_month_day& start) {
    const bool is_yearly = rule.freq == frequency::yearly;
    std::string text;
    if (!rule.by_set_pos.empty()) {
        const std::string places = english::list(names(rule.by_set_pos, english::place));
        if (const auto from = chosen_from(rule); !from.empty())
            return " on the " + places + " " + from + in_months(rule);
        text = ", the " + places + " of those";
    }
    if (!rule.by_week_no.empty())
        text = " in " + english::list(names(rule.by_week_no, week_number)) + text;
    std::string days;
    if (!rule.by_year_day.empty())
        days = english::list(names(rule.by_year_day, day_of_year)) + " of the year";
    if (!rule.by_month_day.empty()) {
        days += (days.empty() ? "" : ", if it is ") + english::list(names(rule.by_month_day, day_of_month));
        if (is_yearly && rule.by_month.empty())
            days += " of any month";
        days += stand_in(rule, start);
    }
    if (!rule.by_day.empty() && days.empty())
        days =
            english::list(placed_days(rule)) +
            (is_yearly && rule.by_month.empty() && rule.by_week_no.empty() && plain_days(rule).empty() ? " of the year"
                                                                                                       : "");
    else if (!rule.by_day.empty())
        days += ", if it is " + english::list(names(placed_days(rule),
                                                    [](const std::string& day) {
                                                        return day.starts_with("every ") ? "a " + day.substr(6) : day;
                                                    }),
                                              "or");
    if (days.empty()) {
        if (!rule.by_week_no.empty())
            days = english::name_of(weekday{local_days{start}});
        else if (is_yearly && rule.by_month.empty())
            days = std::to_string(unsigned{start.day()}) + " " + std::string{english::name_of(start.month())};
        else
            days = day_of_month(static_cast<int>(unsigned{start.day()}));
        days += stand_in(rule, start);
    }
    return " on " + days + in_months(rule) + text;
}

std::string weekly(const rrule& rule, weekday of_start) {
    auto plain = plain_days(rule);
    if (plain.empty())
        plain.push_back(of_start);
    const std::string days = weekdays(plain);
    std::string text;
    if (rule.interval <= 2 && (plain.size() == 1 || rule.interval == 1))
        text = english::every(rule.interval, days);
    else
        text = english::every(rule.interval, "week") + " on " + (are_monday_to_friday(plain) ? "each weekday" : days);
    text += in_months(rule);
    if (!rule.by_set_pos.empty())
        text += ", the " + english::list(names(rule.by_set_pos, english::place)) + " of the week";
    return text;
}

std::string daily(const rrule& rule) {
    const auto plain = plain_days(rule);
    if (rule.interval == 1 && !plain.empty() && rule.by_month_day.empty())
        return "every " + weekdays(plain) + in_months(rule);
    std::string text = english::every(rule.interval, "day");
    if (!rule.by_month_day.empty())
        text += ", if it is " + english::list(names(rule.by_month_day, day_of_month), "or");
    if (!plain.empty())
        text += (rule.by_month_day.empty() ? ", if it is a " : " and a ") + weekdays(plain, "or");
    return text + in_months(rule);
}

/// Of whole days, the last that can be one: a moment takes in the day that begins by then.
std::string until(const rrule& rule, bool of_days, const time_zone& zone) {
    if (const auto* day = std::get_if<local_days>(&rule.until))
        return ", until " + english::date(*day);
    due last{.all_day = of_days};
    if (const auto* wall = std::get_if<local_seconds>(&rule.until))
        last.wall = *wall;
    else if (const auto* at = std::get_if<sys_seconds>(&rule.until))
        last = due_at(*at, zone);
    else
        return {};
    return ", until " + (of_days ? english::date(floor<days>(last.wall)) : describe(last, zone));
}

std::string times(const rrule& rule, const due& start, const time_zone& zone) {
    if (!rule.count)
        return {};
    const std::string number = *rule.count == 1 ? ", once" : ", " + std::to_string(*rule.count) + " times";
    rrule endless = rule;
    endless.count.reset();
    const bool leaves_start_out =
        !rule.counts_start && next_member(endless, start.wall, start.wall - seconds{1}, zone) != start.wall;
    return number + (leaves_start_out ? " after the first" : "");
}

}  // namespace

std::string describe(const rrule& rule, const due& start, const time_zone& zone) {
    const local_days day = floor<days>(start.wall);
    std::string text;
    switch (rule.freq) {
        case frequency::daily:
            text = daily(rule);
            break;
        case frequency::weekly:
            text = weekly(rule, weekday{day});
            break;
        case frequency::monthly:
            text = english::every(rule.interval, "month") + on_days(rule, year_month_day{day});
            break;
        case frequency::yearly:
            text = english::every(rule.interval, "year") + on_days(rule, year_month_day{day});
            break;
    }
    if (!start.all_day)
        text += " at " + english::time_of_day(start.wall);
    return text + times(rule, start, zone) + until(rule, start.all_day, zone);
}

}  // namespace rondo
