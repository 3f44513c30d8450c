#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "events/publisher.hpp"
#include "http/client/client.hpp"

namespace rondo {

inline constexpr std::size_t dapr_bulk_bytes_max = 1024 * 1024;  ///< of one request; the sidecar's own limit is 4 MiB
inline constexpr std::chrono::seconds dapr_publish_wait_max{
    5};  ///< for a whole batch; what is not sent by then comes again

struct dapr_options {
    std::string host = "127.0.0.1";
    std::string port = "3500";
    std::string pubsub = "kafka-pubsub";
    std::string topic = "task-events";
    std::string api_token;  ///< DAPR_API_TOKEN; empty when the sidecar asks for none
    std::chrono::milliseconds timeout{2'000};
};

/// Publishes to a Dapr sidecar: one event by itself with its trace in the header, several by the bulk endpoint.
class dapr_publisher final : public publisher {
public:
    explicit dapr_publisher(const dapr_options& to);
    std::string_view name() const override { return "dapr"; }
    std::vector<publish_result> publish(std::span<const stored_event> events) override;

private:
    using batch = std::span<const stored_event* const>;

    std::vector<publish_result> send(batch events);
    publish_result send_one(const stored_event& one);
    std::vector<publish_result> send_bulk(batch events);
    std::vector<publish_result> send_halves(batch events);
    std::vector<publish_result> read_failed_entries(batch events, const http::incoming_answer& answer);
    std::expected<http::incoming_answer, http::no_answer> post(std::string_view target, std::string_view content_type,
                                                               std::string_view body, std::string_view traceparent);
    /// Says what is wrong, unless it was said last; gives `unreachable`.
    publish_result trouble(std::string reason);
    publish_result trouble(const http::incoming_answer& answer);

    std::string destination_;  // "/publish/bulk/..." and "/publish/..." end in it
    std::string api_token_;
    http::client sidecar_;
    bool bulk_is_alpha_ = false;
    std::string last_trouble_;
    // Of the batch in hand:
    std::chrono::steady_clock::time_point stop_by_;
    std::unordered_set<user_id> held_;  // owners with an event that failed
    bool down_ = false;  // nothing more is tried
};

}  // namespace rondo
