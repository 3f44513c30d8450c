#include "domain/stats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using std::chrono::days;
using test::at;
using test::due_at;
using test::zone;
using testing::ElementsAre;
using testing::IsEmpty;

std::chrono::local_days day(const char* text) {
    return std::chrono::floor<days>(due_at(text).wall);
}

day_range february(const char* from, const char* to) {
    return {.from = day(from), .to = day(to)};
}

task_id id(std::uint8_t number) {
    task_id made;
    made.value.bytes[15] = number;
    return made;
}

/// Done at `completed`, or open without it.
occurrence_record record(const char* when, const char* completed, const char* where = "UTC") {
    return {.series = id(1),
            .title = "Water the plants",
            .occurrence = 1,
            .repeats = true,
            .status = completed != nullptr ? task_status::done : task_status::pending,
            .due = when != nullptr ? std::optional{due_at(when)} : std::nullopt,
            .zone = zone(where),
            .completed_at = completed != nullptr ? std::optional{at(completed)} : std::nullopt};
}

done_count counted(const occurrence_record& one) {
    return count_done(february("2026-01-01", "2026-12-31"), std::vector{one}, {}).totals;
}

constexpr done_count on_time{.completed = 1, .on_time = 1, .late = 0};
constexpr done_count late{.completed = 1, .on_time = 0, .late = 1};

TEST(completions, AreOnTimeUntilTheDueInstant) {
    EXPECT_EQ(counted(record("2026-02-08T09:00", "2026-02-08T09:00:00.000Z")), on_time);
    EXPECT_EQ(counted(record("2026-02-08T09:00", "2026-02-08T09:00:00.001Z")), late);
    EXPECT_EQ(counted(record("2026-02-08T09:00", "2026-02-01T00:00:00Z")), on_time);
    EXPECT_EQ(counted(record("2026-02-08T09:00", "2026-02-08T08:00:00Z", "Europe/Berlin")), on_time);
    EXPECT_EQ(counted(record("2026-02-08T09:00", "2026-02-08T08:00:01Z", "Europe/Berlin")), late);
}

TEST(completions, OfADayAreOnTimeUntilItsEndInItsZone) {
    EXPECT_EQ(counted(record("2026-02-08", "2026-02-08T23:59:59.999Z")), on_time);
    EXPECT_EQ(counted(record("2026-02-08", "2026-02-09T00:00:00.000Z")), late);
    EXPECT_EQ(counted(record("2026-02-08", "2026-02-09T07:59:59Z", "America/Los_Angeles")), on_time);
    EXPECT_EQ(counted(record("2026-02-08", "2026-02-09T08:00:00Z", "America/Los_Angeles")), late);
    // The last day of summer time has 25 hours.
    EXPECT_EQ(counted(record("2026-10-25", "2026-10-25T22:59:59Z", "Europe/Berlin")), on_time);
}

TEST(completions, WithoutADueDateAreNeitherOnTimeNorLate) {
    EXPECT_EQ(counted(record(nullptr, "2026-02-08T09:00:00Z")), (done_count{.completed = 1}));
}

TEST(days, AreAllThereEachWithWhatWasDoneOnIt) {
    const auto found = count_done(
        february("2026-02-07", "2026-02-09"),
        std::vector{record("2026-02-08", "2026-02-08T10:00:00Z"), record("2026-02-07", "2026-02-08T11:00:00Z"),
                    record("2026-02-09", "2026-02-09T23:59:59Z"), record("2026-02-06", "2026-02-06T23:59:59Z"),
                    record("2026-02-10", "2026-02-10T00:00:00Z")},
        {});
    ASSERT_EQ(found.days.size(), 3u);
    EXPECT_EQ(found.days[0].day, day("2026-02-07"));
    EXPECT_EQ(found.days[0].done, done_count{});
    EXPECT_EQ(found.days[1].done, (done_count{.completed = 2, .on_time = 1, .late = 1}));
    EXPECT_EQ(found.days[2].done, on_time);
    EXPECT_EQ(found.totals, (done_count{.completed = 3, .on_time = 2, .late = 1}));
}

TEST(days, AreThoseOfTheTasksZones) {
    // One instant, three days.
    const auto day_in = [](const char* where) {
        const auto found = count_done(february("2026-02-07", "2026-02-09"),
                                      std::vector{record(nullptr, "2026-02-08T10:30:00Z", where)}, {});
        for (std::size_t i = 0; i < found.days.size(); ++i)
            if (found.days[i].done.completed == 1)
                return static_cast<int>(i);
        return -1;
    };
    EXPECT_EQ(day_in("Pacific/Pago_Pago"), 0);
    EXPECT_EQ(day_in("UTC"), 1);
    EXPECT_EQ(day_in("Pacific/Kiritimati"), 2);
}

TEST(days, LieWithinTheInstantsThatAreAskedFor) {
    const auto range = february("2026-02-08", "2026-02-08");
    const auto asked = instants_of(range);
    for (const char* where : {"Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"}) {
        const time_zone there = zone(where);
        EXPECT_LE(asked.from, there.to_instant(range.from).at) << where;
        EXPECT_GE(asked.until, there.to_instant(range.to + days{1}).at) << where;
    }
}

