// One step of a series. The sum jumps, so a series that began long ago must cost no more than a new one, and a rule that
// occurs every 28 years no more than one that occurs daily.

#include <benchmark/benchmark.h>

#include <chrono>

#include "base/time_zone.hpp"
#include "domain/recurrence/recurrence.hpp"
#include "domain/recurrence/upcoming.hpp"

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using namespace rondo;

due at_nine(local_days day) {
    return {.wall = day + 9h};
}

void step(benchmark::State& state, recurring_type type, repeat_mode mode, local_days start, local_days present) {
    const recurrence rule{.type = type, .interval = 1, .rule = {}, .mode = mode, .end = {}};
    const auto zone = time_zone::find("Europe/Berlin").value();
    const occurrence_input from{.current = at_nine(present), .series_start = at_nine(start), .zone = zone};
    const auto completed = zone.to_instant(present + 18h).at;
    for (auto _ : state)
        benchmark::DoNotOptimize(next_occurrence(rule, from, completed));
}

constexpr local_days today{2026y / 2 / 8};
constexpr local_days long_ago{1970y / 1 / 31};

BENCHMARK_CAPTURE(step, daily_after_completion, recurring_type::daily, repeat_mode::after_completion, today, today);
BENCHMARK_CAPTURE(step, daily_on_schedule, recurring_type::daily, repeat_mode::on_schedule, today, today);
BENCHMARK_CAPTURE(step, daily_on_schedule_since_1970, recurring_type::daily, repeat_mode::on_schedule, long_ago, today);
BENCHMARK_CAPTURE(step, monthly_on_schedule, recurring_type::monthly, repeat_mode::on_schedule, today, today);
BENCHMARK_CAPTURE(step, monthly_on_schedule_since_1970, recurring_type::monthly, repeat_mode::on_schedule, long_ago,
                  today);

void custom_step(benchmark::State& state, const char* rule, local_days start, local_days present) {
    const recurrence repeat{
        .type = recurring_type::custom, .interval = 1, .rule = rule, .mode = repeat_mode::on_schedule, .end = {}};
    const auto zone = time_zone::find("Europe/Berlin").value();
    const auto completed = zone.to_instant(present + 18h).at;
    // Two series in turn, so that neither finds its rule read already.
    occurrence_input from{.current = at_nine(present), .series_start = at_nine(start), .zone = zone};
    for (auto _ : state) {
        from.series_start->wall += from.series_start->wall == at_nine(start).wall ? 1h : -1h;
        benchmark::DoNotOptimize(next_occurrence(repeat, from, completed));
    }
}

BENCHMARK_CAPTURE(custom_step, daily_since_1970, "FREQ=DAILY", long_ago, today);
BENCHMARK_CAPTURE(custom_step, last_friday, "FREQ=MONTHLY;BYDAY=-1FR", long_ago, today);
BENCHMARK_CAPTURE(custom_step, every_28_years, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", long_ago, today);
BENCHMARK_CAPTURE(custom_step, yearly_counted, "FREQ=YEARLY;BYDAY=53MO;COUNT=10000", long_ago, today);
BENCHMARK_CAPTURE(custom_step, weekly_counted, "FREQ=WEEKLY;BYMONTH=2;COUNT=10000", long_ago, today);

void preview(benchmark::State& state, const char* rule) {
    const task of{.title = "x",
                  .due = at_nine(long_ago),
                  .repeat = {.type = recurring_type::custom, .rule = rule, .mode = repeat_mode::every_occurrence},
                  .series_start = at_nine(long_ago)};
    for (auto _ : state)
        benchmark::DoNotOptimize(upcoming_occurrences(of, upcoming_max, {}));
}

BENCHMARK_CAPTURE(preview, last_friday, "FREQ=MONTHLY;BYDAY=-1FR");
BENCHMARK_CAPTURE(preview, yearly_counted, "FREQ=YEARLY;COUNT=10000");

}  // namespace
