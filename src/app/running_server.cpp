#include "app/running_server.hpp"

#include <array>
#include <atomic>
#include <optional>

#include "api/routes.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/tz_database.hpp"
#include "events/dapr/dapr_publisher.hpp"
#include "events/embedded/embedded_publisher.hpp"
#include "events/kafka/kafka_publisher.hpp"
#include "events/kafka/kafka_subscriber.hpp"
#include "events/relay.hpp"
#include "events/sweep.hpp"
#include "http/server.hpp"
#include "store/text_key_filler.hpp"
#include "telemetry/log.hpp"
#include "telemetry/otlp/exporter.hpp"
#include "telemetry/trace.hpp"

namespace rondo {
namespace {

std::string_view name_of(http::method verb) {
    static constexpr std::array names{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    return names[static_cast<std::size_t>(verb)];
}

/// One line and one measurement per request. The probes that orchestrators send every second are measured only.
void record(metrics& meters, const http::exchange& what, std::string_view failure) {
    const http::request& asked = what.asked;
    const http::response& answered = what.answered;
    meters.request_ended(name_of(asked.verb), asked.route, answered.status, what.took);
    record_request_span(asked.traceparent, asked.find_header("traceparent").value_or(""), name_of(asked.verb),
                        asked.route, answered.status, what.took);
    const bool probe = asked.route == "/livez" || asked.route == "/readyz" || asked.route == "/metrics";
    const log_level level = answered.status >= 500 ? log_level::error : probe ? log_level::debug : log_level::info;
    if (!logs(level))
        return;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(what.took).count();
    log(level, "Request",
        {
            {"method", std::string{name_of(asked.verb)}},
            {"path", asked.path},
            {"status", std::to_string(answered.status)},
            {"duration_us", std::to_string(us)},
            {"request_id", asked.request_id},
            {"trace_id", std::string{asked.trace_id()}},
            {"user_id", asked.user},
            {"task_id", asked.route.starts_with("/api/tasks/{id}") ? asked.params.front() : std::string{}},
            {"error_id", answered.error_id},
            {"error", std::string{failure}},
        });
}

}  // namespace

/// Sends spans to the collector for as long as it lives, if one is configured.
class tracing {
public:
    explicit tracing(const std::optional<otlp::settings>& to) {
        if (!to)
            return;
        exporter_.emplace(*to);
        set_span_sink(&*exporter_);
    }
    ~tracing() { set_span_sink(nullptr); }
    tracing(const tracing&) = delete;
    tracing& operator=(const tracing&) = delete;

private:
    std::optional<otlp::exporter> exporter_;
};

/// In the order of the start; destroyed in the reverse.
struct running_server::parts {
    explicit parts(const checked_config& settings)
        : traces{settings.traces},
          data{open_database(settings.database, time, random)},
          events{*data, meters},
          access_tokens{settings.secret_key, settings.access_token_lifetime},
          out{make_publisher(settings)},
          outbox_relay{*data, *out, meters, time, random, while_down(settings)},
          tidier{*data, meters, time},
          keys{*data, meters},
          shared{.data = *data,
                 .events = events,
                 .followers = followers,
                 .password_pool = password_pool,
                 .access_tokens = access_tokens,
                 .meters = meters,
                 .time = time,
                 .random = random,
                 .secret_key = settings.secret_key,
                 .environment = settings.production ? "production" : "development",
                 .version = std::string{version},
                 .app_api_token = settings.app_api_token,
                 .transport = std::string{out->name()},
                 .subscription = subscription(settings),
                 .ready = [this] { return started && !web->draining() && !data->trouble(); }} {
        tz_database_in_use();  // a machine without zones is told so now, not in the first request
        data->on_events_committed([this](std::span<const user_id> owners) {
            outbox_relay.wake();
            followers.tell(owners);
        });
        add_auth_routes(routes, shared);
        add_session_routes(routes, shared);
        add_task_routes(routes, shared);
        add_quick_routes(routes, shared);
        add_recurrence_routes(routes, shared);
        add_past_routes(routes, shared);
        add_stats_routes(routes, shared);
        add_trash_routes(routes, shared);
        add_tag_routes(routes, shared);
        add_event_routes(routes, shared);
        add_event_feed_routes(routes, shared);
        add_status_routes(routes, shared);
        add_document_routes(routes, shared);
        add_web_routes(routes, shared);
        web = listen(settings);
        if (settings.events == transport::kafka) {
            topic = std::make_unique<kafka_subscriber>(
                settings.kafka, [this](auto messages) { return events.handle_and_wait(std::move(messages)); });
            topic->start();
        }
        outbox_relay.start();
        tidier.start();
        keys.start();
        web->start();
        started = true;
    }

