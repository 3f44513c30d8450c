// What each mode promises of the next due date, whatever the clocks of its zone do, whenever it is done and wherever it was
// moved to: it is never on or before that, and nothing is left out.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "domain/task.hpp"
#include "support/dice.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using test::at;
using test::dice;
using test::due_at;
using test::shown;
using test::zone;

/// A zone, and the days about which its clocks do something odd.
struct odd_clocks {
    const char* zone;
    std::vector<const char*> days;
};

const std::vector<odd_clocks> odd_zones{
    // Midnight is left out, or 23:30 the evening before.
    {"America/Nuuk", {"2024-03-30", "2025-03-29", "2026-03-28", "2026-10-24"}},
    {"Africa/Cairo", {"2024-04-26", "2025-04-25", "2026-04-24"}},
    {"Asia/Beirut", {"2022-03-27", "2024-03-31", "2026-03-29"}},
    {"America/Asuncion", {"2018-10-07", "2023-10-01"}},
    {"America/Havana", {"2024-03-10", "2026-03-08", "2026-11-01"}},
    {"America/Sao_Paulo", {"2016-10-16", "2018-11-04"}},
    // A whole day is.
    {"Pacific/Apia", {"2011-12-30", "2011-09-24"}},
    {"Pacific/Fakaofo", {"2011-12-30"}},
    {"Pacific/Kiritimati", {"1994-12-31"}},
    {"Pacific/Kanton", {"1994-12-31"}},
    {"Pacific/Kwajalein", {"1993-08-21", "1969-09-30"}},
    {"Asia/Manila", {"1844-12-31"}},
    // A day comes twice.
    {"America/Juneau", {"1867-10-18"}},
    // Half an hour, two hours, twice in a year, long ago.
    {"Australia/Lord_Howe", {"2026-04-05", "2026-10-04"}},
    {"Antarctica/Troll", {"2026-03-29", "2026-10-25"}},
    {"Africa/Casablanca", {"2026-02-15", "2026-03-22"}},
    {"Europe/Berlin", {"2026-03-29", "2026-10-25", "1893-04-01"}},
    {"Asia/Pyongyang", {"2015-08-15", "2018-05-04"}},
    {"UTC", {"2026-01-31", "2024-02-29"}},
};

local_days shown_day(const due& when, const time_zone& where) {
    return floor<days>(shown_wall(when, where));
}

local_days day_of(instant moment, const time_zone& where) {
    return floor<days>(where.to_wall(floor<seconds>(moment)));
}

/// Whether `a` comes after `b`: as days, where one of them is a whole day.
bool is_after(const due& a, const due& b, const time_zone& where) {
    return a.all_day || b.all_day ? shown_day(a, where) > shown_day(b, where)
                                  : begin_instant(a, where) > begin_instant(b, where);
}

bool is_after(const due& a, instant done, const time_zone& where) {
    return a.all_day ? shown_day(a, where) > day_of(done, where) : begin_instant(a, where) > done;
}

task random_task(dice& roll, const odd_clocks& odd) {
    static const std::vector<const char*> rules{"FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,SA,SU",
                                                "FREQ=MONTHLY;BYMONTHDAY=1,-1,15",
                                                "RSCALE=GREGORIAN;SKIP=FORWARD;FREQ=MONTHLY;BYMONTHDAY=31"};
    static const std::vector<seconds> times{0s, 30min, 1h, 2h + 30min, 9h, 23h + 30min, 23h + 59min + 59s};
    task made{.title = "x", .zone = zone(odd.zone)};
    made.repeat.type = static_cast<recurring_type>(roll.number(1, 5));
    made.repeat.mode = static_cast<repeat_mode>(roll.number(made.repeat.type == recurring_type::custom ? 1 : 0, 2));
    made.repeat.interval = roll.one_in(2) ? 1 : roll.number(1, 4);
    if (made.repeat.type == recurring_type::custom)
        made.repeat.rule = roll.pick(rules);
    const local_days day = floor<days>(due_at(roll.pick(odd.days)).wall) - days{roll.number(-1, 9)};
    made.due = roll.one_in(3) ? due{.wall = day, .all_day = true} : due{.wall = day + roll.pick(times)};
    made.series_start = made.due;
    return made;
}

