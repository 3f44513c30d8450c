#pragma once
// Columns of tasks and events, in the order in which they are read, and what is read from them, of either engine.

#include <optional>
#include <string>

#include "domain/task.hpp"
#include "store/outbox.hpp"
#include "store/tasks.hpp"

namespace rondo::sql {

template <class Enum>
Enum enumerator(const auto& row, int column) {
    return static_cast<Enum>(row.integer(column));
}

template <class Id>
std::optional<Id> optional_id(const auto& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{Id{row.id(column)}};
}

/// Read by tables::read_task; `t` is the table.
#define RONDO_TASK_COLUMNS                                                                                          \
    "t.number, t.id, t.owner, t.title, t.description, t.status, t.priority, t.due_wall, t.due_all_day, t.zone,"     \
    " t.repeat_type, t.repeat_interval, t.repeat_rule, t.repeat_mode, t.repeat_end_day, t.repeat_end_at,"           \
    " t.series_start_wall, t.series_start_all_day, t.parent, t.series, t.occurrence, t.source, t.ended, t.version," \
    " t.created_at, t.updated_at, t.completed_at, t.deleted_at, t.due_at,"                                          \
    " t.moved_from_wall, t.moved_from_all_day, t.due_second, t.moved_from_second, t.repeat_counts_start"

/// A task as a row: what the other tables call it by comes first.
struct task_row {
    std::int64_t number;
    std::int64_t due_at;  ///< as it is sorted by
    found_task found;
};

/// A series start has no `second`.
std::optional<due> read_due(const auto& row, int wall, int all_day, std::optional<int> second) {
    if (row.is_null(wall))
        return std::nullopt;
    return due{.wall = std::chrono::local_seconds{std::chrono::seconds{row.integer(wall)}},
               .all_day = row.truth(all_day),
               .second = second && row.truth(*second)};
}

tag read_tag(const auto& row, int first) {
    return {.id = {row.id(first)},
            .owner = {row.id(first + 1)},
            .name = std::string{row.text(first + 2)},
            .color = std::string{row.text(first + 3)},
            .created_at = row.at(first + 4)};
}

/// Read by read_event; of the outbox's two columns behind them, by read_waiting_events.
#define RONDO_EVENT_COLUMNS "e.sequence, e.id, e.type, e.owner, e.subject, e.at, e.traceparent, e.data"
#define RONDO_WAITING_COLUMNS RONDO_EVENT_COLUMNS ", o.attempts, o.handled_locally"

// An event of `o` whose key waits no longer at $1.
#define RONDO_NOT_WAITING                                                                     \
    "NOT EXISTS (SELECT 1 FROM outbox w WHERE w.owner = o.owner AND w.sequence <= o.sequence" \
    " AND w.not_before > 0 AND w.not_before > $1)"

stored_event read_event(const auto& row) {
    return {.sequence = row.integer(0),
            .id = {row.id(1)},
            .type = enumerator<event_type>(row, 2),
            .owner = {row.id(3)},
            .subject = {row.id(4)},
            .at = row.at(5),
            .traceparent = std::string{row.text(6)},
            .data = std::string{row.text(7)}};
}

template <class Rows>
std::vector<stored_event> read_waiting_events(Rows&& row) {
    std::vector<stored_event> found;
    while (row.step()) {
        found.push_back(read_event(row));
        found.back().attempts = static_cast<int>(row.integer(8));
        found.back().handled_locally = row.truth(9);
    }
    return found;
}

}  // namespace rondo::sql
