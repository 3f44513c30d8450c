#include "app/config.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>

namespace rondo {
namespace {

constexpr std::string_view default_secret = "dev-secret-key-change-in-production";
constexpr std::size_t secret_bytes_min = 32;
constexpr int exit_config = 78;  // EX_CONFIG of sysexits.h

constexpr std::array all_settings{
    setting{"DATABASE_URL", &config::database_url,
            "sqlite:///relative/path, sqlite:////absolute/path or postgresql://user:password@host/database"},
    setting{"SECRET_KEY", &config::secret_key, "Signs access tokens; 32 bytes or more in production", true},
    setting{"ENVIRONMENT", &config::environment, "development (readable logs) or production (JSON lines)"},
    setting{"CORS_ORIGINS", &config::cors_origins, "Origins that browsers may call from, comma-separated"},
    setting{"OPENAI_API_KEY", &config::openai_api_key, "Kept for the assistant, which this version does not have",
            true},
    setting{"HOST", &config::host, "Address to listen on"},
    setting{"PORT", &config::port, "Port to listen on; 0 lets the system choose"},
    setting{"ACCESS_TOKEN_EXPIRE_MINUTES", &config::access_token_expire_minutes, "Life of an access token"},
    setting{"EVENT_TRANSPORT", &config::event_transport, "auto, embedded, dapr or kafka"},
    setting{"DAPR_HTTP_PORT", &config::dapr_http_port, "The sidecar's port, set by Dapr's injector"},
    setting{"DAPR_API_TOKEN", &config::dapr_api_token, "Sent to the sidecar", true},
    setting{"APP_API_TOKEN", &config::app_api_token, "Asked of whoever delivers events", true},
    setting{"PUBSUB_NAME", &config::pubsub_name, "Dapr's pub/sub component"},
    setting{"PUBSUB_TOPIC", &config::pubsub_topic, "Topic that events go to"},
    setting{"DAPR_SUBSCRIBE", &config::dapr_subscribe,
            "declarative (the sidecar has a Subscription file) or programmatic (the server tells it)"},
    setting{"KAFKA_BROKERS", &config::kafka_brokers, "Brokers, host:port, comma-separated"},
    setting{"KAFKA_CONSUMER_GROUP", &config::kafka_consumer_group, "Group that shares the topic's partitions"},
    setting{"KAFKA_PARTITIONS", &config::kafka_partitions, "Partitions of the topic, if it has to be made"},
    setting{"KAFKA_SECURITY_PROTOCOL", &config::kafka_security_protocol, "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"},
    setting{"KAFKA_SASL_MECHANISM", &config::kafka_sasl_mechanism, "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"},
    setting{"KAFKA_SASL_USERNAME", &config::kafka_sasl_username, "Name to log in to the brokers with"},
    setting{"KAFKA_SASL_PASSWORD", &config::kafka_sasl_password, "Password to log in to the brokers with", true},
    setting{"KAFKA_SSL_CA_LOCATION", &config::kafka_ssl_ca_location,
            "File with the certificates that vouch for the brokers; without it, the system's"},
    setting{"EVENT_LOCAL_AFTER", &config::event_local_after,
            "How long a transport may be down before events are also handled here"},
    setting{"OTEL_EXPORTER_OTLP_ENDPOINT", &config::otel_endpoint,
            "OpenTelemetry collector (http), e.g. http://127.0.0.1:4318"},
    setting{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &config::otel_traces_endpoint, "The same for traces, with its path"},
    setting{"OTEL_EXPORTER_OTLP_HEADERS", &config::otel_headers, "Headers for the collector, name=value,...", true},
    setting{"OTEL_EXPORTER_OTLP_TIMEOUT", &config::otel_timeout, "Milliseconds an export may take"},
    setting{"OTEL_SERVICE_NAME", &config::otel_service_name, "Name of this service in traces"},
    setting{"OTEL_RESOURCE_ATTRIBUTES", &config::otel_resource_attributes, "More attributes, name=value,..."},
    setting{"OTEL_TRACES_SAMPLER", &config::otel_traces_sampler,
            "always_on, always_off, traceidratio, or one of these after parentbased_"},
    setting{"OTEL_TRACES_SAMPLER_ARG", &config::otel_traces_sampler_arg, "The ratio for traceidratio, 0 to 1"},
    setting{"OTEL_SDK_DISABLED", &config::otel_sdk_disabled, "true turns traces off"},
};

/// Stops the start: names the variable, what it was, and what it may be.
[[noreturn]] void refuse(std::string_view variable, std::string_view value, std::string_view allowed) {
    const auto known = std::ranges::find(all_settings, variable, &setting::variable);
    const bool secret = known != all_settings.end() && known->secret;
    std::string shown;
    if (secret)
        shown = "**** (" + std::to_string(value.size()) + " bytes)";
    else
        for (const char c : value.substr(0, 200))
            shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    throw fatal{exit_config, std::string{variable} + "=" + shown + ": " + std::string{allowed}};
}

template <class Number>
Number number(std::string_view variable, const std::string& text, Number min, Number max) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || value < min || value > max)
        refuse(variable, text,
               "a whole number from " + std::to_string(min) + " to " + std::to_string(max) + " is needed.");
    return value;
}