std::string told(const task& of, instant done) {
    return std::string{of.zone.name()} + " " + std::string{to_string(of.repeat.type)} + " " + of.repeat.rule + " x" +
           std::to_string(of.repeat.interval) + " " + std::string{to_string(of.repeat.mode)} + " due " +
           format_wall(of.due->wall, 0s) + (of.due->all_day ? " all day" : "") +
           (of.moved_from ? " moved from " + format_wall(of.moved_from->wall, 0s) : "") + " started " +
           format_wall(of.series_start->wall, 0s) + " done " + format_instant(done);
}

void keeps_its_promise(const task& of, const due& next, instant done) {
    const time_zone& where = of.zone;
    const due& member = of.moved_from ? *of.moved_from : *of.due;
    ASSERT_TRUE(is_after(next, member, where)) << told(of, done) << " next " << shown(next, where);
    if (of.repeat.mode == repeat_mode::every_occurrence)
        return;
    ASSERT_TRUE(is_after(next, done, where)) << told(of, done) << " next " << shown(next, where);
    if (of.repeat.mode != repeat_mode::after_completion)
        return;
    // The day that it was done; where a gap has moved it over midnight, and it was done on the day that it was shown, its own.
    const local_days done_day = day_of(done, where);
    const auto was_moved_by_a_gap = [&](const due& one) {
        return shown_day(one, where) == done_day && (floor<days>(one.wall) < done_day || one.wall == done_day + 0s);
    };
    const bool stands_for_the_day_before = was_moved_by_a_gap(*of.due) || was_moved_by_a_gap(member);
    ASSERT_TRUE(shown_day(next, where) > done_day || (stands_for_the_day_before && shown_day(next, where) == done_day))
        << told(of, done) << " next " << shown(next, where);
}

