// The consumer's door for a broker that delivers over HTTP, and what a Dapr sidecar asks an app for.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <sodium.h>

#include "api/events/dapr_delivery.hpp"
#include "api/routes.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/text.hpp"
#include "telemetry/log.hpp"

namespace rondo {
namespace {

constexpr std::string_view consumer_path = "/api/events/task-completed";

/// In constant time for texts of one length; a token's length is no secret.
bool equal_secrets(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_loopback(std::string_view address) {
    return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

/// Only the broker may knock: known by its token, or, where none is set, by coming from this machine.
result<void> may_deliver(const services& with, const http::request& asked) {
    if (!with.app_api_token.empty()) {
        if (equal_secrets(asked.find_header("dapr-api-token").value_or(""), with.app_api_token))
            return {};
        log(log_level::warning, "Event refused: wrong dapr-api-token", {{"peer", asked.peer_address}});
        return fail(errc::unauthenticated, "The header dapr-api-token must hold the value of APP_API_TOKEN.");
    }
    if (is_loopback(asked.peer_address))
        return {};
    log(log_level::warning, "Event refused: the peer is another machine", {{"peer", asked.peer_address}});
    return fail(errc::forbidden, "Without APP_API_TOKEN, events are taken from this machine alone.");
}

incoming_message to_message(http::request& asked) {
    const auto header = [&](std::string_view name) { return std::string{asked.find_header(name).value_or("")}; };
    // CloudEvents' binding to HTTP says `ce-`, the one to Kafka `ce_`: a sidecar passes a record's headers as they are.
    const auto attribute = [&](std::string_view http, std::string_view kafka) {
        auto value = header(http);
        return value.empty() ? header(kafka) : value;
    };
    return {.body = std::move(asked.body),
            .content_type = header("content-type"),
            .ce_type = attribute("ce-type", "ce_type"),
            .traceparent = asked.traceparent,
            .origin = "endpoint",
            .ce_id = attribute("ce-id", "ce_id"),
            .ce_specversion = attribute("ce-specversion", "ce_specversion")};
}

/// Whether a sidecar brings it, which names its component with all that it brings.
bool is_from_sidecar(const http::request& asked) {
    return asked.find_header("pubsubname").has_value();
}

http::response json_answer(unsigned status, std::string body) {
    return {
        .status = status, .content_type = "application/json", .body = std::move(body), .headers = {}, .error_id = {}};
}

http::response success(const reconciled& done) {
    std::string body = R"({"status":"SUCCESS","outcome":")";
    body += to_string(done.what);
    body += R"(","task_id":)";
    body += done.child ? '"' + to_string(done.child->id) + '"' : "null";
    body += '}';
    return json_answer(200, std::move(body));
}

/// What lies in our dead letters is done with. To a sidecar, DROP would mean to put it on the dead-letter topic, too, and so to bring
/// it a second time.
http::response dropped(bool from_sidecar) {
    return json_answer(
        200, from_sidecar ? R"({"status":"SUCCESS","outcome":"dropped","task_id":null})" : R"({"status":"DROP"})");
}

http::response bring_again(const unavailable& failed) {
    log(log_level::error, "Event not handled, the broker will bring it again", {{"reason", failed.what()}});
    return json_answer(503, R"({"status":"RETRY"})").with("Retry-After", std::to_string(failed.retry_after().count()));
}

/// Dapr takes 404 and other answers for reasons to lose the message or to block its partition. So whatever comes in is
/// answered with 200, and only a database that cannot be reached makes it come again.
async<http::response> consume(const services& with, http::request& asked) {
    if (const auto allowed = may_deliver(with, asked); !allowed)
        co_return problem_response(allowed.error());
    const bool from_sidecar = is_from_sidecar(asked);
    try {
        if (auto many = read_bulk_delivery(asked.body)) {
            const auto answers = co_await with.events.handle(std::move(many->messages));
            co_return json_answer(200, bulk_statuses(many->entry_ids, answers, from_sidecar));
        }
        const auto answer = co_await with.events.handle(to_message(asked));
        co_return answer.what == consumed::verdict::success ? success(answer.done) : dropped(from_sidecar);
    } catch (const unavailable& failed) {
        co_return bring_again(failed);
    }
}

/// Where the sidecar's dead-letter topic ends: what it has given up on is kept, whatever it is. It tells no reason.
async<http::response> keep_dead_letter(const services& with, http::request& asked) {
    if (const auto allowed = may_deliver(with, asked); !allowed)
        co_return problem_response(allowed.error());
    try {
        auto message = unwrap_raw_payload(to_message(asked));
        message.origin = "dapr";
        co_await with.events.bury_message(std::move(message), "The sidecar gave up on delivering it.");
        co_return json_answer(200, R"({"status":"SUCCESS"})");
    } catch (const unavailable& failed) {
        co_return bring_again(failed);
    }
}

/// Asked by a sidecar at its start. An empty list leaves the subscribing to the Subscription files it was given.
async<http::response> subscriptions(const services& with, http::request&) {
    std::string body = "[";
    if (with.subscription) {
        body += R"({"pubsubname":)";
        append_json_string(body, with.subscription->pubsub);
        body += R"(,"topic":)";
        append_json_string(body, with.subscription->topic);
        body += R"(,"routes":{"default":")";
        body += consumer_path;
        body += R"("}})";
    }
    co_return json_answer(200, body + ']');
}

async<http::response> no_configuration(http::request&) {
    co_return json_answer(200, "{}");
}

}  // namespace

void add_event_routes(http::router& routes, const services& with) {
    const auto bind = [&with](auto answer) {
        return [&with, answer](http::request& asked) { return answer(with, asked); };
    };
    constexpr http::route_options delivery{.body_max = delivery_body_bytes_max};
    routes.add(http::method::post, std::string{consumer_path}, bind(consume), delivery);
    routes.add(http::method::post, "/api/events/dead-letters", bind(keep_dead_letter), delivery);
    routes.add(http::method::get, "/dapr/subscribe", bind(subscriptions));
    routes.add(http::method::get, "/dapr/config", no_configuration);
}

}  // namespace rondo