std::chrono::milliseconds duration(std::string_view variable, const std::string& text) {
    long value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit{end, text.data() + text.size()};
    const long ms = unit == "ms" ? 1 : unit == "s" ? 1'000 : unit == "m" ? 60'000 : 0;
    if (failed != std::errc{} || ms == 0 || value < 0 || value > 86'400'000)
        refuse(variable, text, "a duration such as 500ms, 5s or 1m is needed.");
    return std::chrono::milliseconds{value * ms};
}

void one_of(std::string_view variable, const std::string& text, std::initializer_list<std::string_view> allowed) {
    if (std::ranges::find(allowed, text) != allowed.end())
        return;
    std::string named;
    for (const auto& each : allowed)
        named += (named.empty() ? "" : &each == allowed.end() - 1 ? " or " : ", ") + std::string{each};
    refuse(variable, text, named + " is needed.");
}

std::vector<std::string> origins(const std::string& text) {
    std::vector<std::string> found;
    std::size_t from = 0;
    while (from <= text.size()) {
        const auto comma = std::min(text.find(',', from), text.size());
        std::string_view one{text.data() + from, comma - from};
        while (one.starts_with(' '))
            one.remove_prefix(1);
        while (one.ends_with(' ') || one.ends_with('/'))
            one.remove_suffix(1);
        from = comma + 1;
        if (one.empty())
            continue;
        const auto scheme = one.find("://");
        const auto host = scheme == one.npos ? one : one.substr(scheme + 3);
        const bool clean = std::ranges::all_of(one, [](char c) { return c > 0x20 && c < 0x7f; });
        if (scheme == one.npos || scheme == 0 || host.empty() || host.find_first_of("/*?#") != host.npos || !clean)
            refuse("CORS_ORIGINS", text,
                   "origins such as https://todo.example.org are needed, comma-separated, without a path; "
                   "* is not allowed, because credentials are.");
        found.emplace_back(one);
    }
    return found;
}

transport choose_transport(const config& given) {
    const std::string& asked = given.event_transport;
    const bool automatic = asked == "auto";
    if (!automatic && asked != "embedded" && asked != "dapr" && asked != "kafka")
        refuse("EVENT_TRANSPORT", asked, "auto, embedded, dapr or kafka is needed.");
    if (asked == "dapr" || (automatic && !given.dapr_http_port.empty()))
        return transport::dapr;
    if (asked == "kafka" || (automatic && !given.kafka_brokers.empty()))
        return transport::kafka;
    return transport::embedded;
}

/// A Kafka topic's name, or a component's: what may stand in a path and in every broker.
void check_name(std::string_view variable, const std::string& text) {
    const bool fits =
        !text.empty() && text.size() <= 249 && text != "." && text != ".." &&
        std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; });
    if (!fits)
        refuse(variable, text, "letters, digits, dots, dashes and underscores are needed, 249 at most.");
}

