#include "domain/recurrence/upcoming.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using test::at;
using test::due_at;
using test::shown;
using test::zone;

const instant now = at("2026-02-08T12:00:00Z");

task repeating(const recurrence& rule, const char* when) {
    return {.title = "x", .due = due_at(when), .repeat = rule, .series_start = due_at(when)};
}

std::vector<std::string> dates(const upcoming& found, const time_zone& where = {}) {
    std::vector<std::string> all;
    for (const auto& one : found.occurrences)
        all.push_back(shown(one.step.at, where));
    return all;
}

TEST(upcoming, CountsFromEachDueDate) {
    const auto found = upcoming_occurrences(repeating({.type = recurring_type::monthly}, "2026-03-31"), 3, now);
    EXPECT_EQ(dates(found), (std::vector<std::string>{"2026-04-30", "2026-05-31", "2026-06-30"}));
    EXPECT_EQ(found.ends, std::nullopt);
    EXPECT_FALSE(found.occurrences.back().last);
    EXPECT_TRUE(found.occurrences[0].step.clamped);
    EXPECT_FALSE(found.occurrences[1].step.clamped);
}

TEST(upcoming, OfAnOverdueTaskCountsFromNow) {
    const auto found = upcoming_occurrences(repeating({.type = recurring_type::daily}, "2026-02-01"), 2, now);
    EXPECT_EQ(dates(found), (std::vector<std::string>{"2026-02-09", "2026-02-10"}));
    const auto kept = upcoming_occurrences(
        repeating({.type = recurring_type::daily, .mode = repeat_mode::every_occurrence}, "2026-02-01"), 2, now);
    EXPECT_EQ(dates(kept), (std::vector<std::string>{"2026-02-02", "2026-02-03"}));
}

TEST(upcoming, OfADoneTaskCountsFromItsCompletion) {
    task done = repeating({.type = recurring_type::daily}, "2026-02-01");
    done.status = task_status::done;
    done.completed_at = at("2026-02-03T10:00:00Z");
    EXPECT_EQ(dates(upcoming_occurrences(done, 1, now)), std::vector<std::string>{"2026-02-04"});
}

TEST(upcoming, TellsTheLastOneAndWhy) {
    const recurrence three{
        .type = recurring_type::custom, .rule = "FREQ=DAILY;COUNT=3", .mode = repeat_mode::on_schedule};
    for (const int count : {2, 3, 100}) {
        const auto found = upcoming_occurrences(repeating(three, "2026-02-08T18:00"), count, now);
        ASSERT_EQ(found.occurrences.size(), 2u);
        EXPECT_FALSE(found.occurrences[0].last);
        EXPECT_TRUE(found.occurrences[1].last);
        EXPECT_EQ(found.ends, series_end::rule_exhausted);
    }
    const auto first = upcoming_occurrences(repeating(three, "2026-02-08T18:00"), 1, now);
    EXPECT_FALSE(first.occurrences[0].last);
    EXPECT_EQ(first.ends, std::nullopt);
}

TEST(upcoming, OfNoSeriesIsEmpty) {
    const auto found = upcoming_occurrences(repeating({}, "2026-02-08"), 5, now);
    EXPECT_TRUE(found.occurrences.empty());
    EXPECT_EQ(found.ends, series_end::not_recurring);
}

// What is shown is what comes: each child, made when its parent was done on time, has the due date shown before.
TEST(upcoming, IsWhatMakingTheChildrenGives) {
    for (const auto& [rule, first] : std::vector<std::pair<recurrence, const char*>>{
             {{.type = recurring_type::daily}, "2026-03-20T02:30"},
             {{.type = recurring_type::monthly}, "2026-10-31T02:30"},
             {{.type = recurring_type::yearly, .mode = repeat_mode::on_schedule}, "2028-02-29"},
             {{.type = recurring_type::weekly, .interval = 2, .mode = repeat_mode::every_occurrence},
              "2026-02-10T23:45"},
             {{.type = recurring_type::custom, .rule = "FREQ=MONTHLY;BYDAY=-1SU", .mode = repeat_mode::on_schedule},
              "2026-03-29T02:30"}}) {
        task one = repeating(rule, first);
        one.zone = zone("Europe/Berlin");
        const auto shown_before = upcoming_occurrences(one, upcoming_max, now);
        ASSERT_EQ(shown_before.occurrences.size(), static_cast<std::size_t>(upcoming_max));
        for (const auto& promised : shown_before.occurrences) {
            one.completed_at = one.zone.to_instant(one.due->wall).at;
            one.status = task_status::done;
            one = make_child(one, {}, now).value();
            ASSERT_EQ(one.due, promised.step.at) << first;
        }
    }
}

}  // namespace
}  // namespace rondo
