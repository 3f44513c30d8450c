// How many tasks a series with a COUNT has, begun now or before COUNT counted its start.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/made_tasks.hpp"

namespace rondo {
namespace {

using test::changed;
using test::made;
using test::when;

TEST(count, CountsTheFirstDueDateOfASeriesBegunFromNowOn) {
    const task mondays =
        made({.due_date = when("2026-02-05"), .type = recurring_type::custom, .rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=2"});
    EXPECT_TRUE(mondays.repeat.counts_start);
    task older = mondays;
    older.repeat.counts_start = false;
    // A title, another end, one moved alone: the series goes on as it was begun. Another rule or due date begins it anew.
    EXPECT_FALSE(changed(older, {.title = "y"}).repeat.counts_start);
    EXPECT_FALSE(changed(older, {.end_date = when("2027-01-01")}).repeat.counts_start);
    EXPECT_FALSE(changed(older, {.due_date = when("2026-02-06"), .scope = edit_scope::occurrence}).repeat.counts_start);
    EXPECT_TRUE(changed(older, {.due_date = when("2026-02-06")}).repeat.counts_start);
    EXPECT_TRUE(changed(older, {.rule = "FREQ=WEEKLY;BYDAY=TU;COUNT=2"}).repeat.counts_start);
    EXPECT_FALSE(changed(older, {.rule = "FREQ=WEEKLY;BYDAY=TU"}).repeat.counts_start);
    EXPECT_TRUE(changed(older, {.mode = repeat_mode::every_occurrence}).repeat.counts_start);
    // One that ends with its first is a series all the same.
    EXPECT_TRUE(
        made({.due_date = when("2026-02-05"), .type = recurring_type::custom, .rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=1"})
            .repeat.counts_start);
}

TEST(count, MakesSoManyTasks) {
    for (const int count : {1, 2, 3, 5, 10})
        for (const bool counts_start : {true, false}) {
            task one = made({.due_date = when("2026-02-05"),
                             .type = recurring_type::custom,
                             .rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=" + std::to_string(count)});
            one.repeat.counts_start = counts_start;
            int tasks = 1;
            for (;; ++tasks) {
                one.completed_at = begin_instant(*one.due, one.zone);
                const auto child = make_child(one, {}, *one.completed_at);
                if (!child) {
                    EXPECT_EQ(child.error(), series_end::rule_exhausted);
                    break;
                }
                EXPECT_EQ(child->repeat, one.repeat);
                one = *child;
            }
            EXPECT_EQ(tasks, counts_start ? count : count + 1);
        }
}

}  // namespace
}  // namespace rondo
