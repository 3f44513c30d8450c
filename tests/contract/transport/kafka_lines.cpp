// Kafka, with librdkafka's mock of a cluster and with a real broker.
#include <array>
#include <cstdlib>
#include <stdexcept>

#include "contract/transport/kafka_mock.hpp"
#include "contract/transport/transport_contract.hpp"
#include "events/kafka/kafka_publisher.hpp"
#include "events/kafka/kafka_subscriber.hpp"

namespace rondo::test {
namespace {

constexpr int partitions = 4;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

class kafka_line : public transport_under_test {
public:
    publisher& out() override { return *out_; }
    void renew_publisher() override {
        out_.reset();
        out_ = std::make_unique<kafka_publisher>(options_);
    }
    void begin_delivery(message_handler handler) override {
        in_ = std::make_unique<kafka_subscriber>(options_, std::move(handler));
        in_->start();
    }
    void end_delivery() override { in_.reset(); }
    bool send_foreign(const std::string& key, const std::string& bytes) override {
        produce_foreign(options_.brokers, options_.topic, key, bytes);
        return true;
    }
    std::optional<std::size_t> event_bytes_max() const override { return 1'000'000; }

protected:
    explicit kafka_line(std::string brokers) {
        options_ = {.brokers = std::move(brokers),
                    .topic = unique_name("t"),
                    .group = unique_name("g"),
                    .partitions = partitions};
    }

    kafka_options options_;
    std::unique_ptr<kafka_subscriber> in_;
    std::unique_ptr<kafka_publisher> out_;
};

class mock_kafka_line final : mock_cluster, public kafka_line {
public:
    mock_kafka_line() : kafka_line{rd_kafka_mock_cluster_bootstraps(mock)} {
        rd_kafka_mock_topic_create(mock, options_.topic.c_str(), partitions, 1);  // it knows no admin requests
        renew_publisher();
    }
    ~mock_kafka_line() override {
        in_.reset();
        out_.reset();
    }
    void take_down() override {
        for (int broker = 1; broker <= 3; ++broker)
            rd_kafka_mock_broker_set_down(mock, broker);
    }
    void bring_back() override {
        for (int broker = 1; broker <= 3; ++broker)
            rd_kafka_mock_broker_set_up(mock, broker);
    }
    bool delay_acknowledgements(bool delay) override {
        for (int broker = 1; broker <= 3; ++broker)
            rd_kafka_mock_broker_set_rtt(mock, broker, delay ? 5'000 : 0);
        return true;
    }
};

class real_kafka_line final : public kafka_line {
public:
    real_kafka_line() : kafka_line{variable("RONDO_TEST_KAFKA")} { renew_publisher(); }
    ~real_kafka_line() override {
        if (down_)
            bring_back();
        in_.reset();
        out_.reset();
    }
    void take_down() override {
        real_broker("stop");
        down_ = true;
    }
    void bring_back() override {
        real_broker("start");
        down_ = false;
    }
    bool delay_acknowledgements(bool) override { return false; }
    /// A broker takes most of a minute to start where everything else runs too.
    std::chrono::seconds patience() const override { return std::chrono::seconds{150}; }

private:
    bool down_ = false;
};

}  // namespace

void real_broker(std::string_view stop_or_start) {
    const auto command = std::string{RONDO_SOURCE_DIR} + "/tools/dev-services " + std::string{stop_or_start} +
                         " kafka --dir " + variable("RONDO_TEST_KAFKA_DIR") + " > /dev/null";
    if (std::system(command.c_str()) != 0)  // NOLINT: the tests' own tool
        throw std::runtime_error{command + " failed"};
}

void produce_foreign(const std::string& brokers, const std::string& topic, const std::string& key,
                     const std::string& bytes) {
    auto conf = kafka::make_conf({.brokers = brokers}, {}, nullptr, [](rd_kafka_t*, int, const char*, void*) {});
    const auto client = kafka::make_client(RD_KAFKA_PRODUCER, std::move(conf));
    std::array<rd_kafka_vu_t, 4> parts{};
    parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    parts[0].u.cstr = topic.c_str();
    parts[1].vtype = RD_KAFKA_VTYPE_KEY;
    parts[1].u.mem = {.ptr = const_cast<char*>(key.data()), .size = key.size()};
    parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
    parts[2].u.mem = {.ptr = const_cast<char*>(bytes.data()), .size = bytes.size()};
    parts[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    parts[3].u.i = RD_KAFKA_MSG_F_COPY;
    const kafka::error_handle refused{rd_kafka_produceva(client.get(), parts.data(), parts.size())};
    if (refused || rd_kafka_flush(client.get(), 20'000))
        throw std::runtime_error{"the foreign record was not taken"};
}

std::string kafka_is_missing() {
    return variable("RONDO_TEST_KAFKA").empty() || variable("RONDO_TEST_KAFKA_DIR").empty()
               ? "RONDO_TEST_KAFKA is not set: tools/dev-services start kafka --dir FOLDER gives it"
               : "";
}

std::unique_ptr<transport_under_test> make_kafka_mock() {
    return std::make_unique<mock_kafka_line>();
}

std::unique_ptr<transport_under_test> make_kafka_real() {
    return std::make_unique<real_kafka_line>();
}

}  // namespace rondo::test
