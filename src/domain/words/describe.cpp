#include "domain/words/describe.hpp"

#include <cassert>
#include <string_view>

#include "domain/words/english.hpp"

namespace rondo {

namespace {

using namespace std::chrono;

local_days shown_day(const due& when, const time_zone& zone) {
    return floor<days>(shown_wall(when, zone));
}

std::string describe_instant(instant at, const time_zone& zone) {
    return describe(due_at(floor<seconds>(at), zone), zone);
}

std::string day_of_series(const due& start) {
    return "the " + english::ordinal(static_cast<int>(unsigned{year_month_day{floor<days>(start.wall)}.day()}));
}

std::string_view unit_of(recurring_type type) {
    switch (type) {
        case recurring_type::weekly:
            return "week";
        case recurring_type::monthly:
            return "month";
        case recurring_type::yearly:
            return "year";
        default:
            return "day";
    }
}

/// " on the 31st (or the month's last day)": what a fixed schedule takes from its start.
std::string day_in_schedule(recurring_type type, const due& start) {
    const year_month_day date{floor<days>(start.wall)};
    const auto day = unsigned{date.day()};
    if (type == recurring_type::monthly)
        return " on " + day_of_series(start) + (day > 28 ? " (or the last day of the month)" : "");
    if (type == recurring_type::yearly)
        return " on " + std::to_string(day) + " " + std::string{english::name_of(date.month())} +
               (date.month() == February && day == 29 ? " (or 28 February)" : "");
    return {};
}

/// When it comes: "every second Tuesday at 09:00"; of a custom rule also how often or until when.
std::string describe_days(const recurrence& rule, const std::optional<due>& start, const time_zone& zone) {
    if (rule.type == recurring_type::custom) {
        auto parsed = parse_rrule(rule.rule);
        assert(parsed);
        if (!parsed)
            return rule.rule;
        parsed->counts_start = rule.counts_start;
        return describe(*parsed, start.value_or(due{.wall = local_days{}, .all_day = true}), zone);
    }
    const std::string time = start && !start->all_day ? " at " + english::time_of_day(start->wall) : "";
    const bool is_fixed = rule.mode != repeat_mode::after_completion && start;
    if (rule.type == recurring_type::weekly && is_fixed) {
        const std::string day{english::name_of(weekday{floor<days>(start->wall)})};
        return (rule.interval <= 2 ? english::every(rule.interval, day)
                                   : english::every(rule.interval, "week") + " on " + day) +
               time;
    }
    return english::every(rule.interval, unit_of(rule.type)) + (is_fixed ? day_in_schedule(rule.type, *start) : "") +
           time;
}

std::string_view describe(repeat_mode mode) {
    switch (mode) {
        case repeat_mode::after_completion:
            return ", counted from the day it is done";
        case repeat_mode::on_schedule:
            return ", skipping missed ones";
        case repeat_mode::every_occurrence:
            break;
    }
    return ", keeping missed ones";
}

/// The end of the series; of whole days, the last that can be one.
std::string describe_end(const series_limit& end, bool of_days, const time_zone& zone) {
    if (const auto* day = std::get_if<local_days>(&end))
        return english::date(*day);
    const instant at = std::get<instant>(end);
    return of_days ? english::date(floor<days>(zone.to_wall(floor<seconds>(at)))) : describe_instant(at, zone);
}

bool has_until(const recurrence& rule) {
    const auto parsed = parse_rrule(rule.rule);
    return parsed && parsed->until.index() != 0;
}

bool is_by_months(const recurrence& rule) {
    return rule.type == recurring_type::monthly || rule.type == recurring_type::yearly;
}

/// The day that a monthly or yearly series goes on with.
std::string explain_hand_over(const recurrence& rule, const due& start, const next_step& next) {
    if (!is_by_months(rule))
        return {};
    if (next.series_start != start)
        return "It was done on another day than its own, so from now on " + day_of_series(next.series_start) +
               " is the day of the series.";
    return "It was done on its own day, so the series keeps the day it began on, " + day_of_series(start) + ".";
}

std::string explain_counting(const recurrence& rule, const occurrence_input& from, const due& start,
                             const next_step& next) {
    const std::string found = english::full_date(shown_day(next.at, from.zone));
    if (rule.mode == repeat_mode::after_completion) {
        const std::string step = rule.interval == 1
                                     ? "one " + std::string{unit_of(rule.type)}
                                     : std::to_string(rule.interval) + " " + std::string{unit_of(rule.type)} + "s";
        if (!from.current)
            return "Counted in steps of " + step + " from the day it was done, the next is " + found + ".";
        // The day that a monthly or yearly task was due counts, if it was done on it; the two differ where it was moved.
        const bool keeps_its_day = from.moved_from && is_by_months(rule) && next.series_start == start;
        return "Counted in steps of " + step + (keeps_its_day ? " from the day it had" : " from the day it was done") +
               ", the first day after " + (keeps_its_day ? "both" : "the due date") + " is " + found + ".";
    }
    return "The series began on " + describe(start, from.zone) + ". Of its dates, the first after the due date" +
           (rule.mode == repeat_mode::on_schedule ? " and after the moment it was done is "
                                                  : ", whether it has passed or not, is ") +
           found + ".";
}

/// ", where the clocks had moved it from 28 March 2026, whose it stays".
std::string told_shift(const due& when, const time_zone& zone) {
    const local_days named = floor<days>(when.wall);
    return shown_day(when, zone) == named
               ? ""
               : ", where the clocks had moved it from " + english::date(named) + ", whose it stays";
}

}  // namespace

std::string describe(const recurrence& rule, const std::optional<due>& series_start, const time_zone& zone) {
    if (rule.type == recurring_type::none)
        return "does not repeat";
    std::string text = describe_days(rule, series_start, zone);
    text += describe(rule.mode);
    if (rule.end.index() != 0)
        text += (has_until(rule) ? ", at the latest until " : ", until ") +
                describe_end(rule.end, series_start && series_start->all_day, zone);
    return text;
}

std::string describe(const due& when, const time_zone& zone) {
    const local_seconds wall = shown_wall(when, zone);
    const std::string day = english::full_date(floor<days>(wall));
    if (when.all_day)
        return day;
    const bool is_second = when.second && zone.to_instant(when.wall).kind == wall_kind::repeated;
    return day + " at " + english::time_of_day(wall) + (is_second ? " (the second time that day)" : "");
}

std::string describe(series_end why) {
    switch (why) {
        case series_end::not_recurring:
            return "the task does not repeat";
        case series_end::completed_after_end:
            return "it was done after the end of the series";
        case series_end::next_after_end:
            return "the next one would be after the end of the series";
        case series_end::rule_exhausted:
            break;
    }
    return "the rule gives no more occurrences";
}

std::vector<std::string> describe_exceptions(const next_step& step, const time_zone& zone) {
    std::vector<std::string> sentences;
    if (step.clamped) {
        const month of = year_month_day{floor<days>(step.at.wall)}.month();
        sentences.push_back(std::string{english::name_of(of)} + " has no " +
                            day_of_series(step.series_start).substr(4) + " this time, so it is the month's last day.");
    }
    const std::string clock = english::time_of_day(step.at.wall);
    const local_days named = floor<days>(step.at.wall);
    const local_seconds shown = shown_wall(step.at, zone);
    if (step.kind == wall_kind::skipped && step.at.all_day)
        sentences.push_back("The calendar leaves out " + english::date(named) + ", so it is on " +
                            english::date(floor<days>(shown)) + ", this time only.");
    else if (step.kind == wall_kind::skipped)
        sentences.push_back("The clocks go forward and leave out " + clock + " " +
                            (floor<days>(shown) == named ? "that day" : "on " + english::date(named)) +
                            ", so it is at " + english::time_of_day(shown) + ", this time only.");
    if (step.kind == wall_kind::repeated)
        sentences.push_back("The clocks go back, so " + clock + " comes twice that day: it is the first.");
    return sentences;
}

std::vector<std::string> explain_next(const recurrence& rule, const occurrence_input& from, instant completed_at) {
    const time_zone& zone = from.zone;
    std::vector<std::string> steps;
    if (!from.current)
        steps.emplace_back("It had no due date.");
    else if (from.moved_from)
        steps.push_back("It was due on " + describe(*from.moved_from, zone) + ", and this one alone was moved to " +
                        describe(*from.current, zone) + ".");
    else
        steps.push_back("It was due on " + describe(*from.current, zone) + told_shift(*from.current, zone) + ".");
    steps.push_back("It was done on " + describe_instant(completed_at, zone) + ", by the clocks of " +
                    std::string{zone.name()} + ".");
    const auto start = from.series_start ? from.series_start : from.current;
    steps.push_back("It repeats: " + describe(rule, start, zone) + ".");

    const auto next = next_occurrence(rule, from, completed_at);
    if (!next) {
        steps.push_back("So there is no next one: " + describe(next.error()) + ".");
        return steps;
    }
    steps.push_back(explain_counting(rule, from, start.value_or(next->series_start), *next));
    if (start && rule.mode == repeat_mode::after_completion)
        if (auto hand_over = explain_hand_over(rule, *start, *next); !hand_over.empty())
            steps.push_back(std::move(hand_over));
    for (std::string& exception : describe_exceptions(*next, zone))
        steps.push_back(std::move(exception));
    steps.push_back("So the next one is due on " + describe(next->at, zone) + ".");
    return steps;
}

}  // namespace rondo
