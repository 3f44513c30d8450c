#pragma once
// What comes: the due dates after a task's own, each from the same function that makes the next occurrence.

#include <optional>
#include <vector>

#include "domain/task.hpp"

namespace rondo {

inline constexpr int upcoming_max = 100;

struct upcoming_occurrence {
    next_step step;
    bool last;  ///< none follows it
};

struct upcoming {
    std::vector<upcoming_occurrence> occurrences;
    std::optional<series_end> ends;  ///< why none follows the last of them; nothing if one does
};

/// At most `count` (1 to `upcoming_max`) occurrences after the task as it is. Each is reckoned as if it were done on
/// time: when it is due (a day: at its beginning), or at `now` if that has passed. A task that is done counts from the
/// completion that it had.
upcoming upcoming_occurrences(task of, int count, instant now);

}  // namespace rondo
