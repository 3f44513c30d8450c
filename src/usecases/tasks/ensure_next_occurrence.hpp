#pragma once

#include <cstdint>
#include <optional>

#include "domain/task.hpp"
#include "store/transaction.hpp"
#include "usecases/actor.hpp"

namespace rondo {

struct reconciled {
    enum class outcome : std::uint8_t {
        created,    ///< the child was missing and is there now
        exists,     ///< it was there already
        retracted,  ///< the task is not done (any more): an untouched child was taken back
        ended,      ///< done, but the rule gives no more; the reason is on the task
        ignored,    ///< no such task, not recurring, or in the trash
    };
    outcome what;
    std::optional<task> child;         ///< when created or exists
    std::optional<instant> completed;  ///< when the completion was recorded, for the latency histogram
};

/// Makes the world agree with the task as it is now: done and recurring, then it has its one child; not so, then an untouched child is
/// taken back. Idempotent, and safe from any number of callers at once. `who.user` must own the task, else it is ignored.
reconciled ensure_next_occurrence(transaction& tx, const actor& who, task_id id);

}  // namespace rondo
