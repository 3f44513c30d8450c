#pragma once
// Everything that can be set from outside: the contract's variables, and the values they are checked to be.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/database.hpp"
#include "base/error.hpp"
#include "events/dapr/dapr_publisher.hpp"
#include "events/kafka/kafka_options.hpp"
#include "telemetry/otlp/settings.hpp"

namespace rondo {

/// The settings as text, each with its default.
struct config {
    std::string database_url = "sqlite:////data/todo.db";
    std::string secret_key = "dev-secret-key-change-in-production";
    std::string environment = "development";
    std::string cors_origins = "http://localhost:3000,http://localhost:8000";
    std::string openai_api_key;
    std::string host = "0.0.0.0";
    std::string port = "8000";
    std::string event_transport = "auto";
    std::string access_token_expire_minutes = "1440";
    std::string dapr_http_port;
    std::string dapr_api_token;
    std::string app_api_token;
    std::string pubsub_name = "kafka-pubsub";
    std::string pubsub_topic = "task-events";
    std::string dapr_subscribe = "declarative";
    std::string kafka_brokers;
    std::string kafka_consumer_group = "todo-backend";
    std::string kafka_partitions = "6";
    std::string kafka_security_protocol = "PLAINTEXT";
    std::string kafka_sasl_mechanism;
    std::string kafka_sasl_username;
    std::string kafka_sasl_password;
    std::string kafka_ssl_ca_location;
    std::string event_local_after = "5s";
    std::string otel_endpoint;
    std::string otel_traces_endpoint;
    std::string otel_headers;
    std::string otel_timeout = "10000";
    std::string otel_service_name = "rondo";
    std::string otel_resource_attributes;
    std::string otel_traces_sampler = "parentbased_always_on";
    std::string otel_traces_sampler_arg;
    std::string otel_sdk_disabled = "false";
};

/// One setting: its environment variable, its field, and what `--help` says of it. The flag is the name in lower case with dashes.
struct setting {
    std::string_view variable;
    std::string config::* field;
    std::string_view help;
    bool secret = false;
};

/// All of them, in the order of the contract.
std::span<const setting> settings();

/// `--database-url` for DATABASE_URL.
std::string flag_of(const setting& one);

/// Where a setting may come from; each gives nothing when it does not have the variable. Earlier ones win.
using setting_source = std::function<std::optional<std::string>(const setting&)>;

/// Fills a config from the sources, defaults last. An empty text counts as not given. For a secret, NAME_FILE names a file that holds it.
config resolve(std::span<const setting_source> sources);

/// The process's environment.
std::optional<std::string> from_environment(const setting& one);

enum class transport : std::uint8_t { embedded, dapr, kafka };

/// The settings as values that fit.
struct checked_config {
    database_place database;
    std::string database_shown;  ///< for the start line, without credentials
    std::string secret_key;
    bool production = false;
    std::vector<std::string> cors_origins;
    std::string host;
    std::uint16_t port = 8000;
    transport events = transport::embedded;
    dapr_options dapr;  ///< also its topic's name, whatever the transport
    bool dapr_subscribes_itself = false;  ///< GET /dapr/subscribe tells a sidecar what to bring
    kafka_options kafka;  ///< with transport::kafka
    std::chrono::milliseconds local_after{5'000};
    std::chrono::minutes access_token_lifetime{1440};
    std::string app_api_token;
    bool assistant_asked_for = false;
    std::optional<otlp::settings> traces;  ///< where spans are sent, if anywhere
};

/// Throws `fatal` (78) with one line that names the variable, the value (secrets masked) and what is allowed.
checked_config check(const config& given);

}  // namespace rondo
