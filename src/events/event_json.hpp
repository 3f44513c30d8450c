#pragma once
// Events as JSON: the `data` of the contract, the CloudEvents envelope around it, and reading what comes in.

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "domain/event.hpp"
#include "store/outbox.hpp"

namespace rondo {

inline constexpr std::size_t message_bytes_max = 1024 * 1024;
inline constexpr std::string_view cloud_event_content_type = "application/cloudevents+json";

/// The contract's `data` object. Called once per event, when it is appended to the outbox.
std::string encode_event_data(const event& happened);

/// CloudEvents 1.0, structured.
std::string to_cloud_event(const stored_event& stored);

/// A message as a transport received it.
struct incoming_message {
    std::string body;
    std::string content_type;
    std::string ce_type;         ///< binary mode: the header ce-type, else empty
    std::string traceparent;     ///< of the delivery, used when the event has none; all zeros means none
    std::string origin;          ///< for the dead letters: "endpoint", "embedded", "topic"
    std::string ce_id{};         ///< binary mode: ce-id
    std::string ce_specversion{};  ///< binary mode: ce-specversion
};

/// All the consumer needs: look at this task.
struct event_notice {
    event_id id;             ///< the CloudEvent's id where it is a UUID, else nil
    user_id owner;
    task_id subject;
    std::string event_type;  ///< `task-completed`, `task.updated` and so on; unknown ones are ignored
    std::string traceparent;
    bool task_done = false;  ///< whether the event tells of a task that is done

    /// Whether the task may lack a child, or have one too many: completed, reopened and restored, and any change of a done task.
    bool needs_reconciling() const;
};

/// Reads a CloudEvent (structured or binary), the bare `data` under either content type, or what the FastAPI backend left on the topic (type
/// `com.dapr.event.sent`); gives the reason when it is none of these.
std::expected<event_notice, std::string> decode_event(const incoming_message& message);

/// The same of an event as it lies in the outbox.
event_notice to_notice(const stored_event& stored);

}  // namespace rondo
