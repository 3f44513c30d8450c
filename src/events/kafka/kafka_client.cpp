#include "events/kafka/kafka_client.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <expected>
#include <span>
#include <thread>

#include "base/error.hpp"
#include "telemetry/log.hpp"

namespace rondo::kafka {
namespace {

constexpr int exit_config = 78;  // EX_CONFIG of sysexits.h
constexpr int look_up_wait_ms = 2'000;
constexpr int creation_wait_ms = 2'000;
constexpr std::chrono::milliseconds leaders_wait_max{3'000};
constexpr std::chrono::milliseconds leaders_ask_every{50};

void set(rd_kafka_conf_t* conf, std::string_view name, std::string_view value) {
    std::array<char, 512> why{};
    if (rd_kafka_conf_set(conf, std::string{name}.c_str(), std::string{value}.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK)
        throw fatal{exit_config, "The Kafka client does not take its settings: " + std::string{why.data()}};
}

void write_log(const rd_kafka_t*, int, const char*, const char* text) {
    log(log_level::debug, "librdkafka", {{"text", text}});
}

using topic_handle = handle<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using metadata_handle = handle<const struct rd_kafka_metadata, rd_kafka_metadata_destroy>;
using new_topic_handle = handle<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using admin_options_handle = handle<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

/// What the brokers say of the topic: one, without an error.
std::expected<metadata_handle, rd_kafka_resp_err_t> look_up(rd_kafka_t* client, const std::string& name) {
    const topic_handle topic{rd_kafka_topic_new(client, name.c_str(), nullptr)};
    const struct rd_kafka_metadata* found = nullptr;
    if (const auto failed = rd_kafka_metadata(client, 0, topic.get(), &found, look_up_wait_ms))
        return std::unexpected(failed);
    metadata_handle owned{found};
    if (found->topic_cnt != 1)
        return std::unexpected(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    if (found->topics[0].err)
        return std::unexpected(found->topics[0].err);
    return owned;
}

bool has_leaders(rd_kafka_t* client, const std::string& topic) {
    const auto found = look_up(client, topic);
    if (!found || (*found)->topics[0].partition_cnt == 0)
        return false;
    const auto& told = (*found)->topics[0];
    const std::span partitions{told.partitions, static_cast<std::size_t>(told.partition_cnt)};
    return std::ranges::all_of(partitions, [](const auto& one) { return !one.err && one.leader >= 0; });
}

/// A topic that has just been made is not known to every broker at once: who subscribes at once is told that it is not there.
void await_leaders(rd_kafka_t* client, const kafka_options& options) {
    const auto deadline = std::chrono::steady_clock::now() + leaders_wait_max;
    while (!has_leaders(client, options.topic) && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(leaders_ask_every);
}

failure make_topic(rd_kafka_t* client, const kafka_options& options) {
    std::array<char, 512> why{};
    constexpr int as_the_brokers_have_it = -1;
    const auto failed = [&options](rd_kafka_resp_err_t code, std::string_view reason) {
        return failure{
            .code = code,
            .reason = "The topic " + options.topic + " is not there and cannot be made: " + std::string{reason}};
    };
    const new_topic_handle wanted{rd_kafka_NewTopic_new(options.topic.c_str(), options.partitions,
                                                        as_the_brokers_have_it, why.data(), why.size())};
    if (!wanted)
        return failed(RD_KAFKA_RESP_ERR__INVALID_ARG, why.data());
    const queue_handle queue{rd_kafka_queue_new(client)};
    const admin_options_handle how{rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS)};
    rd_kafka_AdminOptions_set_request_timeout(how.get(), creation_wait_ms, why.data(), why.size());
    rd_kafka_NewTopic_t* topics = wanted.get();
    rd_kafka_CreateTopics(client, &topics, 1, how.get(), queue.get());
    const event_handle answered{rd_kafka_queue_poll(queue.get(), creation_wait_ms + 500)};
    if (!answered)
        return failed(RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer");
    if (const auto code = rd_kafka_event_error(answered.get()))
        return failed(code, rd_kafka_event_error_string(answered.get()));
    std::size_t count = 0;
    const auto** results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answered.get()), &count);
    const auto code = count == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR_UNKNOWN;
    if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {  // another replica was quicker
        await_leaders(client, options);
        return {};
    }
    if (code)
        return failed(code, rd_kafka_err2str(code));
    log(log_level::info, "Kafka topic made",
        {{"topic", options.topic}, {"partitions", std::to_string(options.partitions)}});
    await_leaders(client, options);
    return {};
}

/// Whether all that it says is that nobody answers.
bool is_silence(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
}

/// What to look at, by the names that the operator has set.
std::string advice(rd_kafka_resp_err_t code, const kafka_options& options) {
    constexpr int scram_for_kafka_4 = 0x02'06'01'00;
    if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION) {
        std::string text = ". Check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM.";
        if (options.sasl_mechanism.starts_with("SCRAM") && rd_kafka_version() < scram_for_kafka_4)
            text +=
                std::string{" Brokers of Kafka 4 refuse every SCRAM login of librdkafka before 2.6.1, and this is "} +
                rd_kafka_version_str() + ": log in by PLAIN there, over SASL_SSL.";
        return text;
    }
    if (code == RD_KAFKA_RESP_ERR__SSL)
        return ". Check KAFKA_SSL_CA_LOCATION, KAFKA_SECURITY_PROTOCOL, and whether the certificate has the name that "
               "KAFKA_BROKERS has.";
    // A broker that is spoken to in the wrong protocol says nothing at all.
    if (is_silence(code))
        return ". Check that the brokers run, and whether they speak " + options.security_protocol +
               " (KAFKA_SECURITY_PROTOCOL).";
    return {};
}

}  // namespace

conf_handle make_conf(const kafka_options& options, std::span<const setting> own, void* opaque,
                      void (*on_error)(rd_kafka_t*, int, const char*, void*)) {
    conf_handle conf{rd_kafka_conf_new()};
    set(conf.get(), "bootstrap.servers", options.brokers);
    set(conf.get(), "client.id", "rondo");
    set(conf.get(), "security.protocol", options.security_protocol);
    for (const auto& [name, value] :
         {setting{"sasl.mechanism", options.sasl_mechanism}, setting{"sasl.username", options.sasl_username},
          setting{"sasl.password", options.sasl_password}, setting{"ssl.ca.location", options.ssl_ca_location}})
        if (!value.empty())
            set(conf.get(), name, value);
    set(conf.get(), "allow.auto.create.topics", "false");  // it would get the broker's number of partitions
    set(conf.get(), "reconnect.backoff.max.ms", "2000");
    set(conf.get(), "socket.keepalive.enable", "true");
    set(conf.get(), "log.connection.close", "false");
    for (const auto& [name, value] : own)
        set(conf.get(), name, value);
    for (const auto& [name, value] : options.more)
        set(conf.get(), name, value);
    rd_kafka_conf_set_log_cb(conf.get(), write_log);
    rd_kafka_conf_set_error_cb(conf.get(), on_error);
    rd_kafka_conf_set_opaque(conf.get(), opaque);
    return conf;
}

client_handle make_client(rd_kafka_type_t type, conf_handle conf) {
    std::array<char, 512> why{};
    client_handle made{rd_kafka_new(type, conf.get(), why.data(), why.size())};
    if (!made)
        throw fatal{exit_config, "The Kafka client cannot start: " + std::string{why.data()}};
    [[maybe_unused]] const auto* const the_clients_now = conf.release();
    return made;
}

failure ensure_topic(rd_kafka_t* client, const kafka_options& options) {
    const auto found = look_up(client, options.topic);
    if (found || found.error() == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
        return {};
    const auto code = found.error();
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
        return make_topic(client, options);
    return {.code = code,
            .reason = "The brokers " + options.brokers + " do not tell of the topic " + options.topic + ": " +
                      rd_kafka_err2str(code)};
}

void trouble_log::note(failure seen) {
    if (!noted_.code || (is_silence(noted_.code) && !is_silence(seen.code)))
        noted_ = std::move(seen);
}

void trouble_log::note(int code, std::string_view reason) {
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        return;  // says how many, not why
    // How long it took and how often is left out.
    note({.code = static_cast<rd_kafka_resp_err_t>(code),
          .reason = std::string{reason.substr(0, reason.rfind(" (after "))}});
}

void trouble_log::over() {
    if (!told_.empty())
        log(log_level::info, "Kafka: the trouble is over", {{"was", std::string{message_}}});
    told_.clear();
}

void trouble_log::tell() {
    const failure seen = std::exchange(noted_, {});
    if (!seen.code || (is_silence(seen.code) && !told_.empty()) || !told_.insert(seen.code).second)
        return;
    log(log_level::warning, message_, {{"reason", seen.reason + advice(seen.code, options_)}});
}

}  // namespace rondo::kafka
