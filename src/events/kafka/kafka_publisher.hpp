#pragma once

#include <chrono>
#include <span>
#include <unordered_map>
#include <vector>

#include "events/kafka/kafka_client.hpp"
#include "events/publisher.hpp"

namespace rondo {

inline constexpr std::size_t kafka_in_flight_max = 10'000;  ///< events given to librdkafka and not acknowledged yet
inline constexpr std::chrono::milliseconds kafka_publish_wait_max{3'000};  ///< for a whole batch
inline constexpr std::chrono::milliseconds kafka_wait_while_down{300};  ///< while no broker answers
inline constexpr std::chrono::milliseconds kafka_wait_at_end{2'000};

/// Publishes to Kafka: an idempotent producer, acknowledged by all replicas in sync, keyed by the owner, so that each owner's events are in one
/// partition in their order. All events of a batch are in flight at once. One that is not acknowledged in time stays with librdkafka, which goes on
/// trying; handed in again, it is waited for, and not sent twice.
class kafka_publisher final : public publisher {
public:
    /// Throws `fatal` when the settings do not fit. Connects later, by itself.
    explicit kafka_publisher(kafka_options options);
    ~kafka_publisher() override;
    kafka_publisher(const kafka_publisher&) = delete;
    kafka_publisher& operator=(const kafka_publisher&) = delete;

    std::string_view name() const override { return "kafka"; }
    std::vector<publish_result> publish(std::span<const stored_event> events) override;

private:
    struct delivery {
        enum class state : unsigned char { in_flight, acknowledged, failed };
        state now = state::in_flight;
        rd_kafka_resp_err_t failure = RD_KAFKA_RESP_ERR_NO_ERROR;
        bool awaited = false;  ///< by the batch in hand
    };
    using batch = std::span<const stored_event* const>;

    void open();
    bool ready();
    std::vector<publish_result> send(batch events);
    /// Gives the event to librdkafka, unless it has it.
    rd_kafka_resp_err_t produce(const stored_event& one);
    void wait_for_acknowledgements();
    static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self);
    static void on_error(rd_kafka_t*, int code, const char* reason, void* self);

    kafka_options options_;
    std::unordered_map<event_id, delivery> deliveries_;  // librdkafka holds pointers into it
    std::size_t awaited_ = 0;
    std::chrono::steady_clock::time_point began_;  // with the batch in hand
    bool topic_is_there_ = false;
    bool brokers_down_ = false;
    kafka::trouble_log trouble_{"Kafka takes no events", options_};
    kafka::client_handle producer_;  // destroyed first: its callbacks use the others
};

}  // namespace rondo
