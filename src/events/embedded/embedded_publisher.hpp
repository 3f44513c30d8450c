#pragma once

#include "events/consumer.hpp"
#include "events/publisher.hpp"

namespace rondo {

/// The transport without a broker: hands each event to the consumer in-process. "Published" means the consumer's work is durable.
class embedded_publisher final : public publisher {
public:
    explicit embedded_publisher(consumer& deliver_to) : consumer_{deliver_to} {}
    std::string_view name() const override { return "embedded"; }
    std::vector<publish_result> publish(std::span<const stored_event> events) override;

private:
    consumer& consumer_;
};

}  // namespace rondo
