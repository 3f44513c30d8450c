#include "usecases/tasks/read_stats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch_store.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using test::at;
using test::due_at;

class reading_stats : public testing::Test {
protected:
    /// Done at noon of the day it was due.
    static task done_on(std::chrono::local_days day, user_id owner, task_id series, int occurrence) {
        task done{.id = {}, .owner = owner, .title = "x"};
        done.status = task_status::done;
        done.due = due{.wall = day, .all_day = true};
        done.repeat.type = recurring_type::daily;
        done.series = series;
        done.occurrence = occurrence;
        done.completed_at = done.zone.to_instant(day + 12h).at;
        return done;
    }
    /// Adds `count` occurrences, the last of which was done on `last`.
    task_id add_series(int count, std::chrono::local_days last) {
        return db.write([&](transaction& tx) {
            const auto series = tx.new_id<task_id>();
            for (int i = 1; i <= count; ++i) {
                task done = done_on(last - days{count - i}, ann.id, series, i);
                done.id = i == 1 ? series : tx.new_id<task_id>();
                if (!tx.insert_task(done))
                    throw std::logic_error{"not inserted"};
            }
            return series;
        });
    }
    result<stats> read(const day_range& range) {
        return db.read([&](const transaction& tx) { return read_stats(tx, ann.id, range); });
    }

    test::scratch_store db;
    user ann = db.add_user();
    std::chrono::local_days today = std::chrono::floor<days>(due_at("2026-02-08").wall);
};

TEST_F(reading_stats, CountsTheRangeAndLooksForStreaksBeyondIt) {
    const task_id series = add_series(20, today);
    const auto found = read({.from = today - days{2}, .to = today}).value();
    EXPECT_EQ(found.totals, (done_count{.completed = 3, .on_time = 3, .late = 0}));
    ASSERT_EQ(found.series.size(), 1u);
    EXPECT_EQ(found.series[0].series, series);
    EXPECT_EQ(found.series[0].done.completed, 3);
    EXPECT_EQ(found.series[0].streak, (streak{.current = 20, .longest = 20}));
}

TEST_F(reading_stats, LooksForStreaksInTheNewestOccurrencesOfALongSeries) {
    constexpr int most = static_cast<int>(streak_members_max);
    add_series(most + 1, today);
    const auto found = read({.from = today, .to = today}).value();
    ASSERT_EQ(found.series.size(), 1u);
    EXPECT_EQ(found.series[0].streak, (streak{.current = most, .longest = most}));
}

TEST_F(reading_stats, RefusesARangeInWhichTooMuchWasDone) {
    constexpr int most = static_cast<int>(stats_records_max);
    db.write([&](transaction& tx) {
        for (int i = 0; i < most; ++i) {
            task done = done_on(today, ann.id, {}, 1);
            done.id = done.series = tx.new_id<task_id>();
            tx.insert_task(done);
        }
    });
    EXPECT_EQ(read({.from = today, .to = today}).value().totals.completed, most);
    add_series(1, today);
    const auto refused = read({.from = today, .to = today});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid);
    ASSERT_EQ(refused.error().faults.size(), 1u);
    EXPECT_EQ(refused.error().faults[0].pointer, "?from");
    EXPECT_EQ(read({.from = today + days{3}, .to = today + days{9}}).value().totals.completed, 0);
}

}  // namespace
}  // namespace rondo
