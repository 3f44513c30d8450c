#include "events/dapr/dapr_publisher.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <unordered_map>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "events/event_json.hpp"
#include "events/in_order.hpp"
#include "telemetry/log.hpp"

namespace rondo {
namespace {

namespace json = boost::json;
using enum publish_result;

constexpr std::size_t reason_shown_max = 300;
constexpr std::size_t envelope_bytes = 700;  // what an event adds to its data, about

/// For one segment of a path.
std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            std::string_view{"-._~"}.contains(c))
            out += c;
        else
            out.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return out;
}

bool is_success(unsigned status) {
    return status >= 200 && status < 300;
}

/// What sarama and the broker say of a message that no waiting makes smaller.
bool is_too_large(std::string_view reason) {
    return reason.contains("larger than configured Producer.MaxMessageBytes") ||
           reason.contains("Message was too large");
}

std::string member(const json::value& of, std::string_view name) {
    const auto* object = of.if_object();
    const auto* found = object ? object->if_contains(json::string_view{name.data(), name.size()}) : nullptr;
    const auto* text = found ? found->if_string() : nullptr;
    return text ? std::string{text->data(), text->size()} : std::string{};
}

json::value parse_answer(const http::incoming_answer& answer) {
    boost::system::error_code failed;
    auto value = json::parse(json::string_view{answer.body.data(), answer.body.size()}, failed);
    return failed ? json::value{} : value;
}

/// Whether the sidecar is set up wrongly: it heals when somebody mends that, and not by leaving the event out.
bool is_set_up_wrongly(std::string_view error_code) {
    constexpr std::array<std::string_view, 4> codes{"ERR_PUBSUB_NOT_CONFIGURED", "ERR_PUBSUB_NOT_FOUND",
                                                    "ERR_PUBSUB_EMPTY", "ERR_TOPIC_NAME_EMPTY"};
    return std::ranges::find(codes, error_code) != codes.end();
}

/// Whether the answer says that this event will never be taken.
bool is_refused_for_good(const http::incoming_answer& answer) {
    const auto value = parse_answer(answer);
    const auto code = member(value, "errorCode");
    switch (answer.status) {
        case 400:
        case 413:
        case 415:
        case 422:
            return !is_set_up_wrongly(code);
        case 500:
            return code == "ERR_PUBSUB_CLOUD_EVENTS_SER" || is_too_large(answer.body);
        default:
            return false;
    }
}

void append_entry(std::string& body, const stored_event& one, std::string_view event) {
    body += body.empty() ? '[' : ',';
    body.append(R"({"entryId":")").append(to_string(one.id)).append(R"(","event":)").append(event);
    body.append(R"(,"contentType":")").append(cloud_event_content_type);
    body.append(R"(","metadata":{"partitionKey":")").append(to_string(one.owner)).append("\"}}");
}

}  // namespace

dapr_publisher::dapr_publisher(const dapr_options& to)
    : destination_{percent_encode(to.pubsub) + '/' + percent_encode(to.topic)},
      api_token_{to.api_token},
      sidecar_{{.host = to.host, .port = to.port, .timeout = to.timeout}} {}

std::vector<publish_result> dapr_publisher::publish(std::span<const stored_event> events) {
    stop_by_ = std::chrono::steady_clock::now() + dapr_publish_wait_max;
    held_.clear();
    down_ = false;
    return publish_in_order(events, [this](batch some) { return send(some); });
}

/// In requests of a bounded size, one after the other, with one event of an owner in each. The sidecar's producer has several
/// requests to the broker under way, and sends anew what the broker does not take at once (a topic that has no leader yet):
/// of one request's events, a later one can overtake an earlier one.
std::vector<publish_result> dapr_publisher::send(batch events) {
    std::vector<publish_result> results(events.size(), retry);
    std::vector<std::size_t> left(events.size());
    std::iota(left.begin(), left.end(), std::size_t{0});
    while (!left.empty() && !down_ && std::chrono::steady_clock::now() < stop_by_) {
        std::vector<std::size_t> chosen, later;
        std::vector<const stored_event*> some;
        std::unordered_set<user_id> owners;
        std::size_t bytes = 0;
        for (const std::size_t i : left) {
            const stored_event* one = events[i];
            if (held_.contains(one->owner))
                continue;
            const std::size_t size = one->data.size() + envelope_bytes;
            const bool fits = some.empty() || bytes + size <= dapr_bulk_bytes_max;
            if (!owners.insert(one->owner).second || !fits) {
                later.push_back(i);
                continue;
            }
            bytes += size;
            chosen.push_back(i);
            some.push_back(one);
        }
        left = std::move(later);
        if (some.empty())
            break;
        const auto answers = some.size() == 1 ? std::vector{send_one(*some.front())} : send_bulk(some);
        for (std::size_t i = 0; i < some.size(); ++i) {
            results[chosen[i]] = answers[i];
            down_ = down_ || answers[i] == unreachable;
            if (answers[i] == retry)
                held_.insert(some[i]->owner);
            if (answers[i] == acknowledged)
                last_trouble_.clear();
        }
    }
    if (down_)
        for (const std::size_t i : left)
            results[i] = unreachable;
    return results;
}

