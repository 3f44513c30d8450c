#pragma once
// What was done to a task, told from its events.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/outbox.hpp"

namespace rondo {

/// A field of the contract and its values, as JSON texts.
struct field_change {
    std::string_view field;
    std::string from;
    std::string to;
};

struct history_entry {
    event_id id;
    event_type type;
    instant at;
    bool by_rondo = false;  ///< else by the task's owner
    std::int64_t version = 0;
    std::vector<field_change> changes;
    std::optional<std::string> note;  ///< what the changes do not show
};

/// What each of a task's events changed, in their order. `before` is the event that precedes the first of them; without
/// it, the first is the task's creation, which lists what is other than in an empty task.
std::vector<history_entry> history_of(const std::optional<stored_event>& before, std::span<const stored_event> events);

}  // namespace rondo
