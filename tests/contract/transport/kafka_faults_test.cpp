// What brokers say when something is wrong, and what becomes of the events.
#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "contract/transport/kafka_mock.hpp"
#include "contract/transport/transport_contract.hpp"
#include "events/kafka/kafka_publisher.hpp"
#include "events/kafka/kafka_subscriber.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::Each;
using enum publish_result;

class kafka_faults : public ::testing::Test {
protected:
    static constexpr int partitions = 4;

    kafka_faults() { rd_kafka_mock_topic_create(cluster.mock, options.topic.c_str(), partitions, 1); }

    std::vector<stored_event> make_events(int count, int owner_count, std::size_t bytes = 0) {
        while (static_cast<int>(owners.size()) < owner_count)
            owners.push_back(maker.owner());
        std::vector<stored_event> events;
        for (int i = 0; i < count; ++i)
            events.push_back(maker.event(owners[static_cast<std::size_t>(i % owner_count)], bytes));
        return events;
    }
    void fail_next(rd_kafka_resp_err_t failure, int times) {
        for (int i = 0; i < times; ++i)
            rd_kafka_mock_push_request_errors(cluster.mock, mock_cluster::produce_request, 1, failure);
    }
    /// As the relay does.
    void publish_all(publisher& out, std::vector<stored_event> events) {
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (!events.empty()) {
            const auto results = out.publish(events);
            std::vector<stored_event> left;
            for (std::size_t i = 0; i < events.size(); ++i) {
                EXPECT_NE(results[i], rejected);
                if (results[i] != acknowledged)
                    left.push_back(events[i]);
            }
            events = std::move(left);
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << events.size() << " events were not taken";
        }
    }
    /// Of one owner, each as large as a request may be, with answers so slow that the second is ready before the first is answered.
    std::vector<stored_event> two_requests() {
        for (int broker = 1; broker <= mock_cluster::brokers; ++broker)
            rd_kafka_mock_broker_set_rtt(cluster.mock, broker, 50);
        return make_events(2, 1, 600'000);  // the mock keeps 5 MB of a partition
    }
    void expect_in_order(const std::vector<stored_event>& events) {
        const auto seen = expect_all(events);
        for (const auto& owner : owners)
            EXPECT_EQ(seen->first_arrivals(owner), ids_of(events, owner));
    }
    std::unique_ptr<arrivals> expect_all(const std::vector<stored_event>& events) {
        auto seen = std::make_unique<arrivals>();
        kafka_subscriber in{options, [&](std::vector<incoming_message> messages) {
                                for (const auto& message : messages)
                                    seen->add(message);
                                return std::vector<std::optional<consumed>>(messages.size(), consumed{});
                            }};
        in.start();
        EXPECT_TRUE(seen->wait(30s, all_of(ids_of(events))));
        return seen;
    }

    mock_cluster cluster;
    kafka_options options{.brokers = rd_kafka_mock_cluster_bootstraps(cluster.mock),
                          .topic = unique_name("t"),
                          .group = unique_name("g"),
                          .partitions = partitions};
    event_maker maker;
    std::vector<user_id> owners;
};

TEST_F(kafka_faults, WhatPassesIsTriedAgainInOrder) {
    kafka_publisher out{options};
    std::vector<stored_event> all;
    for (const auto failure : {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                               RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
                               RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID}) {
        fail_next(failure, 3);
        for (const auto& one : make_events(10, 3)) {
            // One alone: after some of these a broker refuses what follows, and the mock does not.
            publish_all(out, {one});
            all.push_back(one);
        }
    }
    expect_in_order(all);
}

// A broker that knows no batch of a producer's in a partition yet takes its second one though it has just refused the first: of a topic just
// made, whose leader is not ready yet. The client library concludes that the first one is there as well, and says so (seen with a real broker).
TEST_F(kafka_faults, ARefusedBatchIsNotTakenForDeliveredWhenTheNextOneIs) {
    std::vector<stored_event> all;
    for (int round = 0; round < 3; ++round) {
        kafka_publisher out{options};  // a producer that no broker knows yet
        const auto two = two_requests();
        fail_next(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, 1);
        publish_all(out, two);
        all.insert(all.end(), two.begin(), two.end());
    }
    expect_in_order(all);
}

// The library sends what it has ready after this refusal. A broker would refuse that too; the mock takes it.
TEST_F(kafka_faults, AnAcknowledgementWithoutAnOffsetIsNone) {
    kafka_publisher out{options};
    const auto two = two_requests();
    fail_next(RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, 1);
    publish_all(out, two);
    expect_all(two);
}

TEST_F(kafka_faults, ARightThatIsMissingIsNoEventsFault) {
    kafka_publisher out{options};
    const auto events = make_events(10, 3);
    publish_all(out, events);
    const auto more = make_events(10, 3);
    fail_next(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 20);
    EXPECT_THAT(out.publish(more), Each(unreachable));
    rd_kafka_mock_clear_request_errors(cluster.mock, mock_cluster::produce_request);
    publish_all(out, more);
}

TEST_F(kafka_faults, WhatTheBrokerFindsTooLargeIsRejected) {
    kafka_publisher out{options};
    publish_all(out, make_events(1, 1));
    fail_next(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, 1);
    EXPECT_THAT(out.publish(make_events(1, 1)), Each(rejected));
    EXPECT_THAT(out.publish(make_events(1, 1)), Each(acknowledged));
}

TEST_F(kafka_faults, APartitionWithoutALeaderHoldsUpItsOwnKeysAlone) {
    kafka_publisher out{options};
    publish_all(out, make_events(40, 40));
    rd_kafka_mock_partition_set_leader(cluster.mock, options.topic.c_str(), 0, -1);
    fail_next(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, 1);
    const auto events = make_events(40, 40);
    const auto results = out.publish(events);
    EXPECT_GT(std::ranges::count(results, acknowledged), 0);
    EXPECT_EQ(std::ranges::count(results, unreachable), 0);
    std::vector<stored_event> held;
    for (std::size_t i = 0; i < events.size(); ++i)
        if (results[i] == retry)
            held.push_back(events[i]);
    rd_kafka_mock_partition_set_leader(cluster.mock, options.topic.c_str(), 0, 1);
    publish_all(out, held);
}

TEST_F(kafka_faults, ATopicThatIsMissingAndCannotBeMadeIsWaitedFor) {
    rd_kafka_mock_topic_set_error(cluster.mock, options.topic.c_str(), RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    kafka_publisher out{options};
    const auto events = make_events(3, 1);
    EXPECT_THAT(out.publish(events), Each(unreachable)) << "the mock makes no topics for those who ask";
    rd_kafka_mock_topic_set_error(cluster.mock, options.topic.c_str(), RD_KAFKA_RESP_ERR_NO_ERROR);
    publish_all(out, events);
}

TEST_F(kafka_faults, TwoMembersOfAGroupShareTheWorkAndLoseNothingWhenOneLeaves) {
    kafka_publisher out{options};
    arrivals seen;
    const auto handler = [&](std::vector<incoming_message> messages) {
        for (const auto& message : messages)
            seen.add(message);
        return std::vector<std::optional<consumed>>(messages.size(), consumed{});
    };
    auto first = std::make_unique<kafka_subscriber>(options, handler);
    first->start();
    const auto events = make_events(300, 10);
    publish_all(out, {events.begin(), events.begin() + 100});
    kafka_subscriber second{options, handler};
    second.start();
    publish_all(out, {events.begin() + 100, events.begin() + 200});
    ASSERT_TRUE(seen.wait(60s, all_of(ids_of({events.begin(), events.begin() + 150}))));
    first.reset();
    publish_all(out, {events.begin() + 200, events.end()});
    EXPECT_TRUE(seen.wait(60s, all_of(ids_of(events))));
}

}  // namespace rondo::test
