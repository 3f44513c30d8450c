#pragma once
// Why a task is there, and why it is due when it is, in words that can be checked with a calendar.

#include <optional>
#include <string>
#include <vector>

#include "store/transaction.hpp"

namespace rondo {

/// Changes of a task's due date are looked for in so many of its events.
inline constexpr std::size_t origin_events_max = 1000;

struct origin {
    bool by_rondo = false;  ///< made by completing another task; else by the user
    std::string sentence;
    task made;                       ///< as it was made; as it is now, where its creation is not in the log
    std::optional<task> parent;      ///< as it was when completing it made this one
    std::vector<std::string> steps;  ///< the sum of its due date, and what has become of that since
    std::optional<event_id> event;      ///< of its creation
    std::optional<event_id> completed;  ///< of the completion
};

/// Told from the events, so that later changes of the parent, or its end, do not matter. Only reads.
origin origin_of(const transaction& tx, const task& of);

}  // namespace rondo
