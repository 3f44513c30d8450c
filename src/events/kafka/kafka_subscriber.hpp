#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "events/consumer.hpp"
#include "events/kafka/kafka_client.hpp"

namespace rondo {

inline constexpr std::size_t kafka_fetch_batch_max = 256;  ///< messages handed to the consumer at once
inline constexpr std::chrono::milliseconds kafka_retry_min{100};
inline constexpr std::chrono::milliseconds kafka_retry_max{5'000};
inline constexpr std::chrono::milliseconds kafka_leave_max{3'000};  ///< at the end, for the last commit

/// Brings what is on the topic to the consumer, as a member of the group. An offset is committed after the consumer's work is durable, so a crash
/// brings some messages again and loses none; while the database cannot be reached, the messages in hand wait here and no more are fetched. What
/// cannot be handled is in the dead letters and holds up nothing. One loop on one thread.
class kafka_subscriber {
public:
    using handler = std::function<std::vector<std::optional<consumed>>(std::vector<incoming_message>)>;

    /// `deliver_to` is the consumer's `handle_and_wait`. Throws `fatal` when the settings do not fit. Connects later, by itself.
    kafka_subscriber(kafka_options options, handler deliver_to);
    ~kafka_subscriber();
    kafka_subscriber(const kafka_subscriber&) = delete;
    kafka_subscriber& operator=(const kafka_subscriber&) = delete;

    void start();
    /// Ends after the batch in hand, commits what is done, leaves the group and joins the thread.
    void stop();

private:
    struct fetched {
        std::int32_t partition = 0;
        std::int64_t offset = 0;
        incoming_message message;
    };

    void open();
    void run();
    void subscribe();
    /// Commits what is done and leaves the group, if the brokers answer soon enough; the client is gone then.
    void leave();
    /// Takes what is there into `in_hand_`, waiting for the first message at most so long.
    void fetch(std::chrono::milliseconds at_most);
    /// Gives the messages in hand to the consumer; true when all of them are done.
    bool deliver();
    void pause_fetching(bool pause);
    bool stopping();
    /// Waits so long or for the end.
    void wait(std::chrono::milliseconds lasting);
    static void on_error(rd_kafka_t*, int code, const char* reason, void* self);

    kafka_options options_;
    handler deliver_to_;
    std::vector<fetched> in_hand_;
    bool lost_ = false;  // the client goes no further
    std::string lost_because_;
    kafka::trouble_log trouble_{"Kafka brings no events", options_};
    std::mutex mutex_;
    std::condition_variable stop_asked_;
    bool stopping_ = false;  // under mutex_
    kafka::client_handle client_;
    std::thread thread_;
};

}  // namespace rondo
