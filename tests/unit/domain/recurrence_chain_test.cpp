// Whole series: each occurrence is completed, and the next one is worked out from it, 400 times over.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "domain/recurrence/recurrence.hpp"
#include "domain/task.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::seconds;
using std::chrono::year_month_day;
using test::due_at;
using test::shown;
using test::zone;

constexpr int chain_length = 400;

struct series {
    recurring_type type;
    int interval;
    repeat_mode mode;
    std::string zone;
    std::string start;
};

void PrintTo(const series& s, std::ostream* out) {
    *out << to_string(s.type) << " every " << s.interval << ", " << to_string(s.mode) << ", " << s.zone << " from "
         << s.start;
}

/// The dues of a chain, `late_by(step)` after which each is completed.
template <class LateBy>
std::vector<next_step> chain(const series& given, LateBy late_by) {
    const time_zone where = zone(given.zone);
    const recurrence rule{.type = given.type, .interval = given.interval, .mode = given.mode};
    const due first = due_at(given.start);
    std::vector<next_step> steps{{.at = first, .series_start = first, .kind = wall_kind::unique, .clamped = false}};
    while (steps.size() < chain_length) {
        const next_step& last = steps.back();
        const instant done = instant{where.to_instant(last.at.wall).at} + late_by(steps.size());
        const auto next =
            next_occurrence(rule, {.current = last.at, .series_start = last.series_start, .zone = where}, done);
        if (!next)
            break;
        steps.push_back(*next);
    }
    return steps;
}

class series_in_each_mode
    : public testing::TestWithParam<std::tuple<recurring_type, repeat_mode, const char*, const char*>> {
protected:
    series given() const {
        const auto& [type, mode, where, start] = GetParam();
        return {.type = type, .interval = 1, .mode = mode, .zone = where, .start = start};
    }
};

/// What day the n-th member of a series is, by stepping through the calendar a day at a time.
class calendar {
public:
    calendar(recurring_type type, local_days first) : type_{type}, first_{first}, today_{first} {}

    local_days next() {
        do {
            today_ += days{1};
        } while (!is_member());
        return today_;
    }

private:
    bool is_member() const {
        const year_month_day first{first_}, today{today_};
        const year_month_day tomorrow{today_ + days{1}};
        const bool is_day =
            today.day() == first.day() || (today.day() < first.day() && tomorrow.month() != today.month());
        switch (type_) {
            case recurring_type::weekly:
                return (today_ - first_).count() % 7 == 0;
            case recurring_type::monthly:
                return is_day;
            case recurring_type::yearly:
                return is_day && today.month() == first.month();
            default:
                return true;
        }
    }

    recurring_type type_;
    local_days first_;
    local_days today_;
};

TEST_P(series_in_each_mode, DoneOnItsDayNeverDriftsInHourOrDay) {
    const series s = given();
    const std::vector<next_step> steps = chain(s, [](std::size_t) { return 0min; });
    ASSERT_EQ(steps.size(), chain_length);
    const local_days first_day = floor<days>(steps[0].at.wall);
    const seconds hour = steps[0].at.wall - first_day;
    calendar expected{s.type, first_day};
    for (std::size_t i = 1; i < steps.size(); ++i) {
        const local_days day = floor<days>(steps[i].at.wall);
        ASSERT_EQ(steps[i].at.wall - day, hour);
        ASSERT_EQ(format_date(day), format_date(expected.next()));
        ASSERT_EQ(steps[i].series_start, steps[0].at);
        ASSERT_EQ(steps[i].clamped,
                  s.type >= recurring_type::monthly && year_month_day{day}.day() != year_month_day{first_day}.day());
    }
}

TEST_P(series_in_each_mode, IsStrictlyLaterWheneverItIsDone) {
    const series s = given();
    const time_zone where = zone(s.zone);
    std::mt19937 random{5};
    std::uniform_int_distribution<int> some_minutes{-60 * 24 * 40, 60 * 24 * 40};
    const std::vector<next_step> steps =
        chain(s, [&](std::size_t) { return std::chrono::minutes{some_minutes(random)}; });
    ASSERT_EQ(steps.size(), chain_length);
    const seconds hour = steps[0].at.wall - floor<days>(steps[0].at.wall);
    for (std::size_t i = 1; i < steps.size(); ++i) {
        ASSERT_GT(due_instant(steps[i].at, where), due_instant(steps[i - 1].at, where)) << i;
        ASSERT_GT(where.to_instant(steps[i].at.wall).at, where.to_instant(steps[i - 1].at.wall).at) << i;
        ASSERT_EQ(steps[i].at.wall - floor<days>(steps[i].at.wall), hour) << i;
    }
}

INSTANTIATE_TEST_SUITE_P(
    chains, series_in_each_mode,
    testing::Combine(
        testing::Values(recurring_type::daily, recurring_type::weekly, recurring_type::monthly, recurring_type::yearly),
        testing::Values(repeat_mode::after_completion, repeat_mode::on_schedule, repeat_mode::every_occurrence),
        testing::Values("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"),
        testing::Values("2024-01-31T02:30", "2024-02-29T00:15", "2025-10-05T23:59", "2024-12-31")));

