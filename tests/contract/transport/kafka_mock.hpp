#pragma once
// A Kafka cluster in a thread of librdkafka's, which speaks enough of the protocol and fails as it is told.

#include <cstdint>

#include "events/kafka/kafka_client.hpp"

// After it: the mock's header does not include what it needs.
#include <librdkafka/rdkafka_mock.h>

namespace rondo::test {

struct mock_cluster {
    static constexpr int brokers = 3;
    static constexpr std::int16_t produce_request = 0;
    static constexpr std::int16_t produce_version = 9;

    mock_cluster() {
        client = kafka::make_client(RD_KAFKA_PRODUCER, kafka::make_conf({.brokers = "127.0.0.1:1"}, {}, nullptr,
                                                                        [](rd_kafka_t*, int, const char*, void*) {}));
        mock = rd_kafka_mock_cluster_new(client.get(), brokers);
        // From version 10 on, the mock of librdkafka 2.8 tells of each partition's leader, and crashes where there is none.
        rd_kafka_mock_set_apiversion(mock, produce_request, 0, produce_version);
    }
    ~mock_cluster() { rd_kafka_mock_cluster_destroy(mock); }
    mock_cluster(const mock_cluster&) = delete;
    mock_cluster& operator=(const mock_cluster&) = delete;

    kafka::client_handle client;
    rd_kafka_mock_cluster_t* mock = nullptr;
};

}  // namespace rondo::test