occurrence_record of_series(std::uint8_t series, const char* title, const char* completed = "2026-02-08T10:00:00Z") {
    auto one = record("2026-02-08", completed);
    one.series = id(series);
    one.title = title;
    return one;
}

TEST(counted_series, AreThoseThatRepeatWithTheMostCompletionsFirst) {
    auto alone = of_series(9, "once");
    alone.repeats = false;
    auto last = of_series(3, "the last of its series");
    last.repeats = false;
    last.occurrence = 4;
    const auto found =
        count_done(february("2026-02-08", "2026-02-08"),
                   std::vector{alone, of_series(2, "b"), of_series(1, "a"), of_series(2, "b renamed"), last,
                               of_series(5, "another day", "2026-02-07T10:00:00Z")},
                   std::vector<skip_record>{{.series = id(1), .zone = {}, .at = at("2026-02-08T12:00:00Z")},
                                            {.series = id(4), .zone = {}, .at = at("2026-02-08T12:00:00Z")},
                                            {.series = id(6), .zone = {}, .at = at("2026-02-09T00:00:00Z")}});
    ASSERT_EQ(found.series.size(), 4u);
    EXPECT_EQ(found.series[0].series, id(2));
    EXPECT_EQ(found.series[0].title, "b renamed");
    EXPECT_EQ(found.series[0].done.completed, 2);
    EXPECT_EQ(found.series[1].series, id(1));
    EXPECT_EQ(found.series[1].skipped, 1);
    EXPECT_EQ(found.series[2].series, id(3));
    EXPECT_EQ(found.series[3].series, id(4));
    EXPECT_EQ(found.series[3].done.completed, 0);
    EXPECT_EQ(found.series[3].skipped, 1);
    EXPECT_EQ(found.totals.completed, 5);
}

TEST(counted_series, AreAsManyAsTheBoundAtMost) {
    std::vector<occurrence_record> all;
    for (std::size_t i = 0; i <= stats_series_max; ++i) {
        auto one = of_series(static_cast<std::uint8_t>(i), "x");
        all.push_back(one);
        if (i == stats_series_max)
            all.push_back(one);
    }
    const auto found = count_done(february("2026-02-08", "2026-02-08"), all, {});
    ASSERT_EQ(found.series.size(), stats_series_max);
    EXPECT_EQ(found.series[0].series, id(static_cast<std::uint8_t>(stats_series_max)));
    EXPECT_EQ(found.totals.completed, static_cast<int>(stats_series_max) + 2) << "the totals count all of them";
}

streak streak_at(const char* now, const std::vector<occurrence_record>& members) {
    return streak_of(members, at(now));
}

TEST(streaks, CountWhatWasDoneOnTimeInARow) {
    const std::vector<occurrence_record> members{
        record("2026-02-01", "2026-02-01T10:00:00Z"), record("2026-02-02", "2026-02-02T10:00:00Z"),
        record("2026-02-03", "2026-02-03T10:00:00Z"), record("2026-02-04", "2026-02-05T10:00:00Z"),
        record("2026-02-06", "2026-02-06T10:00:00Z"), record("2026-02-07", nullptr)};
    EXPECT_EQ(streak_at("2026-02-07T12:00:00Z", members), (streak{.current = 1, .longest = 3}));
    EXPECT_EQ(streak_of({}, at("2026-02-07T12:00:00Z")), streak{});
}

TEST(streaks, EndWithAnOpenOneThatIsOverdue) {
    const std::vector<occurrence_record> members{record("2026-02-01", "2026-02-01T10:00:00Z"),
                                                 record("2026-02-02T09:00", nullptr)};
    EXPECT_EQ(streak_at("2026-02-02T09:00:00.000Z", members), (streak{.current = 1, .longest = 1}));
    EXPECT_EQ(streak_at("2026-02-02T09:00:00.001Z", members), (streak{.current = 0, .longest = 1}));
}

TEST(streaks, PassOverWhatWasSkippedCancelledOrHasNoDueDate) {
    auto cancelled = record("2026-02-02", nullptr);
    cancelled.status = task_status::cancelled;
    auto after_a_skip = record("2026-02-05", "2026-02-05T10:00:00Z");
    after_a_skip.occurrence = 5;
    const std::vector<occurrence_record> members{record("2026-02-01", "2026-02-01T10:00:00Z"), cancelled,
                                                 record(nullptr, "2026-02-03T10:00:00Z"), after_a_skip};
    EXPECT_EQ(streak_at("2026-03-01T00:00:00Z", members), (streak{.current = 2, .longest = 2}));
}

// Told from Tokyo or from Los Angeles: instants are compared, so nobody's clock matters.
TEST(streaks, AreTheSameWhateverZoneTheMembersAreIn) {
    const std::vector<occurrence_record> travelled{
        record("2026-02-08T09:00", "2026-02-07T23:59:00Z", "Asia/Tokyo"),
        record("2026-02-09T09:00", "2026-02-09T16:59:00Z", "America/Los_Angeles"),
        record("2026-02-10T09:00", "2026-02-10T08:00:00Z", "Europe/Berlin")};
    EXPECT_EQ(streak_at("2026-02-10T12:00:00Z", travelled), (streak{.current = 3, .longest = 3}));
}

}  // namespace
}  // namespace rondo