TEST(promise, IsKeptWheneverItIsDoneAndWhereverItWasMoved) {
    dice roll{2026};
    int moved = 0;
    for (const odd_clocks& odd : odd_zones)
        for (int i = 0; i < 400; ++i) {
            task now = random_task(roll, odd);
            for (int step = 0; step < 12; ++step) {
                if (roll.one_in(4)) {
                    task_changes to{.scope = edit_scope::occurrence};
                    const local_seconds wall = now.due->wall + minutes{roll.number(-5'000, 90'000)};
                    to.due_date = roll.one_in(4) ? date_or_time{floor<days>(wall)} : date_or_time{wall};
                    now = apply(now, to, {}).value();
                    ++moved;
                }
                const instant on_time = begin_instant(*now.due, now.zone);
                const instant done = roll.one_in(3) ? on_time : on_time + minutes{roll.number(-3'000, 6'000)};
                const auto next = next_occurrence(now.repeat, occurrence_of(now), done);
                ASSERT_TRUE(next) << told(now, done);
                ASSERT_NO_FATAL_FAILURE(keeps_its_promise(now, next->at, done));
                if (!now.series_start->all_day) {
                    ASSERT_EQ(next->at.wall - floor<days>(next->at.wall),
                              now.series_start->wall - floor<days>(now.series_start->wall));
                }
                now.due = next->at;
                now.series_start = next->series_start;
                now.moved_from.reset();
            }
        }
    EXPECT_GT(moved, 10'000);
}

TEST(promise, OfEveryDayAndEveryWeekLeavesNoneOutThatIsDoneOnTime) {
    dice roll{7};
    for (const odd_clocks& odd : odd_zones)
        for (int i = 0; i < 200; ++i) {
            task now = random_task(roll, odd);
            now.repeat = {.type = roll.one_in(2) ? recurring_type::daily : recurring_type::weekly,
                          .mode = static_cast<repeat_mode>(roll.number(0, 2))};
            const days step{now.repeat.type == recurring_type::daily ? 1 : 7};
            for (int k = 0; k < 15; ++k) {
                // As late as it may be without another day on the calendar.
                const instant done =
                    begin_instant(*now.due, now.zone) + (now.due->all_day ? minutes{roll.number(0, 1'000)} : 0min);
                const auto next = next_occurrence(now.repeat, occurrence_of(now), done);
                ASSERT_TRUE(next);
                due expected = *now.due;
                do
                    expected.wall += step;
                while (!is_after(expected, *now.due, now.zone));
                ASSERT_EQ(shown(next->at, now.zone), shown(expected, now.zone)) << told(now, done);
                now.due = next->at;
            }
        }
}

TEST(promise, HoldsForAnOccurrenceMovedFarAheadAndDoneThen) {
    struct moved_case {
        recurring_type type;
        int interval;
        const char* from;
        const char* to;
        const char* done;
        const char* next;
    };
    using enum recurring_type;
    constexpr moved_case cases[]{
        {monthly, 1, "2026-01-31", "2026-03-20", "2026-03-20T10:00:00Z", "2026-03-31"},
        {monthly, 1, "2026-01-31", "2026-03-31", "2026-03-31T10:00:00Z", "2026-04-30"},
        {monthly, 1, "2026-01-31T09:00", "2026-03-31T08:00", "2026-03-31T08:30:00Z", "2026-04-30T09:00:00+00:00"},
        {monthly, 2, "2026-01-15", "2026-07-01", "2026-07-01T10:00:00Z", "2026-07-15"},
        {monthly, 1, "2026-01-31", "2026-05-10", "2026-05-10T23:59:00Z", "2026-05-31"},
        {yearly, 1, "2024-02-29", "2026-03-01", "2026-03-01T10:00:00Z", "2027-02-28"},
        {yearly, 1, "2025-12-30", "2027-12-30", "2027-12-30T10:00:00Z", "2028-12-30"},
        {weekly, 1, "2026-01-05", "2026-02-19", "2026-02-19T10:00:00Z", "2026-02-26"},
        {daily, 1, "2026-01-05", "2026-02-19", "2026-02-19T10:00:00Z", "2026-02-20"},
        // Moved back before its own day, and done then: the one after it.
        {monthly, 1, "2026-01-31", "2026-01-20", "2026-01-20T10:00:00Z", "2026-02-28"},
    };
    for (const moved_case& one : cases) {
        const task before =
            apply({},
                  {.title = "x", .due_date = parse_date_or_time(one.from), .type = one.type, .interval = one.interval},
                  {})
                .value();
        const task moved =
            apply(before, {.due_date = parse_date_or_time(one.to), .scope = edit_scope::occurrence}, {}).value();
        const auto next = next_occurrence(moved.repeat, occurrence_of(moved), at(one.done));
        ASSERT_TRUE(next);
        EXPECT_EQ(shown(next->at), one.next) << one.from << " moved to " << one.to;
        // Reopened and done again later, and skipped.
        const auto later = next_occurrence(moved.repeat, occurrence_of(moved), at(one.done) + days{400});
        EXPECT_TRUE(is_after(later->at, at(one.done) + days{400}, moved.zone)) << one.from;
        EXPECT_EQ(skip_occurrence(moved, at(one.done))->due, next->at);
    }
}

TEST(promise, CountsFromTheOwnDayWhereAGapMovesItOverMidnight) {
    struct night {
        const char* zone;
        recurring_type type;
        const char* start;
        const char* due;
        const char* done;
        const char* next;
    };
    using enum recurring_type;
    constexpr night nights[]{
        {"America/Nuuk", daily, "2026-03-27T23:30", "2026-03-28T23:30", "2026-03-29T01:31:00Z",
         "2026-03-29T23:30:00-01:00"},
        // The same, as it was shown.
        {"America/Nuuk", daily, "2026-03-27T23:30", "2026-03-29T00:30", "2026-03-29T01:31:00Z",
         "2026-03-29T23:30:00-01:00"},
        {"America/Nuuk", daily, "2026-03-27T23:30", "2026-03-28T23:30", "2026-03-29T00:59:00Z",
         "2026-03-29T23:30:00-01:00"},
        // So late that the next has passed as well.
        {"America/Nuuk", daily, "2026-03-27T23:30", "2026-03-28T23:30", "2026-03-30T00:45:00Z",
         "2026-03-30T23:30:00-01:00"},
        {"America/Nuuk", weekly, "2026-03-21T23:30", "2026-03-28T23:30", "2026-03-29T01:31:00Z",
         "2026-04-04T23:30:00-01:00"},
        {"America/Nuuk", weekly, "2026-03-21T23:30", "2026-03-28T23:30", "2026-03-29T20:00:00Z",
         "2026-04-04T23:30:00-01:00"},
        {"America/Nuuk", monthly, "2026-01-28T23:30", "2026-03-28T23:30", "2026-03-29T01:31:00Z",
         "2026-04-28T23:30:00-01:00"},
        {"America/Nuuk", yearly, "2025-03-28T23:30", "2026-03-28T23:30", "2026-03-29T01:31:00Z",
         "2027-03-28T00:30:00-01:00"},
        {"Pacific/Apia", daily, "2011-12-01T09:00", "2011-12-30T09:00", "2011-12-30T19:00:00Z",
         "2012-01-01T09:00:00+14:00"},
        {"Pacific/Apia", weekly, "2011-12-02T09:00", "2011-12-30T09:00", "2011-12-30T19:00:00Z",
         "2012-01-06T09:00:00+14:00"},
        {"Pacific/Apia", weekly, "2011-12-02", "2011-12-30", "2011-12-30T19:00:00Z", "2012-01-06"},
        {"Pacific/Apia", daily, "2011-12-01", "2011-12-30", "2011-12-30T19:00:00Z", "2012-01-01"},
        {"Pacific/Kwajalein", weekly, "1993-08-14T12:00", "1993-08-21T12:00", "1993-08-22T01:00:00Z",
         "1993-08-28T12:00:00+12:00"},
    };
    for (const night& one : nights) {
        const time_zone where = zone(one.zone);
        const auto next = next_occurrence(
            {.type = one.type}, {.current = due_at(one.due), .series_start = due_at(one.start), .zone = where},
            at(one.done));
        ASSERT_TRUE(next);
        if (one.type == yearly)  // 2027-03-28 has its own gap, at 22:00 the day before
            EXPECT_EQ(floor<days>(next->at.wall), floor<days>(due_at("2027-03-28").wall));
        else
            EXPECT_EQ(shown(next->at, where), one.next) << one.zone << " " << one.due << " done " << one.done;
    }
}

TEST(promise, OfDaysNeverGivesOneThatTheZoneLeavesOut) {
    struct left_out {
        const char* zone;
        const char* before;
        const char* day;
        const char* after;
        const char* then;
    };
    constexpr left_out cases[]{
        {"Pacific/Apia", "2011-12-29", "2011-12-30", "2011-12-31", "2012-01-01"},
        {"Pacific/Fakaofo", "2011-12-29", "2011-12-30", "2011-12-31", "2012-01-01"},
        {"Pacific/Kwajalein", "1993-08-20", "1993-08-21", "1993-08-22", "1993-08-23"},
        {"Pacific/Kiritimati", "1994-12-30", "1994-12-31", "1995-01-01", "1995-01-02"},
        {"Pacific/Kanton", "1994-12-30", "1994-12-31", "1995-01-01", "1995-01-02"},
        {"Asia/Manila", "1844-12-30", "1844-12-31", "1845-01-01", "1845-01-02"},
    };
    for (const left_out& one : cases) {
        const time_zone where = zone(one.zone);
        for (const auto mode : {repeat_mode::after_completion, repeat_mode::on_schedule, repeat_mode::every_occurrence})
            for (const char* rule : {"", "FREQ=DAILY"}) {
                if (*rule != '\0' && mode == repeat_mode::after_completion)
                    continue;
                task now{.title = "x", .due = due_at(one.before), .zone = where, .series_start = due_at(one.before)};
                now.repeat = {
                    .type = *rule == '\0' ? recurring_type::daily : recurring_type::custom, .rule = rule, .mode = mode};
                for (const char* expected : {one.after, one.then}) {
                    const auto next =
                        next_occurrence(now.repeat, occurrence_of(now), begin_instant(*now.due, where)).value();
                    EXPECT_EQ(shown(next.at, where), expected) << one.zone << rule;
                    EXPECT_EQ(next.kind, expected == one.after ? wall_kind::skipped : wall_kind::unique);
                    now.due = next.at;
                }
            }
        // Given by a person, it moves on too; given back as it is shown, it is no change; it is overdue when that day is over.
        const task given =
            apply({}, {.title = "x", .due_date = parse_date_or_time(one.day), .zone = where}, {}).value();
        EXPECT_EQ(shown(*given.due, where), one.after);
        EXPECT_EQ(due_instant(*given.due, where), begin_instant(due_at(one.then), where)) << one.zone;
        EXPECT_EQ(apply(given, {.due_date = parse_date_or_time(one.after)}, {})->due, given.due);
    }
}

}  // namespace
}  // namespace rondo
