#pragma once
// What changes would make of a task: the check that comes before any write.

#include <optional>

#include "usecases/tags/named_tags.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

struct judged_task {
    task after;                      ///< with the tags it had
    std::optional<named_tags> tags;  ///< still to be made; nothing when they stay as they are
};

/// `before` with the changes made, or every field that does not fit: those of the task itself, a parent that is not the
/// user's or would make a circle, tags that are not there. `tags` is kept by reference.
result<judged_task> judge_changes(const transaction& tx, const task& before, const task_changes& changes,
                                  const std::optional<tag_choice>& tags);

}  // namespace rondo
