#pragma once

#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "events/consumer.hpp"
#include "events/publisher.hpp"

namespace rondo {

/// The transport without a broker: hands each event to the consumer in-process. "Published" means the consumer's work is durable.
class embedded_publisher final : public publisher {
public:
    using handler = std::function<std::vector<std::optional<consumed>>(std::span<const stored_event>)>;

    /// `deliver_to` is the consumer's `handle_and_wait`.
    explicit embedded_publisher(handler deliver_to) : deliver_to_{std::move(deliver_to)} {}
    std::string_view name() const override { return "embedded"; }
    std::vector<publish_result> publish(std::span<const stored_event> events) override;

private:
    handler deliver_to_;
};

}  // namespace rondo