kafka_options check_kafka(const config& given) {
    if (given.kafka_brokers.empty())
        refuse("KAFKA_BROKERS", given.kafka_brokers,
               "with EVENT_TRANSPORT=kafka the brokers are needed, such as kafka-1:9092,kafka-2:9092.");
    const bool clean = std::ranges::all_of(given.kafka_brokers, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (!clean || given.kafka_brokers.contains("/"))
        refuse("KAFKA_BROKERS", given.kafka_brokers, "host:port is needed, comma-separated, without spaces.");
    one_of("KAFKA_SECURITY_PROTOCOL", given.kafka_security_protocol,
           {"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"});
    if (given.kafka_security_protocol.starts_with("SASL")) {
        one_of("KAFKA_SASL_MECHANISM", given.kafka_sasl_mechanism, {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"});
        if (given.kafka_sasl_username.empty() || given.kafka_sasl_password.empty())
            refuse("KAFKA_SECURITY_PROTOCOL", given.kafka_security_protocol,
                   "it needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD too.");
    }
    return {.brokers = given.kafka_brokers,
            .topic = given.pubsub_topic,
            .group = given.kafka_consumer_group,
            .partitions = number<int>("KAFKA_PARTITIONS", given.kafka_partitions, 1, 10'000),
            .security_protocol = given.kafka_security_protocol,
            .sasl_mechanism = given.kafka_sasl_mechanism,
            .sasl_username = given.kafka_sasl_username,
            .sasl_password = given.kafka_sasl_password,
            .ssl_ca_location = given.kafka_ssl_ca_location};
}

void check_transport(const config& given, checked_config& fits) {
    check_name("PUBSUB_NAME", given.pubsub_name);
    check_name("PUBSUB_TOPIC", given.pubsub_topic);
    check_name("KAFKA_CONSUMER_GROUP", given.kafka_consumer_group);
    one_of("DAPR_SUBSCRIBE", given.dapr_subscribe, {"declarative", "programmatic"});
    fits.dapr = {.pubsub = given.pubsub_name, .topic = given.pubsub_topic, .api_token = given.dapr_api_token};
    if (!given.dapr_http_port.empty()) {
        number<std::uint16_t>("DAPR_HTTP_PORT", given.dapr_http_port, 1, 65535);
        fits.dapr.port = given.dapr_http_port;
    }
    if (std::ranges::any_of(given.dapr_api_token, [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }))
        refuse("DAPR_API_TOKEN", given.dapr_api_token, "printable characters without spaces are needed.");
    fits.dapr_subscribes_itself = given.dapr_subscribe == "programmatic";
    if (fits.events == transport::kafka)
        fits.kafka = check_kafka(given);
}

}  // namespace

std::span<const setting> settings() {
    return all_settings;
}

std::string flag_of(const setting& one) {
    std::string flag = "--";
    for (const char c : one.variable)
        flag += c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
    return flag;
}

std::optional<std::string> from_environment(const setting& one) {
    const auto read = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value && *value ? std::optional{std::string{value}} : std::nullopt;
    };
    const std::string name{one.variable};
    if (auto value = read(name))
        return value;
    if (!one.secret)
        return std::nullopt;
    const auto file = read(name + "_FILE");
    if (!file)
        return std::nullopt;
    std::ifstream in{*file, std::ios::binary};
    std::string secret{std::istreambuf_iterator<char>{in}, {}};
    if (!in)
        throw fatal{exit_config, name + "_FILE=" + *file + ": the file cannot be read."};
    while (secret.ends_with('\n') || secret.ends_with('\r'))
        secret.pop_back();
    return secret;
}

config resolve(std::span<const setting_source> sources) {
    config filled;
    for (const setting& one : all_settings) {
        for (const setting_source& source : sources) {
            if (auto value = source(one); value && !value->empty()) {
                filled.*one.field = std::move(*value);
                break;
            }
        }
    }
    return filled;
}

checked_config check(const config& given) {
    checked_config fits;
    fits.database = read_database_url(given.database_url);
    fits.database_shown = without_password(given.database_url);

    if (given.environment != "development" && given.environment != "production")
        refuse("ENVIRONMENT", given.environment, "development or production is needed.");
    fits.production = given.environment == "production";

    if (fits.production && given.secret_key == default_secret)
        throw fatal{exit_config,
                    "SECRET_KEY is not set: with ENVIRONMENT=production a secret of your own is needed, "
                    "32 bytes or more (openssl rand -hex 32 makes one)."};
    if (fits.production && given.secret_key.size() < secret_bytes_min)
        refuse("SECRET_KEY", given.secret_key,
               "with ENVIRONMENT=production 32 bytes or more are needed (openssl rand -hex 32 makes such a secret).");
    fits.secret_key = given.secret_key;

    fits.cors_origins = origins(given.cors_origins);
    const bool clean_host = std::ranges::all_of(given.host, [](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == ':' || c == '-' || c == '_' || c == '%';
    });
    if (!clean_host)
        refuse("HOST", given.host, "an IP address of this machine or its name is needed, such as 127.0.0.1 or ::.");
    fits.host = given.host;
    fits.port = number<std::uint16_t>("PORT", given.port, 0, 65535);
    // At most as long as the refresh token beside it: a session is forgotten soon after its last token.
    fits.access_token_lifetime =
        std::chrono::minutes{number<int>("ACCESS_TOKEN_EXPIRE_MINUTES", given.access_token_expire_minutes, 1, 43'200)};
    fits.local_after = duration("EVENT_LOCAL_AFTER", given.event_local_after);
    fits.app_api_token = given.app_api_token;
    fits.traces = otlp::check({.endpoint = given.otel_endpoint,
                               .traces_endpoint = given.otel_traces_endpoint,
                               .headers = given.otel_headers,
                               .timeout = given.otel_timeout,
                               .service_name = given.otel_service_name,
                               .resource_attributes = given.otel_resource_attributes,
                               .sampler = given.otel_traces_sampler,
                               .sampler_arg = given.otel_traces_sampler_arg,
                               .disabled = given.otel_sdk_disabled});
    fits.assistant_asked_for = !given.openai_api_key.empty();

    fits.events = choose_transport(given);
    check_transport(given, fits);
    return fits;
}

}  // namespace rondo
