#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace rondo {

struct kafka_options {
    std::string brokers;  ///< host:port, comma-separated
    std::string topic = "task-events";
    std::string group = "todo-backend";
    int partitions = 6;  ///< of the topic, if it has to be made
    std::string security_protocol = "PLAINTEXT";
    std::string sasl_mechanism;
    std::string sasl_username;
    std::string sasl_password;
    std::string ssl_ca_location;
    std::vector<std::pair<std::string, std::string>> more;  ///< further settings of librdkafka, which win
};

}  // namespace rondo
