#pragma once
// Sends spans to an OpenTelemetry collector (OTLP over HTTP, as JSON).

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "telemetry/otlp/settings.hpp"
#include "telemetry/trace.hpp"

namespace rondo::http {
class client;
}

namespace rondo::otlp {

inline constexpr std::size_t spans_waiting_max = 8192;  ///< more are dropped and counted
inline constexpr std::size_t spans_per_export_max = 512;
inline constexpr std::chrono::milliseconds export_interval{1'000};
inline constexpr int export_tries_max = 3;
inline constexpr std::chrono::milliseconds export_patience_at_end{2'000};

/// A bounded queue and a thread that empties it: every second, or when a full batch waits. What the collector does not take in three tries is dropped
/// and counted. Destroying it sends what waits, within `export_patience_at_end`, and joins the thread.
class exporter final : public span_sink {
public:
    explicit exporter(settings to);
    ~exporter() override;

    bool wants(std::string_view traceparent, span_parent parent) const override {
        return to_.sampler.wants(traceparent, parent);
    }
    void add(span ended) override;
    std::uint64_t dropped() const override { return dropped_; }

private:
    void run();
    bool send(const std::vector<span>& batch);
    bool out_of_time() const { return std::chrono::steady_clock::now() >= stop_by_.load(); }
    /// Waits so long or until the end; true at the end.
    bool pause(std::chrono::milliseconds lasting);

    settings to_;
    std::unique_ptr<http::client> collector_;  // of the thread's
    std::mutex mutex_;
    std::condition_variable woken_;
    std::vector<span> waiting_;
    bool stopping_ = false;
    std::atomic<std::chrono::steady_clock::time_point> stop_by_{std::chrono::steady_clock::time_point::max()};
    std::atomic<std::uint64_t> dropped_{0};
    bool failing_ = false;  // of the thread's
    std::thread thread_;
};

}  // namespace rondo::otlp
