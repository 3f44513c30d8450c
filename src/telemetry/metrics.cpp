#include "telemetry/metrics.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <limits>
#include <span>
#include <sstream>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "telemetry/log.hpp"
#include "telemetry/trace.hpp"

namespace rondo {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array request_bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                    0.1,    0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
constexpr std::array child_bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,   0.25,
                                  0.5,   1.0,    2.5,   5.0,  10.0,  60.0, 600.0, 3600.0};

using counter = std::atomic<std::uint64_t>;

void count(counter& counted) {
    counted.fetch_add(1, std::memory_order_relaxed);
}

/// A histogram whose recording is two atomic additions. A reader may see an observation in one of them before the other.
template <const auto& Bounds>
class histogram {
public:
    void observe(std::chrono::nanoseconds took) {
        const double seconds = std::chrono::duration<double>(took).count();
        const auto bucket = std::ranges::lower_bound(Bounds, seconds) - Bounds.begin();
        count(buckets_[static_cast<std::size_t>(bucket)]);
        sum_ns_.fetch_add(took.count(), std::memory_order_relaxed);
    }

    bool seen_any() const { return sum_ns_.load(std::memory_order_relaxed) != 0; }

    ClientMetric collect() const {
        ClientMetric metric;
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < buckets_.size(); ++i) {
            total += buckets_[i].load(std::memory_order_relaxed);
            const double bound = i < Bounds.size() ? Bounds[i] : std::numeric_limits<double>::infinity();
            metric.histogram.bucket.push_back({.cumulative_count = total, .upper_bound = bound});
        }
        metric.histogram.sample_count = total;
        metric.histogram.sample_sum = static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9;
        return metric;
    }

private:
    std::array<counter, Bounds.size() + 1> buckets_{};
    std::atomic<std::int64_t> sum_ns_{0};
};

/// Counters that differ in one label, whose values are known beforehand; any other counts as "other".
template <std::size_t N>
class counters {
public:
    constexpr counters(std::string_view label, const std::array<std::string_view, N>& values)
        : label_{label}, values_{values} {}

    void add(std::string_view value) {
        const auto found = std::ranges::find(values_, value) - values_.begin();
        count(counts_[static_cast<std::size_t>(found)]);
    }

    MetricFamily collect(std::string name, std::string help) const {
        MetricFamily family{
            .name = std::move(name), .help = std::move(help), .type = MetricType::Counter, .metric = {}};
        for (std::size_t i = 0; i <= N; ++i) {
            const auto value = counts_[i].load(std::memory_order_relaxed);
            if (i == N && value == 0)
                continue;
            ClientMetric metric;
            metric.label = {{.name = std::string{label_}, .value = std::string{i < N ? values_[i] : "other"}}};
            metric.counter.value = static_cast<double>(value);
            family.metric.push_back(std::move(metric));
        }
        return family;
    }

private:
    std::string_view label_;
    std::array<std::string_view, N> values_;
    std::array<counter, N + 1> counts_{};
};

template <std::size_t N>
counters(std::string_view, const std::array<std::string_view, N>&) -> counters<N>;

/// One series of the request histogram.
struct request_series {
    std::string_view method;
    std::string route;
    unsigned status;
    histogram<request_bounds> durations;
};

/// The series seen so far, in an open-addressed table that only grows: finding one is a hash and, mostly, one comparison; adding one
/// is a compare-and-swap. Routes, methods and statuses are closed sets; what does not fit, should they grow, counts as one series.
class request_table {
public:
    ~request_table() {
        for (auto& slot : slots_)
            delete slot.load();
    }

    request_series& find(std::string_view method, std::string_view route, unsigned status) {
        std::size_t at =
            std::hash<std::string_view>{}(route) ^ std::hash<std::string_view>{}(method) * 31 ^ status * 0x9e3779b9U;
        for (std::size_t probe = 0; probe < probes_max; ++probe, ++at) {
            auto& slot = slots_[at % slots_max];
            auto* series = slot.load(std::memory_order_acquire);
            if (series == nullptr) {
                auto made = std::make_unique<request_series>(method, std::string{route}, status);
                if (slot.compare_exchange_strong(series, made.get(), std::memory_order_acq_rel))
                    return *made.release();
                // another thread was first; `series` is now its own
            }
            if (series->status == status && series->method == method && series->route == route)
                return *series;
        }
        return overflow_;
    }

    template <class Visitor>
    void each(Visitor visit) const {
        for (const auto& slot : slots_)
            if (const auto* series = slot.load(std::memory_order_acquire))
                visit(*series);
        if (overflow_.durations.seen_any())
            visit(overflow_);
    }

private:
    static constexpr std::size_t slots_max = 1024;  // a power of two
    static constexpr std::size_t probes_max = 64;

    std::array<std::atomic<request_series*>, slots_max> slots_{};
    request_series overflow_{"_OTHER", "unmatched", 0, {}};
};

/// The method as a string that outlives the request.
std::string_view known_method(std::string_view method) {
    static constexpr std::array<std::string_view, 7> known{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    const auto* found = std::ranges::find(known, method);
    return found != known.end() ? *found : "_OTHER";
}

MetricFamily single(MetricType type, std::string name, std::string help, double value) {
    ClientMetric metric;
    metric.counter.value = value;
    metric.gauge.value = value;
    return {.name = std::move(name), .help = std::move(help), .type = type, .metric = {std::move(metric)}};
}

}  // namespace

