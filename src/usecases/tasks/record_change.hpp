#pragma once
// What every verb of tasks does at its end: the task and its event, in one transaction.

#include <optional>

#include "usecases/tasks/tasks.hpp"

namespace rondo {

/// Appends the event of a change that is written; gives its id. Throws `unavailable` when `outbox_pending_max` events wait.
event_id append_event(transaction& tx, const actor& who, event_type what, const task& after);

/// Writes `after` as the version that follows `before`, with its one event: completed and reopened when it goes to
/// and from done, else updated.
result<changed_task> save_change(transaction& tx, const actor& who, const task& before, task after);
/// The same with an event of a kind that the two do not show.
result<changed_task> save_change_as(transaction& tx, const actor& who, event_type what, const task& before, task after);

/// change_task.cpp. Makes the changes to a task that was just read, unless they change nothing.
result<changed_task> change_found(transaction& tx, const actor& who, const task& before, const task_changes& changes,
                                  const std::optional<tag_choice>& tags);

/// The user's task, if it is there and has the version that the client saw (any, without one).
result<task> find_expected(const transaction& tx, user_id owner, task_id id, std::optional<std::int64_t> expected);

}  // namespace rondo
