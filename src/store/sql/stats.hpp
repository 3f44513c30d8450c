#pragma once
// What statistics are made from: tasks as far as they count, without tags and texts.

#include <algorithm>

#include "store/sql/reading.hpp"
#include "store/sql/tables.hpp"

namespace rondo::sql {

#define RONDO_RECORD_COLUMNS                                                                                       \
    "coalesce(t.series, t.id), t.title, t.occurrence, t.repeat_type, t.status, t.due_wall, t.due_all_day, t.zone," \
    " t.completed_at, t.due_second"

template <class Engine>
std::vector<occurrence_record> tables<Engine>::read_records(row rows) const {
    std::vector<occurrence_record> records;
    while (rows.step())
        records.push_back({.series = {rows.id(0)},
                           .title = std::string{rows.text(1)},
                           .occurrence = static_cast<int>(rows.integer(2)),
                           .repeats = enumerator<recurring_type>(rows, 3) != recurring_type::none,
                           .status = enumerator<task_status>(rows, 4),
                           .due = read_due(rows, 5, 6, 9),
                           .zone = zone(rows.text(7)),
                           .completed_at = rows.optional_at(8)});
    return records;
}

template <class Engine>
std::vector<occurrence_record> tables<Engine>::list_completions(user_id owner, const instant_range& when,
                                                                std::size_t limit) const {
    return read_records(
        db_.of(owner).query("SELECT " RONDO_RECORD_COLUMNS
                            " FROM tasks t WHERE t.owner = $1 AND t.completed_at >= $2 AND t.completed_at < $3"
                            " AND t.deleted_at IS NULL ORDER BY t.completed_at, t.id LIMIT $4",
                            owner, when.from, when.until, limit));
}

template <class Engine>
std::vector<skip_record> tables<Engine>::list_skips(user_id owner, const instant_range& when, std::size_t limit) const {
    static_assert(static_cast<int>(event_type::skipped) == 3);
    auto row = db_.of(owner).query(
        "SELECT coalesce(t.series, t.id), t.zone, e.at FROM events e CROSS JOIN tasks t WHERE t.id = e.subject"
        " AND e.owner = $1 AND e.type = 3 AND e.at >= $2 AND e.at < $3 AND t.owner = e.owner"
        " AND t.deleted_at IS NULL ORDER BY e.at, e.sequence LIMIT $4",
        owner, when.from, when.until, limit);
    std::vector<skip_record> skips;
    while (row.step())
        skips.push_back({.series = {row.id(0)}, .zone = zone(row.text(1)), .at = row.at(2)});
    return skips;
}

template <class Engine>
std::vector<occurrence_record> tables<Engine>::list_series(user_id owner, task_id series, std::size_t limit) const {
    auto newest_first =
        read_records(db_.of(owner).query(
            "SELECT " RONDO_RECORD_COLUMNS " FROM (SELECT number FROM tasks WHERE id = $1 AND series IS NULL UNION ALL"
            " SELECT number FROM tasks WHERE series = $1) hits CROSS JOIN tasks t WHERE t.number = hits.number"
            " AND t.owner = $2 AND t.deleted_at IS NULL"
            " ORDER BY t.occurrence DESC, t.created_at DESC, t.id DESC LIMIT $3",
            series, owner, limit));
    std::ranges::reverse(newest_first);
    return newest_first;
}

}  // namespace rondo::sql
