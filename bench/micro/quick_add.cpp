// One line, as it is typed. A key asks for a dry run, so ordinary lines must cost little; the longest line that is
// accepted must not cost more than 100 µs, whatever is in it.

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/rfc3339.hpp"
#include "base/time_zone.hpp"
#include "domain/quick_add/quick_add.hpp"
#include "domain/words/date_order.hpp"

namespace {

using namespace rondo;

void read(benchmark::State& state, const std::string& line) {
    const auto now = std::get<std::chrono::local_seconds>(*parse_date_or_time("2026-02-11T10:30"));
    const auto zone = time_zone::find("Europe/Berlin").value();
    const auto order = date_order_of("en-US");
    for (auto _ : state)
        benchmark::DoNotOptimize(read_quick_add(line, now, zone, order));
}

void ordinary(benchmark::State& state, std::string_view line) {
    read(state, std::string{line});
}

void longest(benchmark::State& state, std::string_view words) {
    std::string line;
    while (line.size() + words.size() <= quick_add_max)
        line += words;
    read(state, line);
}

BENCHMARK_CAPTURE(ordinary, title, "Buy a present for Anna");
BENCHMARK_CAPTURE(ordinary, day_and_time, "Call mum tomorrow at 9 about the cake");
BENCHMARK_CAPTURE(ordinary, rent, "Pay rent every month on the 1st at 9am until June #home !high");
BENCHMARK_CAPTURE(ordinary, not_read, "Take pills 8am and 8pm every day");

BENCHMARK_CAPTURE(longest, prose, "the cat that we had seen was on a mat in the house of my friends ");
BENCHMARK_CAPTURE(longest, days, "tomorrow ");
BENCHMARK_CAPTURE(longest, every, "every ");
BENCHMARK_CAPTURE(longest, weekdays, "every mon ");
BENCHMARK_CAPTURE(longest, lists, "mon wed ");
BENCHMARK_CAPTURE(longest, places, "1st and ");
BENCHMARK_CAPTURE(longest, placed, "1st mon and ");
BENCHMARK_CAPTURE(longest, dates, "1 jan, ");
BENCHMARK_CAPTURE(longest, digits, "12/1 ");
BENCHMARK_CAPTURE(longest, lengths, "1h and ");
BENCHMARK_CAPTURE(longest, clocks, "8am and ");
BENCHMARK_CAPTURE(longest, links, "a on in to at ");
BENCHMARK_CAPTURE(longest, letters, "a ");
BENCHMARK_CAPTURE(longest, numbers, "1 ");

}  // namespace
