#pragma once
// The forms in which Dapr brings messages, besides one CloudEvent: several in one request, where a subscription has bulkSubscribe, and a record that it
// did not read, where a subscription has rawPayload.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/consumer.hpp"

namespace rondo {

inline constexpr std::size_t delivery_body_bytes_max = 8 * 1024 * 1024;  ///< of a request that brings events

struct bulk_delivery {
    std::vector<std::string> entry_ids;
    std::vector<incoming_message> messages;  ///< one for each id
};

/// Nothing when the body is not of that form; it may be a single message then.
std::optional<bulk_delivery> read_bulk_delivery(std::string_view body);

/// The record that Dapr wrapped unread in a CloudEvent of its own; the message itself where it is none such.
incoming_message unwrap_raw_payload(incoming_message message);

/// `{"statuses":[...]}` with one for each entry; no answer means RETRY. `from_sidecar`: what was dropped is SUCCESS, so that it does not go to the
/// sidecar's dead-letter topic as well.
std::string bulk_statuses(std::span<const std::string> entry_ids, std::span<const std::optional<consumed>> answers,
                          bool from_sidecar);

}  // namespace rondo