publish_result dapr_publisher::send_one(const stored_event& one) {
    const auto target = "/v1.0/publish/" + destination_ + "?metadata.partitionKey=" + to_string(one.owner);
    const auto answer = post(target, cloud_event_content_type, to_cloud_event(one), one.traceparent);
    if (!answer)
        return trouble("The sidecar does not answer: " + answer.error().reason);
    if (is_success(answer->status))
        return acknowledged;
    return is_refused_for_good(*answer) ? rejected : trouble(*answer);
}

std::vector<publish_result> dapr_publisher::send_bulk(batch events) {
    std::string body;
    for (const stored_event* one : events)
        append_entry(body, *one, to_cloud_event(*one));
    body += ']';

    // As raw payload, because the sidecar would give all events of a request the trace of the request. What is published is a CloudEvent already.
    const auto target = [&] {
        return (bulk_is_alpha_ ? "/v1.0-alpha1/publish/bulk/" : "/v1.0/publish/bulk/") + destination_ +
               "?metadata.rawPayload=true";
    };
    auto answer = post(target(), "application/json", body, {});
    if (answer && answer->status == 404) {  // sidecars before 1.17 have it at the other path alone
        bulk_is_alpha_ = !bulk_is_alpha_;
        answer = post(target(), "application/json", body, {});
    }
    if (!answer)
        return {events.size(), trouble("The sidecar does not answer: " + answer.error().reason)};
    if (is_success(answer->status))
        return {events.size(), acknowledged};
    if (answer->status == 500)
        return read_failed_entries(events, *answer);
    if (is_refused_for_good(*answer))  // one of them is to blame, or they are too many
        return send_halves(events);
    return {events.size(), trouble(*answer)};
}

std::vector<publish_result> dapr_publisher::send_halves(batch events) {
    auto results = send(events.first(events.size() / 2));
    const auto more = send(events.subspan(events.size() / 2));
    results.insert(results.end(), more.begin(), more.end());
    return results;
}

std::vector<publish_result> dapr_publisher::read_failed_entries(batch events, const http::incoming_answer& answer) {
    const auto value = parse_answer(answer);
    const auto* object = value.if_object();
    const auto* listed = object ? object->if_contains("failedEntries") : nullptr;
    const auto* entries = listed ? listed->if_array() : nullptr;
    if (entries == nullptr || entries->empty())
        return {events.size(), trouble(answer)};
    std::unordered_map<std::string, std::string> failed;
    for (const auto& one : *entries)
        failed.emplace(member(one, "entryId"), member(one, "error"));
    const bool some_arrived = failed.size() < events.size();
    std::vector<publish_result> results;
    std::string reason;
    for (const stored_event* one : events) {
        const auto found = failed.find(to_string(one->id));
        if (found == failed.end()) {
            results.push_back(acknowledged);
        } else if (is_too_large(found->second)) {
            results.push_back(rejected);
        } else {
            results.push_back(some_arrived ? retry : unreachable);
            reason = found->second;
        }
    }
    if (!reason.empty())
        trouble("The broker behind the sidecar did not take it: " + reason);
    return results;
}

std::expected<http::incoming_answer, http::no_answer> dapr_publisher::post(std::string_view target,
                                                                           std::string_view content_type,
                                                                           std::string_view body,
                                                                           std::string_view traceparent) {
    std::vector<http::header> headers{{.name = "Content-Type", .value = std::string{content_type}}};
    if (!api_token_.empty())
        headers.push_back({.name = "dapr-api-token", .value = api_token_});
    if (!traceparent.empty())
        headers.push_back({.name = "traceparent", .value = std::string{traceparent}});
    return sidecar_.send({.target = target, .headers = headers, .body = body, .repeatable = true});
}

publish_result dapr_publisher::trouble(std::string reason) {
    if (reason != last_trouble_)
        log(log_level::warning, "Dapr takes no events", {{"reason", reason.substr(0, reason_shown_max)}});
    last_trouble_ = std::move(reason);
    return unreachable;
}

publish_result dapr_publisher::trouble(const http::incoming_answer& answer) {
    const auto told = member(parse_answer(answer), "message");
    switch (answer.status) {
        case 401:
            return trouble("The sidecar wants another token: set DAPR_API_TOKEN to the one it was started with.");
        case 403:
            return trouble("The sidecar does not let this app publish to " + destination_ +
                           ": see the scopes of the component.");
        case 400:
        case 404:
            return trouble("The sidecar has no pub/sub component for " + destination_ +
                           ": see PUBSUB_NAME and its components.");
        default:
            return trouble("The sidecar answered " + std::to_string(answer.status) + (told.empty() ? "" : ": " + told));
    }
}

}  // namespace rondo
