// A task in, a task out.

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>

#include "api/tasks/task_json.hpp"
#include "api/wire/json_reader.hpp"
#include "base/random.hpp"
#include "domain/task.hpp"

namespace {

using namespace rondo;

constexpr std::string_view body =
    R"({"title": "Water the plants", "description": "The ones on the balcony too", "priority": "high",)"
    R"( "due_date": "2026-02-08T09:00", "recurring_type": "daily", "tags": ["home", "garden"]})";

void read_body(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(parse_json(body));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(read_body);

task sample() {
    system_random random;
    const instant now{std::chrono::milliseconds{1'770'541'200'000}};
    task one;
    one.id = task_id{make_uuid_v7(now, random)};
    one.owner = user_id{make_uuid_v7(now, random)};
    one.title = "Water the plants";
    one.description = "The ones on the balcony too";
    one.due = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 2 / 8} + std::chrono::hours{9}};
    one.zone = time_zone::find("Europe/Berlin").value();
    one.repeat.type = recurring_type::daily;
    one.series_start = one.due;
    one.series = one.id;
    one.created_at = one.updated_at = now;
    for (const auto* name : {"home", "garden"})
        one.tags.push_back({.id = tag_id{make_uuid_v7(now, random)},
                            .owner = one.owner,
                            .name = name,
                            .color = tag_default_color,
                            .created_at = now});
    return one;
}

void write_task(benchmark::State& state) {
    const auto one = sample();
    for (auto _ : state)
        benchmark::DoNotOptimize(to_json(one));
}
BENCHMARK(write_task);

}  // namespace
