#include "telemetry/metrics.hpp"

#include <chrono>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rondo {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

TEST(metrics, HaveTheNamesOfTheContract) {
    metrics meters;
    meters.request_ended("GET", "/api/tasks", 200, 3ms);
    meters.request_refused(431);
    meters.text_keys_left(7);
    const auto text = meters.expose({.outbox_pending = 3,
                                     .outbox_oldest_age_seconds = 1.5,
                                     .recurrence_missing = 2,
                                     .version = "6.0.0",
                                     .tz_version = "2026b"});
    for (const std::string line :
         {"# TYPE http_server_request_duration_seconds histogram", "# TYPE rondo_outbox_pending gauge",
          "rondo_outbox_pending 3", "rondo_outbox_oldest_age_seconds 1.5", "rondo_recurrence_missing 2",
          "rondo_text_keys_left 7", "# TYPE rondo_events_published_total counter",
          "rondo_events_published_total{transport=\"embedded\"} 0",
          "rondo_events_consumed_total{outcome=\"created\"} 0",
          "rondo_events_dead_lettered_total{origin=\"endpoint\"} 0", "rondo_tasks_created_total{origin=\"user\"} 0",
          "rondo_tasks_created_total{origin=\"recurrence\"} 0", "# TYPE rondo_completion_to_child_seconds histogram",
          "rondo_http_refused_total{status=\"431\"} 1", "rondo_log_dropped_total",
          "rondo_build_info{version=\"6.0.0\"} 1", "rondo_tzdb_info{version=\"2026b\"} 1"})
        EXPECT_THAT(text, HasSubstr(line + (line.starts_with("rondo_log") ? "" : "\n")));
}

TEST(metrics, CountWhatHappened) {
    metrics meters;
    meters.task_created_by_user();
    meters.task_created_by_user();
    meters.task_created_by_recurrence();
    meters.event_published("embedded");
    meters.event_consumed("created");
    meters.event_consumed("dropped");
    meters.event_dead_lettered("endpoint");
    meters.child_created(30ms);
    const auto text = meters.expose({});
    for (const std::string line :
         {"rondo_tasks_created_total{origin=\"user\"} 2", "rondo_tasks_created_total{origin=\"recurrence\"} 1",
          "rondo_events_published_total{transport=\"embedded\"} 1",
          "rondo_events_consumed_total{outcome=\"created\"} 1", "rondo_events_consumed_total{outcome=\"dropped\"} 1",
          "rondo_events_dead_lettered_total{origin=\"endpoint\"} 1", "rondo_completion_to_child_seconds_count 1",
          "rondo_completion_to_child_seconds_sum 0.03", "rondo_completion_to_child_seconds_bucket{le=\"0.025\"} 0",
          "rondo_completion_to_child_seconds_bucket{le=\"0.05\"} 1"})
        EXPECT_THAT(text, HasSubstr(line + "\n"));
}

TEST(request_histogram, TellsRoutesMethodsAndStatusesApart) {
    metrics meters;
    meters.request_ended("GET", "/api/tasks/{id}", 200, 400us);
    meters.request_ended("GET", "/api/tasks/{id}", 404, 400us);
    meters.request_ended("PATCH", "/api/tasks/{id}", 200, 400us);
    const auto text = meters.expose({});
    const auto bucket = [](const std::string& method, const std::string& status) {
        return "http_server_request_duration_seconds_bucket{http_request_method=\"" + method +
               "\",http_route=\"/api/tasks/{id}\",http_response_status_code=\"" + status + "\",le=\"0.0005\"} 1\n";
    };
    EXPECT_THAT(text, HasSubstr(bucket("GET", "200")));
    EXPECT_THAT(text, HasSubstr(bucket("GET", "404")));
    EXPECT_THAT(text, HasSubstr(bucket("PATCH", "200")));
}

TEST(request_histogram, TakesLabelsFromAClosedSet) {
    metrics meters;
    meters.request_ended("BREW", "", 404, 1ms);
    const auto text = meters.expose({});
    EXPECT_THAT(text, HasSubstr("http_request_method=\"_OTHER\",http_route=\"unmatched\""));
    EXPECT_THAT(text, Not(HasSubstr("BREW")));
}

TEST(request_histogram, IsBoundedHoweverManyRoutesThereAre) {
    metrics meters;
    for (int i = 0; i < 5000; ++i)
        meters.request_ended("GET", "/route/" + std::to_string(i), 200, 1ms);
    const auto text = meters.expose({});
    std::size_t series = 0;
    std::size_t counted = 0;
    for (auto at = text.find("_seconds_count{"); at != std::string::npos; at = text.find("_seconds_count{", at + 1)) {
        ++series;
        counted += std::stoul(text.substr(text.find("} ", at) + 2));
    }
    EXPECT_LE(series, 1025U);
    EXPECT_EQ(counted, 5000U);
    EXPECT_THAT(text, HasSubstr("http_route=\"unmatched\""));
}

TEST(request_histogram, LosesNothingWithManyThreads) {
    metrics meters;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 20'000; ++i)
                meters.request_ended("GET", "/route/" + std::to_string(i % 10), 200, 2ms);
        });
    for (auto& one : threads)
        one.join();
    const auto text = meters.expose({});
    for (int i = 0; i < 10; ++i)
        EXPECT_THAT(
            text,
            HasSubstr("http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/route/" +
                      std::to_string(i) + "\",http_response_status_code=\"200\"} 16000\n"));
}

TEST(metrics, SayNotANumberWhenTheDatabaseDoesNotAnswer) {
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(metrics{}.expose({.outbox_pending = unknown}), HasSubstr("rondo_outbox_pending Nan\n"));
}

}  // namespace
}  // namespace rondo
