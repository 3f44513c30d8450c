// Whole series of custom rules, completed early, on time and late, and what must hold of them whatever the rule.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/recurrence/rrule.hpp"
#include "domain/recurrence/upcoming.hpp"
#include "domain/task.hpp"
#include "support/dice.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::dice;
using test::due_at;
using test::shown;
using test::zone;

constexpr int chain_length = 400;
constexpr int chains = 60;

std::string some_weekdays(dice& roll, int ordinal_max) {
    std::string list;
    for (int left = roll.number(1, 4); left > 0; --left) {
        const int ordinal = ordinal_max > 0 && roll.one_in(2) ? roll.number(-ordinal_max, ordinal_max) : 0;
        list += (list.empty() ? "" : ",") + (ordinal == 0 ? "" : std::to_string(ordinal)) +
                roll.any({"MO", "TU", "WE", "TH", "FR", "SA", "SU"});
    }
    return list;
}

/// A rule that occurs for ever.
std::string random_rule(dice& roll) {
    const std::string freq = roll.any({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"});
    std::string rule = "FREQ=" + freq;
    if (roll.one_in(2))
        rule += ";INTERVAL=" + std::to_string(roll.number(1, freq == "DAILY" ? 40 : 4));
    if (roll.one_in(3))
        rule += ";BYMONTH=" + roll.numbers(12, 6, false);
    if (freq == "YEARLY" && roll.one_in(4))
        rule += ";BYWEEKNO=" + roll.numbers(52, 6) + ";BYDAY=" + some_weekdays(roll, 0);
    else if (freq == "YEARLY" && roll.one_in(4))
        rule += ";BYYEARDAY=" + roll.numbers(365, 20);
    else if (freq != "WEEKLY" && roll.one_in(3))
        rule += ";BYMONTHDAY=" + roll.numbers(31, 8);
    else if (roll.one_in(2))
        rule += ";BYDAY=" + some_weekdays(roll, freq == "MONTHLY" || freq == "YEARLY" ? 5 : 0);
    if (rule.find(";BY") != std::string::npos && roll.one_in(4))
        rule += ";BYSETPOS=" + roll.numbers(2, 2);
    return roll.one_in(2) ? rule : rule + ";WKST=" + roll.any({"MO", "SA", "SU"});
}

/// A task at the beginning of a random series that occurs often enough.
task random_task(dice& roll) {
    for (;;) {
        const local_seconds start = due_at("2019-01-01").wall + days{roll.number(0, 3'000)};
        const bool all_day = roll.one_in(4);
        const minutes clock{all_day ? 0 : roll.any({0, 15, 120, 150, 179, 540, 1'439})};
        task made{
            .title = "x",
            .due = due{.wall = start + clock, .all_day = all_day},
            .zone = zone(roll.any({"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                   "America/Santiago", "Africa/Casablanca"})),
            .repeat = {.type = recurring_type::custom,
                       .rule = random_rule(roll),
                       .mode = roll.any({repeat_mode::on_schedule, repeat_mode::every_occurrence})},
        };
        made.series_start = made.due;
        const auto rule = parse_rrule(made.repeat.rule).value();
        std::optional<local_seconds> member = start - 1s;
        for (int i = 0; member && i < 2 * chain_length; ++i)
            member = next_member(rule, made.due->wall, *member, made.zone);
        if (member)
            return made;
    }
}

/// A simple type as often as a custom rule.
task any_random_task(dice& roll) {
    task made = random_task(roll);
    if (roll.one_in(2))
        return made;
    made.repeat = {
        .type =
            roll.any({recurring_type::daily, recurring_type::weekly, recurring_type::monthly, recurring_type::yearly}),
        .interval = roll.number(1, 5),
        .mode = roll.any({repeat_mode::after_completion, repeat_mode::on_schedule, repeat_mode::every_occurrence})};
    return made;
}

instant moment(const task& of) {
    return of.zone.to_instant(of.due->wall).at;
}

std::expected<task, series_end> done_at(task of, instant when) {
    of.status = task_status::done;
    of.completed_at = when;
    return make_child(of, {}, when);
}

minutes late_by(dice& roll) {
    return minutes{roll.any({0, 0, 0, 1, -45, 300, -2'000, 4'000, 60'000})};
}

std::string told(const task& of) {
    return std::string{of.zone.name()} + " " + shown(*of.series_start) + " " + std::string{to_string(of.repeat.mode)} +
           " " + (of.repeat.rule.empty() ? std::string{to_string(of.repeat.type)} : of.repeat.rule) + " due " +
           shown(*of.due);
}

TEST(custom_chain, IsStrictlyLaterAndKeepsItsHourWheneverItIsDone) {
    dice roll{11};
    int skipped = 0;
    int repeated = 0;
    for (int i = 0; i < chains; ++i) {
        task now = random_task(roll);
        const seconds clock = now.due->wall - floor<days>(now.due->wall);
        for (int step = 1; step < chain_length; ++step) {
            const auto next = done_at(now, moment(now) + late_by(roll));
            ASSERT_TRUE(next) << told(now);
            ASSERT_GT(moment(*next), moment(now)) << told(now);
            ASSERT_EQ(next->due->wall - floor<days>(next->due->wall), clock) << told(now);
            ASSERT_EQ(next->due->all_day, now.due->all_day);
            ASSERT_EQ(next->series_start, now.series_start);
            now = *next;
            const auto kind = now.due->all_day ? wall_kind::unique : now.zone.to_instant(now.due->wall).kind;
            skipped += kind == wall_kind::skipped;
            repeated += kind == wall_kind::repeated;
        }
        ASSERT_EQ(now.occurrence, chain_length);
    }
    EXPECT_GT(skipped, 0);  // both changes of the clock were met
    EXPECT_GT(repeated, 0);
}

TEST(custom_chain, OfEveryOccurrenceMissesNoneAndOnScheduleNoneThatIsToCome) {
    dice roll{12};
    for (int i = 0; i < chains; ++i) {
        task now = random_task(roll);
        const auto rule = parse_rrule(now.repeat.rule).value();
        const local_seconds start = now.due->wall;
        for (int step = 1; step < chain_length; ++step) {
            const instant done = moment(now) + late_by(roll);
            const auto next = done_at(now, done);
            ASSERT_TRUE(next) << told(now);
            // Members between the two, one by one: every one of them was missed.
            for (auto member = next_member(rule, start, now.due->wall, now.zone); member != next->due->wall;
                 member = next_member(rule, start, *member, now.zone)) {
                ASSERT_TRUE(member && *member < next->due->wall) << told(now);
                const instant then = now.zone.to_instant(*member).at;
                ASSERT_TRUE(then == moment(now) || now.repeat.mode == repeat_mode::on_schedule) << told(now);
                ASSERT_LE(then, done) << told(now);
            }
            now = *next;
        }
    }
}

TEST(custom_chain, EndsWithItsEndDate) {
    dice roll{13};
    for (int i = 0; i < chains; ++i) {
        task now = random_task(roll);
        now.repeat.mode = repeat_mode::every_occurrence;
        std::vector<due> dues;
        for (task one = now; dues.size() < 20; one = done_at(one, moment(one)).value())
            dues.push_back(*one.due);
        const auto last = static_cast<std::size_t>(roll.number(0, 18));
        const auto end_day =
            floor<days>(dues[last].wall + (roll.one_in(2) ? days{0} : (dues[last + 1].wall - dues[last].wall) / 2));
        now.repeat.end = std::min(end_day, floor<days>(dues[last + 1].wall) - days{1});
        for (std::size_t step = 1; step <= last; ++step) {
            now = done_at(now, moment(now)).value();
            ASSERT_EQ(now.due, dues[step]) << told(now);
        }
        ASSERT_EQ(done_at(now, moment(now)).error(), series_end::next_after_end) << told(now);
        const instant too_late = now.zone.to_instant(floor<days>(std::get<local_days>(now.repeat.end)) + days{2}).at;
        ASSERT_EQ(done_at(now, too_late).error(), series_end::completed_after_end) << told(now);
    }
}

TEST(custom_chain, WithACountHasSoMany) {
    dice roll{14};
    for (int i = 0; i < chains; ++i) {
        task now = random_task(roll);
        now.repeat.mode = repeat_mode::every_occurrence;
        // A task is due at the start of its series, which need not be a member of the set; COUNT counts it all the same, but
        // for series that were begun before it did.
        now.repeat.counts_start = roll.one_in(2);
        const auto rule = parse_rrule(now.repeat.rule).value();
        const bool starts_with_member = next_member(rule, now.due->wall, now.due->wall - 1s, now.zone) == now.due->wall;
        const int count = roll.number(1, chain_length);
        now.repeat.rule += ";COUNT=" + std::to_string(count);
        int come = starts_with_member || now.repeat.counts_start ? 1 : 0;
        for (;;) {
            const auto next = done_at(now, moment(now));
            if (!next) {
                ASSERT_EQ(next.error(), series_end::rule_exhausted);
                break;
            }
            now = *next;
            ++come;
            ASSERT_LE(come, count) << told(now);
        }
        ASSERT_EQ(come, count) << told(now);
    }
}

TEST(any_chain, IsWhatWasShownBefore) {
    dice roll{15};
    for (int i = 0; i < chains; ++i) {
        task one = any_random_task(roll);
        const instant now = moment(one) + days{roll.number(-400, 400)};
        if (roll.one_in(3))
            one.moved_from = due{.wall = one.due->wall - days{roll.number(-5, 5)}, .all_day = one.due->all_day};
        const auto promised = upcoming_occurrences(one, upcoming_max, now);
        for (const auto& next : promised.occurrences) {
            one = done_at(one, std::max(now, moment(one))).value();
            ASSERT_EQ(one.due, next.step.at) << told(one);
            ASSERT_EQ(one.series_start, next.step.series_start) << told(one);
        }
        ASSERT_EQ(promised.occurrences.size(), static_cast<std::size_t>(upcoming_max)) << told(one);
    }
}

TEST(any_chain, GoesOnAsBeforeWhenOneIsMovedAlone) {
    dice roll{16};
    for (int i = 0; i < chains; ++i) {
        task now = any_random_task(roll);
        for (int step = 1; step < chain_length / 4; ++step) {
            const instant done = moment(now) + late_by(roll);
            const auto as_it_was = done_at(now, done).value();
            const due to{.wall = now.due->wall + minutes{roll.number(-40'000, 40'000)}};
            // Done on the day it was moved to, a monthly task is done on its own day; else on another.
            const bool done_when_moved = floor<days>(now.zone.to_wall(floor<seconds>(done))) == floor<days>(to.wall);
            task moved = apply(now, {.due_date = to.wall, .scope = edit_scope::occurrence}, done).value();
            if (roll.one_in(3))  // and once more
                moved = apply(moved, {.due_date = to.wall + 1h, .scope = edit_scope::occurrence}, done).value();
            ASSERT_EQ(moved.series_start, now.series_start);
            const auto next = done_at(moved, done).value();
            if (!done_when_moved || now.repeat.mode != repeat_mode::after_completion) {
                ASSERT_EQ(next.due, as_it_was.due) << told(now) << " moved to " << shown(to);
                ASSERT_EQ(next.series_start, as_it_was.series_start) << told(now);
            }
            ASSERT_EQ(next.moved_from, std::nullopt);
            now = as_it_was;
        }
    }
}

TEST(any_chain, SkippingThenDoingIsDoingTwice) {
    dice roll{17};
    for (int i = 0; i < chains; ++i) {
        task now = any_random_task(roll);
        for (int step = 1; step < chain_length / 4; ++step) {
            if (roll.one_in(3))
                now =
                    apply(now, {.due_date = now.due->wall + 26h, .scope = edit_scope::occurrence}, moment(now)).value();
            const instant first = moment(now) + late_by(roll);
            const instant second = first + late_by(roll);
            const auto child = done_at(now, first).value();
            const auto skipped = skip_occurrence(now, first).value();
            ASSERT_EQ(skipped.due, child.due) << told(now);
            ASSERT_EQ(skipped.series_start, child.series_start) << told(now);
            ASSERT_EQ(skipped.occurrence, child.occurrence);
            ASSERT_EQ(skipped.moved_from, std::nullopt);
            ASSERT_EQ(skipped.status, now.status);
            ASSERT_EQ(done_at(skipped, second)->due, done_at(child, second)->due) << told(now);
            now = child;
        }
    }
}

}  // namespace
}  // namespace rondo