TEST(daily_chain, CrossesBothChangesOfTheClockEveryYear) {
    const series s{.type = recurring_type::daily,
                   .interval = 1,
                   .mode = repeat_mode::after_completion,
                   .zone = "Europe/Berlin",
                   .start = "2026-01-01T02:30"};
    int skipped = 0;
    int repeated = 0;
    for (const next_step& step : chain(s, [](std::size_t) { return 30min; })) {
        const std::string text = shown(step.at, zone(s.zone));
        skipped += step.kind == wall_kind::skipped;
        repeated += step.kind == wall_kind::repeated;
        if (step.kind == wall_kind::skipped)
            EXPECT_EQ(text, "2026-03-29T03:30:00+02:00");
        else
            EXPECT_NE(text.find("T02:30:00"), std::string::npos) << text;
        if (step.kind == wall_kind::repeated)
            EXPECT_EQ(text, "2026-10-25T02:30:00+02:00");
    }
    EXPECT_EQ(skipped, 1);
    EXPECT_EQ(repeated, 1);
}

/// The definition word for word, trying one member after the other.
std::optional<due> step_by_step(const series& s, const due& start, const due& current, instant done) {
    const time_zone where = zone(s.zone);
    const auto done_wall = where.to_wall(floor<seconds>(done));
    const local_days done_day = floor<days>(done_wall);
    const local_days current_day = floor<days>(where.to_wall(where.to_instant(current.wall).at));
    const local_days start_day = floor<days>(start.wall);
    const bool from_completion = s.mode == repeat_mode::after_completion;
    const bool own_day = done_day == current_day;
    const year_month_day base{from_completion ? done_day : start_day};
    const auto wanted = from_completion && !own_day ? base.day() : year_month_day{start_day}.day();
    for (int k = from_completion ? 1 : 0;; ++k) {
        local_days day = from_completion ? done_day : start_day;
        if (s.type == recurring_type::daily) {
            day += days{k * s.interval};
        } else if (s.type == recurring_type::weekly) {
            day += days{7 * k * s.interval};
        } else {
            auto month = base.year() / base.month();
            month += std::chrono::months{k * s.interval * (s.type == recurring_type::yearly ? 12 : 1)};
            day = local_days{month / std::min(wanted, (month / std::chrono::last).day())};
        }
        const auto moment = where.to_instant(day + (start.wall - start_day)).at;
        if (moment <= where.to_instant(current.wall).at ||
            (s.mode == repeat_mode::on_schedule && instant{moment} <= done))
            continue;
        return due{.wall = day + (start.wall - start_day)};
    }
}

TEST(jump, LandsWhereSteppingDoes) {
    std::mt19937 random{2026};
    const auto pick = [&](auto... choices) {
        const std::array all{choices...};
        return all[random() % all.size()];
    };
    std::set<std::tuple<recurring_type, repeat_mode>> seen;
    for (int i = 0; i < 3'000; ++i) {
        series s{.type = pick(recurring_type::daily, recurring_type::weekly, recurring_type::monthly,
                              recurring_type::yearly),
                 .interval = pick(1, 1, 2, 3, 5, 12, 30, 999),
                 .mode = pick(repeat_mode::after_completion, repeat_mode::on_schedule, repeat_mode::every_occurrence),
                 .zone = pick("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"),
                 .start = {}};
        if (s.interval == 999 && s.type == recurring_type::yearly)
            s.interval = 9;
        const auto some_time = [&] {
            return due_at("2010-01-01T00:00").wall + days{random() % 2'000} + std::chrono::minutes{random() % 1'440};
        };
        const due start{.wall = some_time()};
        const recurrence rule{.type = s.type, .interval = s.interval, .mode = s.mode};
        // The present due is a member of the series, or was moved.
        due current = start;
        for (std::size_t steps = random() % 4; steps > 0; --steps)
            current = *step_by_step({.type = s.type,
                                     .interval = s.interval,
                                     .mode = repeat_mode::every_occurrence,
                                     .zone = s.zone,
                                     .start = {}},
                                    start, current, instant{});
        if (s.mode != repeat_mode::after_completion && random() % 4 == 0)
            current.wall += std::chrono::minutes{random() % 20'000} - 10'000min;
        const instant done = instant{zone(s.zone).to_instant(current.wall).at} +
                             (random() % 3 == 0 ? 0min : std::chrono::minutes{random() % 200'000} - 20'000min);
        const auto found =
            next_occurrence(rule, {.current = current, .series_start = start, .zone = zone(s.zone)}, done);
        ASSERT_TRUE(found);
        const auto expected = step_by_step(s, start, current, done);
        ASSERT_EQ(shown(found->at, zone(s.zone)), shown(*expected, zone(s.zone)))
            << testing::PrintToString(s) << " start " << shown(start) << " due " << shown(current) << " done "
            << format_instant(done);
        seen.emplace(s.type, s.mode);
    }
    EXPECT_EQ(seen.size(), 12u);
}

}  // namespace
}  // namespace rondo
