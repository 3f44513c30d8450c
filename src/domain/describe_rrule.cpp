#include <algorithm>

#include "domain/describe.hpp"
#include "domain/english.hpp"

namespace rondo {

namespace {

using namespace std::chrono;
using frequency = rrule::frequency;

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

std::string until(const rrule& rule, const time_zone& zone) {
    if (const auto* day = std::get_if<local_days>(&rule.until))
        return ", until " + english::date(*day);
    if (const auto* wall = std::get_if<local_seconds>(&rule.until))
        return ", until " + describe(due{.wall = *wall}, zone);
    if (const auto* at = std::get_if<sys_seconds>(&rule.until))
        return ", until " + describe(due{.wall = zone.to_wall(*at)}, zone);
    return {};
}

}  // namespace

std::string describe(const rrule& rule, local_days start, const time_zone& zone) {
    std::string text;
    switch (rule.freq) {
        case frequency::daily:
            text = daily(rule);
            break;
        case frequency::weekly:
            text = weekly(rule, weekday{start});
            break;
        case frequency::monthly:
            text = english::every(rule.interval, "month") + on_days(rule, year_month_day{start});
            break;
        case frequency::yearly:
            text = english::every(rule.interval, "year") + on_days(rule, year_month_day{start});
            break;
    }
    if (rule.count)
        text += *rule.count == 1 ? ", once" : ", " + std::to_string(*rule.count) + " times";
    return text + until(rule, zone);
}

}  // namespace rondo
