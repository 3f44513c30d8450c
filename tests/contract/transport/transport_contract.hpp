#pragma once
// The suite that every transport passes: from a batch of the outbox to messages that a handler is given.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/consumer.hpp"
#include "events/publisher.hpp"
#include "support/made_events.hpp"
#include "unit/events/event_world.hpp"

namespace rondo::test {

/// What the handler of deliveries is: it answers for each message, nothing for one it could not handle.
using message_handler = std::function<std::vector<std::optional<consumed>>(std::vector<incoming_message>)>;

/// A transport with both its ends and the means to break it.
class transport_under_test {
public:
    virtual ~transport_under_test() = default;

    virtual publisher& out() = 0;
    /// As after a restart of the program: what the old one was waiting for, the new one knows nothing of.
    virtual void renew_publisher() = 0;
    virtual void begin_delivery(message_handler handler) = 0;
    /// Returns when no more is delivered and what was handled is acknowledged to the transport.
    virtual void end_delivery() = 0;

    /// What lies between the two ends goes away, orderly or not, and comes back.
    virtual void take_down() = 0;
    virtual void bring_back() = 0;
    /// A message of somebody else's on the topic. False where nobody else can send one.
    virtual bool send_foreign(const std::string& key, const std::string& bytes) = 0;
    /// From here on, acknowledgements come too late, or no longer do. False where none can be lost.
    virtual bool delay_acknowledgements(bool delay) = 0;
    /// The largest event it takes; nothing where there is no limit.
    virtual std::optional<std::size_t> event_bytes_max() const = 0;
    /// How long a message may take, in the worst of these cases.
    virtual std::chrono::seconds patience() const { return std::chrono::seconds{60}; }
};

struct transport_kind {
    std::string name;
    /// Nothing where it cannot run here; `why_not` says what is missing.
    std::unique_ptr<transport_under_test> (*make)();
    std::string (*why_not)();
};

inline void PrintTo(const transport_kind& shown, std::ostream* to) {
    *to << shown.name;
}

std::vector<transport_kind> transports();

std::unique_ptr<transport_under_test> make_embedded();
std::unique_ptr<transport_under_test> make_kafka_mock();
std::unique_ptr<transport_under_test> make_kafka_real();
std::unique_ptr<transport_under_test> make_dapr_real();
std::string kafka_is_missing();
std::string dapr_is_missing();
/// A name that no other test uses.
std::string unique_name(std::string_view prefix);
/// Ends or starts the broker that the tests were given, and waits for that.
void real_broker(std::string_view stop_or_start);
/// Puts a record straight on a topic of that broker.
void produce_foreign(const std::string& brokers, const std::string& topic, const std::string& key,
                     const std::string& bytes);

/// What has arrived. Thread-safe.
class arrivals {
public:
    void add(const incoming_message& message);
    std::vector<event_notice> all() const;
    std::size_t unreadable() const;
    /// The ids in the order of their first arrival.
    std::vector<event_id> first_arrivals(std::optional<user_id> of = {}) const;
    /// Waits until `enough` says so of what has arrived.
    bool wait(std::chrono::seconds patience, const std::function<bool(const arrivals&)>& enough) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<event_notice> seen_;
    std::size_t unreadable_ = 0;
};

/// Whether all of these have arrived at least once.
std::function<bool(const arrivals&)> all_of(std::vector<event_id> ids);
std::vector<event_id> ids_of(const std::vector<stored_event>& events, std::optional<user_id> of = {});

class transport_contract : public ::testing::TestWithParam<transport_kind> {
protected:
    void SetUp() override;
    void TearDown() override;

    transport_under_test& line() { return *line_; }
    publisher& out() { return line_->out(); }
    /// Delivers to a handler that notes what comes, gives it to the consumer twice, and answers for the first time.
    void begin_delivery();
    std::vector<stored_event> make_events(int count, int owners = 3, std::size_t bytes = 0);
    /// Publishes as the relay does: again and again what is not acknowledged, in order within each owner. Gives what was rejected.
    std::vector<event_id> publish_all(std::vector<stored_event> events, std::chrono::seconds within);
    /// All arrived, each owner's in order of first arrival.
    void expect_arrived_in_order(const std::vector<stored_event>& events);

    event_world world{scratch_in::file, scratch_jobs::on_a_thread};
    event_maker maker;
    std::vector<user_id> owners;
    arrivals seen;
    /// How often the handler fails before it handles a message again.
    std::atomic<int> failures{0};

private:
    std::unique_ptr<transport_under_test> line_;
};

}  // namespace rondo::test

/// Runs a suite on every transport.
#define RONDO_ON_EVERY_TRANSPORT(Suite)                                                   \
    INSTANTIATE_TEST_SUITE_P(On, Suite, ::testing::ValuesIn(::rondo::test::transports()), \
                             [](const auto& with) { return with.param.name; })
