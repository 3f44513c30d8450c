#pragma once
// The verbs of tasks. Each is one transaction; each lives in the file of its name. An unexpected result changes
// nothing.

#include <optional>
#include <string>
#include <vector>

#include "domain/event.hpp"
#include "domain/task.hpp"
#include "store/transaction.hpp"
#include "usecases/actor.hpp"
#include "usecases/tags/tag_choice.hpp"

namespace rondo {

/// What a change did, for the answer and the log.
struct changed_task {
    rondo::task task;
    std::optional<event_id> completion;  ///< the event, when this change completed the task
};

/// create_task.cpp. Tags that are named and new are made. `changes.zone` absent: the user's zone. Born done, it is
/// also completed.
result<changed_task> create_task(transaction& tx, const actor& who, const task_changes& fields,
                                 const std::optional<tag_choice>& tags);

/// change_task.cpp. `expected`: the version the client saw (If-Match), else any. A change that changes nothing makes
/// no event. From and to done it completes and reopens.
result<changed_task> change_task(transaction& tx, const actor& who, task_id id, const task_changes& changes,
                                 const std::optional<tag_choice>& tags, std::optional<std::int64_t> expected);

/// toggle_task.cpp. `done` becomes `pending`, anything else `done`. With `completed_at` it only completes: a task that is
/// done stays as it is, whichever instant is given, so that a completion that is sent again is one; told the very instant it
/// has, `expected` is not asked.
result<changed_task> toggle_task(transaction& tx, const actor& who, task_id id, std::optional<instant> completed_at,
                                 std::optional<std::int64_t> expected);

/// skip_task.cpp. Moves a recurring task to its next occurrence without doing it. errc::conflict if there is none, and
/// for a task that is done.
result<changed_task> skip_task(transaction& tx, const actor& who, task_id id, std::optional<std::int64_t> expected);

/// delete_task.cpp. To the trash, with every descendant, or alone (its children lose their parent).
result<void> delete_task(transaction& tx, const actor& who, task_id id, bool with_descendants,
                         std::optional<std::int64_t> expected);

inline constexpr std::chrono::days trash_kept{30};

/// restore_task.cpp. Brings back all that one delete took; gives the task that was asked for.
result<task> restore_task(transaction& tx, const actor& who, task_id id);

}  // namespace rondo
