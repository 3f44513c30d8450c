#pragma once
// What happened to a task. Written to the outbox in the transaction of the change.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "domain/task.hpp"

namespace rondo {

enum class event_type : std::uint8_t { created, updated, completed, skipped, reopened, deleted, restored };

/// `task.created` and so on, as in the event contract.
std::string_view to_string(event_type);
std::optional<event_type> parse_event_type(std::string_view);

struct event {
    event_id id;
    event_type type;
    instant at;
    std::string traceparent;  ///< W3C; empty when there is none
    task snapshot;            ///< the task as it is after the change
};

}  // namespace rondo