    ~parts() {
        web->stop_now();
        tidier.stop();
        keys.stop();
        if (topic)
            topic->stop();
        outbox_relay.stop();
        password_pool.stop();
        // Before `web` goes: what the writer finishes last is posted to handlers that wait on its contexts.
        data.reset();
    }

    std::unique_ptr<publisher> make_publisher(const checked_config& settings) {
        switch (settings.events) {
            case transport::dapr:
                return std::make_unique<dapr_publisher>(settings.dapr);
            case transport::kafka:
                return std::make_unique<kafka_publisher>(settings.kafka);
            case transport::embedded:
                break;
        }
        return std::make_unique<embedded_publisher>([this](auto some) { return events.handle_and_wait(some); });
    }

    /// What GET /dapr/subscribe answers.
    static std::optional<dapr_subscription> subscription(const checked_config& settings) {
        if (!settings.dapr_subscribes_itself)
            return std::nullopt;
        return dapr_subscription{.pubsub = settings.dapr.pubsub, .topic = settings.dapr.topic};
    }

    /// The embedded transport is the handling in this process.
    std::optional<local_handling> while_down(const checked_config& settings) {
        if (settings.events == transport::embedded)
            return std::nullopt;
        return local_handling{.events = events, .after = settings.local_after};
    }

    std::unique_ptr<http::server> listen(const checked_config& settings) {
        try {
            return std::make_unique<http::server>(server_settings(settings), routes, time, random);
        } catch (const fatal& refused) {
            throw fatal{refused.exit_code(),
                        "HOST=" + settings.host + ", PORT=" + std::to_string(settings.port) + ": " + refused.what()};
        }
    }

    http::server_options server_settings(const checked_config& settings) {
        http::server_options options;
        options.host = settings.host;
        options.port = settings.port;
        options.cors_origins = settings.cors_origins;
        options.observe = [this](const http::exchange& what, std::string_view failure) {
            record(meters, what, failure);
        };
        options.observe_refusal = [this](unsigned status, std::string_view why, std::string_view peer) {
            meters.request_refused(status);
            log(log_level::debug, "Connection refused",
                {{"status", std::to_string(status)}, {"reason", std::string{why}}, {"peer", std::string{peer}}});
        };
        return options;
    }

    system_clock time;
    system_random random;
    metrics meters;
    tracing traces;
    std::unique_ptr<store> data;
    consumer events;
    passwords password_pool;
    tokens access_tokens;
    std::unique_ptr<publisher> out;
    std::unique_ptr<kafka_subscriber> topic;  // with Kafka alone: the others deliver to us
    relay outbox_relay;
    live_events followers;
    /// The store may hear of another replica's commit at any time: it forgets the relay before that goes.
    struct wake_up {
        std::unique_ptr<store>& from;
        ~wake_up() {
            if (from)
                from->on_events_committed({});
        }
    } waking{data};
    sweep tidier;
    text_key_filler keys;
    std::atomic<bool> started = false;
    services shared;
    http::router routes;
    std::unique_ptr<http::server> web;
};

running_server::running_server(const checked_config& settings) : parts_{std::make_unique<parts>(settings)} {}

running_server::~running_server() = default;

std::uint16_t running_server::port() const {
    return parts_->web->port();
}

std::string_view running_server::transport_name() const {
    return parts_->out->name();
}

void running_server::begin_drain() {
    parts_->web->begin_drain();
}

void running_server::drain() {
    parts_->web->stop();
}

}  // namespace rondo
