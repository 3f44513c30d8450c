#pragma once
// The contract's metrics, by name. Recording takes no lock: counters are atomics, found through a table without locks.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace rondo {

class metrics {
public:
    metrics();
    ~metrics();

    /// http_server_request_duration_seconds{http_request_method,http_route,http_response_status_code}. `route` is the pattern that matched, empty
    /// when none did ("unmatched"); a method the engine does not know is "_OTHER".
    void request_ended(std::string_view method, std::string_view route, unsigned status, std::chrono::nanoseconds took);
    /// rondo_http_refused_total{status}
    void request_refused(unsigned status);
    /// rondo_tasks_created_total{origin="user"}
    void task_created_by_user();
    /// rondo_tasks_created_total{origin="recurrence"}
    void task_created_by_recurrence();
    /// rondo_events_published_total{transport}
    void event_published(std::string_view transport);
    /// rondo_events_consumed_total{outcome}
    void event_consumed(std::string_view outcome);
    /// rondo_events_dead_lettered_total{origin}
    void event_dead_lettered(std::string_view origin);
    /// rondo_completion_to_child_seconds
    void child_created(std::chrono::nanoseconds after_completion);

    /// rondo_text_keys_left: tasks that do not have their keys for sorting and searching yet, at most.
    void text_keys_left(std::int64_t tasks);

    /// Read when /metrics is asked: rondo_outbox_pending, rondo_outbox_oldest_age_seconds, rondo_recurrence_missing and the like. Not a number
    /// where the database did not answer.
    struct gauges {
        double outbox_pending = 0;
        double outbox_oldest_age_seconds = 0;
        double recurrence_missing = 0;
        std::string version{};  ///< for rondo_build_info
        std::string tz_version{};  ///< for rondo_tzdb_info
    };
    /// The Prometheus text format.
    std::string expose(const gauges& now) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace rondo
