#include "events/kafka/kafka_subscriber.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <exception>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/failpoint.hpp"
#include "telemetry/log.hpp"

namespace rondo {
namespace {

constexpr std::chrono::milliseconds fetch_wait{100};  // how soon the loop sees that it is to stop

std::string text_header(const rd_kafka_headers_t* headers, const char* name) {
    const void* value = nullptr;
    std::size_t size = 0;
    if (headers == nullptr || rd_kafka_header_get_last(headers, name, &value, &size) || value == nullptr)
        return {};
    return {static_cast<const char*>(value), size};
}

/// CloudEvents' binding to Kafka: structured with a content type, binary with `ce_` headers. What Dapr writes has neither and is structured JSON.
/// Any other content type says nothing that the bytes do not: a sidecar does not even pass it on.
incoming_message to_message(const rd_kafka_message_t& record) {
    rd_kafka_headers_t* headers = nullptr;
    rd_kafka_message_headers(&record, &headers);
    auto content_type = text_header(headers, "content-type");
    if (!content_type.starts_with(cloud_event_content_type))
        content_type = "application/json";
    return {.body = {static_cast<const char*>(record.payload), record.len},
            .content_type = std::move(content_type),
            .ce_type = text_header(headers, "ce_type"),
            .traceparent = text_header(headers, "traceparent"),
            .origin = "topic",
            .ce_id = text_header(headers, "ce_id"),
            .ce_specversion = text_header(headers, "ce_specversion")};
}

}  // namespace

kafka_subscriber::kafka_subscriber(kafka_options options, handler deliver_to)
    : options_{std::move(options)}, deliver_to_{std::move(deliver_to)} {
    open();
}

kafka_subscriber::~kafka_subscriber() {
    stop();
}

void kafka_subscriber::open() {
    // What is stored here is committed once a second, when partitions are taken away, and at the end. The default strategies are those of
    // the sidecar too, so that a change of transport may roll over a running group. The session is as short as brokers allow by default:
    // after it a dead member's share goes to the others, and for so long librdkafka waits at the end for brokers that are away.
    const std::array own{
        kafka::setting{"group.id", options_.group},           kafka::setting{"auto.offset.reset", "earliest"},
        kafka::setting{"enable.auto.offset.store", "false"},  kafka::setting{"enable.auto.commit", "true"},
        kafka::setting{"auto.commit.interval.ms", "1000"},    kafka::setting{"session.timeout.ms", "6000"},
        kafka::setting{"heartbeat.interval.ms", "1500"},      kafka::setting{"fetch.wait.max.ms", "100"},
        kafka::setting{"queued.max.messages.kbytes", "16384"}};
    client_ = kafka::make_client(RD_KAFKA_CONSUMER, kafka::make_conf(options_, own, this, on_error));
    rd_kafka_poll_set_consumer(client_.get());
}

void kafka_subscriber::start() {
    assert(!thread_.joinable());
    thread_ = std::thread{[this] { run(); }};
}

void kafka_subscriber::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        stop_asked_.notify_all();
    }
    if (thread_.joinable())
        thread_.join();
}

void kafka_subscriber::run() {
    subscribe();
    auto patience = kafka_retry_min;
    bool paused = false;
    while (!stopping()) {
        if (lost_) {
            log(log_level::error, "Kafka consumer started anew", {{"reason", lost_because_}});
            lost_ = paused = false;
            in_hand_.clear();  // not committed: they are fetched again
            leave();
            open();
            subscribe();
        }
        fetch(paused ? patience : fetch_wait);  // also while paused: whoever does not ask is taken for dead
        if (in_hand_.empty())
            continue;
        if (deliver()) {
            patience = kafka_retry_min;
            if (std::exchange(paused, false))
                pause_fetching(false);
        } else {
            if (!std::exchange(paused, true))
                log(log_level::error, "Events not handled, trying again",
                    {{"reason", "The database cannot be reached."}});
            pause_fetching(true);
            wait(patience);
            patience = std::min(patience * 2, kafka_retry_max);
        }
    }
    leave();
}

