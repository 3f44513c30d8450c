// One step of a series. The sum jumps, so a series that began long ago must cost no more than a new one.

#include <benchmark/benchmark.h>

#include <chrono>

#include "base/time_zone.hpp"
#include "domain/recurrence.hpp"

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

}  // namespace
