// What every request with a login pays before anything else.

#include <benchmark/benchmark.h>

#include <chrono>

#include "auth/tokens.hpp"
#include "base/random.hpp"

namespace {

using namespace rondo;

void verify_token(benchmark::State& state) {
    const tokens of_ours{"only-for-measuring-0123456789abcdef", std::chrono::minutes{1440}};
    const instant now{std::chrono::milliseconds{1'770'541'200'000}};
    system_random random;
    const auto token = of_ours.issue(user_id{make_uuid_v7(now, random)}, session_id{make_uuid_v7(now, random)}, now);
    for (auto _ : state)
        benchmark::DoNotOptimize(of_ours.verify(token, now));
}
BENCHMARK(verify_token);

}  // namespace