struct metrics::state {
    request_table requests;
    counters<10> refused{"status", {"400", "408", "411", "413", "414", "415", "417", "431", "501", "503"}};
    counters<2> created{"origin", {"user", "recurrence"}};
    counters<3> published{"transport", {"embedded", "dapr", "kafka"}};
    counters<6> consumed{"outcome", {"created", "exists", "retracted", "ended", "ignored", "dropped"}};
    counters<4> dead_lettered{"origin", {"endpoint", "embedded", "relay", "topic"}};
    histogram<child_bounds> completion_to_child;
    std::atomic<std::int64_t> text_keys_left{0};
};

metrics::metrics() : state_{std::make_unique<state>()} {}
metrics::~metrics() = default;

void metrics::request_ended(std::string_view method, std::string_view route, unsigned status,
                            std::chrono::nanoseconds took) {
    state_->requests.find(known_method(method), route.empty() ? "unmatched" : route, status).durations.observe(took);
}

void metrics::request_refused(unsigned status) {
    state_->refused.add(std::to_string(status));
}

void metrics::task_created_by_user() {
    state_->created.add("user");
}

void metrics::task_created_by_recurrence() {
    state_->created.add("recurrence");
}

void metrics::event_published(std::string_view transport) {
    state_->published.add(transport);
}

void metrics::event_consumed(std::string_view outcome) {
    state_->consumed.add(outcome);
}

void metrics::event_dead_lettered(std::string_view origin) {
    state_->dead_lettered.add(origin);
}

void metrics::child_created(std::chrono::nanoseconds after_completion) {
    state_->completion_to_child.observe(std::max(after_completion, std::chrono::nanoseconds{0}));
}

void metrics::text_keys_left(std::int64_t tasks) {
    state_->text_keys_left.store(tasks, std::memory_order_relaxed);
}

std::string metrics::expose(const gauges& now) const {
    std::vector<MetricFamily> families;

    MetricFamily requests{.name = "http_server_request_duration_seconds",
                          .help = "Time from a request's first byte to the end of its answer.",
                          .type = MetricType::Histogram,
                          .metric = {}};
    state_->requests.each([&](const request_series& series) {
        auto metric = series.durations.collect();
        metric.label = {{.name = "http_request_method", .value = std::string{series.method}},
                        {.name = "http_route", .value = series.route},
                        {.name = "http_response_status_code", .value = std::to_string(series.status)}};
        requests.metric.push_back(std::move(metric));
    });
    families.push_back(std::move(requests));
    families.push_back(state_->refused.collect("rondo_http_refused_total",
                                               "Connections closed before a request could be read whole."));
    families.push_back(
        state_->created.collect("rondo_tasks_created_total", "Tasks created, by users and by recurrence."));
    families.push_back(
        state_->published.collect("rondo_events_published_total", "Events acknowledged by the transport."));
    families.push_back(state_->consumed.collect("rondo_events_consumed_total", "Messages the consumer has answered."));
    families.push_back(
        state_->dead_lettered.collect("rondo_events_dead_lettered_total", "Messages put to the dead letters."));

    MetricFamily child{.name = "rondo_completion_to_child_seconds",
                       .help = "From a completion to the creation of its next occurrence.",
                       .type = MetricType::Histogram,
                       .metric = {state_->completion_to_child.collect()}};
    families.push_back(std::move(child));

    const auto gauge = MetricType::Gauge;
    families.push_back(single(gauge, "rondo_outbox_pending", "Events not yet published.", now.outbox_pending));
    families.push_back(single(gauge, "rondo_outbox_oldest_age_seconds", "Age of the oldest event not yet published.",
                              now.outbox_oldest_age_seconds));
    families.push_back(single(gauge, "rondo_recurrence_missing",
                              "Completed repeating tasks that lack their next occurrence.", now.recurrence_missing));
    families.push_back(single(gauge, "rondo_text_keys_left",
                              "Tasks that do not have their keys for sorting and searching yet, at most.",
                              static_cast<double>(state_->text_keys_left.load(std::memory_order_relaxed))));
    families.push_back(single(MetricType::Counter, "rondo_log_dropped_total",
                              "Log lines lost because nobody took them.", static_cast<double>(log_lines_dropped())));
    families.push_back(single(MetricType::Counter, "rondo_spans_dropped_total",
                              "Spans lost because the collector did not take them.",
                              static_cast<double>(spans_dropped())));
    auto build = single(gauge, "rondo_build_info", "Always 1; its label tells the version.", 1);
    build.metric.front().label = {{.name = "version", .value = now.version}};
    auto zones = single(gauge, "rondo_tzdb_info", "Always 1; its label tells the version of the tz database.", 1);
    zones.metric.front().label = {{.name = "version", .value = now.tz_version}};
    families.push_back(std::move(build));
    families.push_back(std::move(zones));

    std::ostringstream text;
    prometheus::TextSerializer{}.Serialize(text, families);
    return std::move(text).str();
}

}  // namespace rondo