void kafka_subscriber::leave() {
    // Without a broker the last commit would be waited for by the minute. What it held comes again.
    const kafka::queue_handle queue{rd_kafka_queue_new(client_.get())};
    const kafka::error_handle failed{rd_kafka_consumer_close_queue(client_.get(), queue.get())};
    const auto deadline = std::chrono::steady_clock::now() + kafka_leave_max;
    bool left = false;
    while (!failed && !left && std::chrono::steady_clock::now() < deadline) {
        const kafka::event_handle served{rd_kafka_queue_poll(queue.get(), 50)};
        left = rd_kafka_consumer_closed(client_.get()) != 0;
    }
    if (!left)
        rd_kafka_destroy_flags(client_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    client_.reset();
}

void kafka_subscriber::subscribe() {
    auto patience = kafka_retry_min;
    for (;;) {
        if (stopping())
            return;
        auto failed = kafka::ensure_topic(client_.get(), options_);
        if (!failed.code)
            break;
        const kafka::message_handle none{rd_kafka_consumer_poll(client_.get(), 0)};  // for what on_error gets to know
        trouble_.note(std::move(failed));
        trouble_.tell();
        wait(patience);
        patience = std::min(patience * 2, kafka_retry_max);
    }
    const kafka::partitions_handle topics{rd_kafka_topic_partition_list_new(1)};
    rd_kafka_topic_partition_list_add(topics.get(), options_.topic.c_str(), RD_KAFKA_PARTITION_UA);
    if (const auto failed = rd_kafka_subscribe(client_.get(), topics.get())) {
        trouble_.note(
            {.code = failed, .reason = "Subscribing to " + options_.topic + " failed: " + rd_kafka_err2str(failed)});
        trouble_.tell();
    }
}

void kafka_subscriber::fetch(std::chrono::milliseconds at_most) {
    while (in_hand_.size() < kafka_fetch_batch_max) {
        const kafka::message_handle record{
            rd_kafka_consumer_poll(client_.get(), in_hand_.empty() ? static_cast<int>(at_most.count()) : 0)};
        trouble_.tell();
        if (!record)
            return;
        if (!record->err) {
            in_hand_.push_back(
                {.partition = record->partition, .offset = record->offset, .message = to_message(*record)});
            trouble_.over();
        } else if (record->err == RD_KAFKA_RESP_ERR__FATAL) {
            lost_ = true;
            lost_because_ = rd_kafka_message_errstr(record.get());
            return;
        } else {
            trouble_.note({.code = record->err, .reason = rd_kafka_message_errstr(record.get())});
            trouble_.tell();
            return;
        }
    }
}

bool kafka_subscriber::deliver() {
    std::vector<incoming_message> messages;
    messages.reserve(in_hand_.size());
    for (const fetched& one : in_hand_)
        messages.push_back(one.message);
    std::vector<std::optional<consumed>> answers(in_hand_.size());
    try {
        answers = deliver_to_(std::move(messages));
    } catch (const std::exception& failed) {  // out of memory, or a mistake of ours: the messages stay where they are
        trouble_.note(
            {.code = RD_KAFKA_RESP_ERR__APPLICATION, .reason = std::string{"Handling failed: "} + failed.what()});
        trouble_.tell();
    }

    // Of each partition what is done up to the first that is not.
    std::map<std::int32_t, std::int64_t> next;
    std::set<std::int32_t> held;
    std::vector<fetched> left;
    for (std::size_t i = 0; i < in_hand_.size(); ++i) {
        fetched& one = in_hand_[i];
        if (!answers[i] || held.contains(one.partition)) {
            held.insert(one.partition);
            left.push_back(std::move(one));
        } else {
            next[one.partition] = one.offset + 1;
        }
    }
    in_hand_ = std::move(left);
    if (!next.empty()) {
        const kafka::partitions_handle offsets{rd_kafka_topic_partition_list_new(static_cast<int>(next.size()))};
        for (const auto& [partition, offset] : next)
            rd_kafka_topic_partition_list_add(offsets.get(), options_.topic.c_str(), partition)->offset = offset;
        // A partition that somebody else has by now is refused: he gets these messages again, and finds nothing to do.
        reach(failpoint::before_offset);
        (void)rd_kafka_offsets_store(client_.get(), offsets.get());
        reach(failpoint::after_offset);
    }
    return in_hand_.empty();
}

void kafka_subscriber::pause_fetching(bool pause) {
    rd_kafka_topic_partition_list_t* assigned = nullptr;
    if (rd_kafka_assignment(client_.get(), &assigned))
        return;
    const kafka::partitions_handle owned{assigned};
    (void)(pause ? rd_kafka_pause_partitions : rd_kafka_resume_partitions)(client_.get(), assigned);
}

bool kafka_subscriber::stopping() {
    const std::lock_guard lock{mutex_};
    return stopping_;
}

void kafka_subscriber::wait(std::chrono::milliseconds lasting) {
    std::unique_lock lock{mutex_};
    stop_asked_.wait_for(lock, lasting, [this] { return stopping_; });
}

void kafka_subscriber::on_error(rd_kafka_t* client, int code, const char* reason, void* self) {
    auto& here = *static_cast<kafka_subscriber*>(self);
    here.trouble_.note(code, reason);
    std::array<char, 512> why{};
    if (rd_kafka_fatal_error(client, why.data(), why.size())) {
        here.lost_ = true;
        here.lost_because_ = why.data();
    }
}

}  // namespace rondo
