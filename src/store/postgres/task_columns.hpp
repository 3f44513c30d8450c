#pragma once
// What the files that read tasks share: the columns of a task, in the order they are read, and a due date.

#include <optional>

#include "domain/task.hpp"
#include "store/postgres/connection.hpp"

namespace rondo::postgres {

/// Read by postgres_transaction::read_task; `t` is the table.
#define RONDO_TASK_COLUMNS                                                                                          \
    "t.number, t.id, t.owner, t.title, t.description, t.status, t.priority, t.due_wall, t.due_all_day, t.zone,"     \
    " t.repeat_type, t.repeat_interval, t.repeat_rule, t.repeat_mode, t.repeat_end_day, t.repeat_end_at,"           \
    " t.series_start_wall, t.series_start_all_day, t.parent, t.series, t.occurrence, t.source, t.ended, t.version," \
    " t.created_at, t.updated_at, t.completed_at, t.deleted_at, t.due_at,"                                          \
    " t.moved_from_wall, t.moved_from_all_day, t.due_second, t.moved_from_second, t.repeat_counts_start"

/// A series start has no `second`.
inline std::optional<due> read_due(const rows& row, int wall, int all_day, std::optional<int> second) {
    if (row.is_null(wall))
        return std::nullopt;
    return due{.wall = std::chrono::local_seconds{std::chrono::seconds{row.integer(wall)}},
               .all_day = row.truth(all_day),
               .second = second && row.truth(*second)};
}

}  // namespace rondo::postgres
