#include "events/kafka/kafka_publisher.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "events/event_json.hpp"
#include "events/in_order.hpp"
#include "telemetry/log.hpp"

namespace rondo {
namespace {

using enum publish_result;

/// Whether no waiting makes the brokers take it.
bool is_for_good(rd_kafka_resp_err_t failure) {
    return failure == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || failure == RD_KAFKA_RESP_ERR_INVALID_RECORD ||
           failure == RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP;
}

}  // namespace

kafka_publisher::kafka_publisher(kafka_options options) : options_{std::move(options)} {
    open();
}

kafka_publisher::~kafka_publisher() {
    // What is not acknowledged by then is published again at the next start: it is in the outbox still.
    rd_kafka_flush(producer_.get(), static_cast<int>(brokers_down_ ? 0 : kafka_wait_at_end.count()));
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

void kafka_publisher::open() {
    // Without a timeout of its own: a message that librdkafka gave up on would be overtaken by the next of its key.
    // One request at a time to each broker: a broker that has refused a producer's first request for a partition may take its second one, and
    // librdkafka then reports the messages of the first as delivered, which are nowhere.
    constexpr std::array own{kafka::setting{"enable.idempotence", "true"}, kafka::setting{"acks", "all"},
                             kafka::setting{"max.in.flight.requests.per.connection", "1"},
                             kafka::setting{"message.timeout.ms", "0"}, kafka::setting{"linger.ms", "0"},
                             // The sidecar's (Sarama's default): servers that change transport one by one put a user's
                             // events on one partition all the while.
                             kafka::setting{"partitioner", "fnv1a_random"}};
    auto conf = kafka::make_conf(options_, own, this, on_error);
    rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
    producer_ = kafka::make_client(RD_KAFKA_PRODUCER, std::move(conf));
}

bool kafka_publisher::ready() {
    std::array<char, 512> why{};
    if (rd_kafka_fatal_error(producer_.get(), why.data(), why.size())) {
        // An idempotent producer that has lost its place goes no further. What it held comes from the outbox again.
        log(log_level::error, "Kafka producer started anew", {{"reason", why.data()}});
        rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        producer_.reset();
        deliveries_.clear();
        open();
    }
    if (!topic_is_there_) {
        auto failed = kafka::ensure_topic(producer_.get(), options_);
        topic_is_there_ = !failed.code;
        if (topic_is_there_) {
            brokers_down_ = false;
        } else {
            rd_kafka_poll(producer_.get(), 0);  // what librdkafka has noticed meanwhile says why
            trouble_.note(std::move(failed));
            trouble_.tell();
        }
    }
    return topic_is_there_;
}

std::vector<publish_result> kafka_publisher::publish(std::span<const stored_event> events) {
    if (!ready())
        return std::vector(events.size(), unreachable);
    began_ = std::chrono::steady_clock::now();
    auto results = publish_in_order(events, [this](batch some) { return send(some); });
    const bool taken = std::ranges::find(results, acknowledged) != results.end();
    if (!taken && std::ranges::find(results, retry) != results.end()) {
        std::ranges::replace(results, retry, unreachable);
        trouble_.note(
            {.code = RD_KAFKA_RESP_ERR__TIMED_OUT, .reason = "No broker of " + options_.brokers + " acknowledges"});
    }
    trouble_.tell();
    if (taken)
        trouble_.over();
    return results;
}

std::vector<publish_result> kafka_publisher::send(batch events) {
    std::vector<rd_kafka_resp_err_t> refused(events.size(), RD_KAFKA_RESP_ERR_NO_ERROR);
    std::unordered_set<user_id> held;  // whose next event may not overtake one that was not taken
    for (std::size_t i = 0; i < events.size(); ++i) {
        refused[i] = held.contains(events[i]->owner) ? RD_KAFKA_RESP_ERR__QUEUE_FULL : produce(*events[i]);
        if (refused[i] && !is_for_good(refused[i]))
            held.insert(events[i]->owner);
    }
    wait_for_acknowledgements();

    std::vector<publish_result> results(events.size(), retry);
    for (std::size_t i = 0; i < events.size(); ++i) {
        rd_kafka_resp_err_t failure = refused[i];
        const auto known = deliveries_.find(events[i]->id);
        if (known != deliveries_.end()) {
            delivery& one = known->second;
            one.awaited = false;
            if (one.now == delivery::state::in_flight)
                continue;
            if (one.now == delivery::state::acknowledged)
                results[i] = acknowledged;
            else
                failure = one.failure;
            deliveries_.erase(known);
        }
        if (failure == RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        if (is_for_good(failure)) {
            results[i] = rejected;
        } else if (failure != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            topic_is_there_ = false;  // looked at again before the next batch
            trouble_.note(
                {.code = failure, .reason = "The brokers did not take it: " + std::string{rd_kafka_err2str(failure)}});
        }
    }
    awaited_ = 0;
    return results;
}

rd_kafka_resp_err_t kafka_publisher::produce(const stored_event& one) {
    if (const auto known = deliveries_.find(one.id); known != deliveries_.end()) {
        delivery& before = known->second;
        if (before.now != delivery::state::failed) {
            before.awaited = before.now == delivery::state::in_flight;
            awaited_ += before.awaited ? 1 : 0;
            return RD_KAFKA_RESP_ERR_NO_ERROR;
        }
        deliveries_.erase(known);
    }
    if (deliveries_.size() >= kafka_in_flight_max) {
        // Settled ones that nobody asked for again were published by somebody else.
        std::erase_if(deliveries_, [](const auto& entry) { return entry.second.now != delivery::state::in_flight; });
        if (deliveries_.size() >= kafka_in_flight_max)
            return RD_KAFKA_RESP_ERR__QUEUE_FULL;
    }
    delivery& kept = deliveries_[one.id];
    const auto key = to_string(one.owner);
    auto value = to_cloud_event(one);
    std::array<rd_kafka_vu_t, 6> parts{};
    parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    parts[0].u.cstr = options_.topic.c_str();
    parts[1].vtype = RD_KAFKA_VTYPE_KEY;
    parts[1].u.mem = {.ptr = const_cast<char*>(key.data()), .size = key.size()};
    parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
    parts[2].u.mem = {.ptr = value.data(), .size = value.size()};
    parts[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    parts[3].u.i = RD_KAFKA_MSG_F_COPY;
    // A list of our own: one that librdkafka 2.0 makes is freed twice when the topic turns out to be out of reach.
    kafka::headers_handle headers{rd_kafka_headers_new(1)};
    rd_kafka_header_add(headers.get(), "content-type", -1, cloud_event_content_type.data(),
                        static_cast<ssize_t>(cloud_event_content_type.size()));
    parts[4].vtype = RD_KAFKA_VTYPE_HEADERS;
    parts[4].u.headers = headers.get();
    parts[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
    parts[5].u.ptr = &kept;
    const kafka::error_handle refused{rd_kafka_produceva(producer_.get(), parts.data(), parts.size())};
    const auto failed = refused ? rd_kafka_error_code(refused.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (failed) {
        deliveries_.erase(one.id);
    } else {
        [[maybe_unused]] const auto* const the_messages_now = headers.release();
        kept.awaited = true;
        ++awaited_;
    }
    return failed;
}

void kafka_publisher::wait_for_acknowledgements() {
    while (awaited_ > 0) {
        const auto most = brokers_down_ ? kafka_wait_while_down : kafka_publish_wait_max;
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(began_ + most - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return;
        rd_kafka_poll(producer_.get(), static_cast<int>(left.count()));
        std::array<char, 64> ignored{};
        if (rd_kafka_fatal_error(producer_.get(), ignored.data(), ignored.size()))
            return;
    }
}

void kafka_publisher::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
    auto& here = *static_cast<kafka_publisher*>(self);
    auto& one = *static_cast<delivery*>(message->_private);
    one.failure = message->err;
    // Without an offset librdkafka only concludes, from what came later, that the brokers have it. It goes out again.
    const bool is_stored = !message->err && message->offset >= 0;
    one.now = is_stored ? delivery::state::acknowledged : delivery::state::failed;
    if (!message->err)
        here.brokers_down_ = false;
    if (std::exchange(one.awaited, false))
        --here.awaited_;
}

void kafka_publisher::on_error(rd_kafka_t*, int code, const char* reason, void* self) {
    auto& here = *static_cast<kafka_publisher*>(self);
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        here.brokers_down_ = true;
    here.trouble_.note(code, reason);
}

}  // namespace rondo
