#pragma once

#include <functional>
#include <optional>
#include <string>

#include "api/live_events.hpp"
#include "auth/passwords.hpp"
#include "auth/tokens.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "events/consumer.hpp"
#include "store/store.hpp"
#include "telemetry/metrics.hpp"

namespace rondo {

/// What a Dapr sidecar that asks for it is told to bring.
struct dapr_subscription {
    std::string pubsub;
    std::string topic;
};

/// What the routes are built from. app owns all of it and outlives the routes.
struct services {
    store& data;
    consumer& events;
    live_events& followers;
    passwords& password_pool;
    tokens& access_tokens;
    metrics& meters;
    const clock& time;
    random_source& random;
    std::string secret_key;       ///< for keyed hashes and sealing; never logged
    std::string environment;      ///< "development" or "production"
    std::string version;
    std::string app_api_token;    ///< APP_API_TOKEN; empty when not set
    std::string transport;        ///< "embedded", "dapr", "kafka"
    std::optional<dapr_subscription> subscription{};  ///< none: the sidecar has a Subscription of its own
    std::function<bool()> ready;  ///< false while starting and draining
};

}  // namespace rondo
