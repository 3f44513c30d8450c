#pragma once
// What statistics are made from: tasks as far as they count, without tags and texts.

#include <algorithm>

namespace rondo::sqlite {

namespace {

#define RONDO_RECORD_COLUMNS                                                                                       \
    "coalesce(t.series, t.id), t.title, t.occurrence, t.repeat_type, t.status, t.due_wall, t.due_all_day, t.zone," \
    " t.completed_at, t.due_second"

}  // namespace

std::vector<occurrence_record> sqlite_transaction::read_records(statement&& rows) const {
    std::vector<occurrence_record> records;
    while (rows.step())
        records.push_back({.series = {rows.id(0)},
                           .title = std::string{rows.text(1)},
                           .occurrence = static_cast<int>(rows.integer(2)),
                           .repeats = rows.enumerator<recurring_type>(3) != recurring_type::none,
                           .status = rows.enumerator<task_status>(4),
                           .due = read_due(rows, 5, 6, 9),
                           .zone = zone(rows.text(7)),
                           .completed_at = rows.optional_at(8)});
    return records;
}

std::vector<occurrence_record> sqlite_transaction::list_completions(user_id owner, const instant_range& when,
                                                                    std::size_t limit) const {
    return read_records(db_.query("SELECT " RONDO_RECORD_COLUMNS
                                  " FROM tasks t WHERE t.owner = ? AND t.completed_at >= ? AND t.completed_at < ?"
                                  " AND t.deleted_at IS NULL ORDER BY t.completed_at, t.id LIMIT ?",
                                  owner, when.from, when.until, limit));
}

std::vector<skip_record> sqlite_transaction::list_skips(user_id owner, const instant_range& when,
                                                        std::size_t limit) const {
    static_assert(static_cast<int>(event_type::skipped) == 3);
    auto rows = db_.query(
        "SELECT coalesce(t.series, t.id), t.zone, e.at FROM events e CROSS JOIN tasks t ON t.id = e.subject"
        " WHERE e.owner = ? AND e.type = 3 AND e.at >= ? AND e.at < ? AND t.owner = e.owner AND t.deleted_at IS NULL"
        " ORDER BY e.at, e.sequence LIMIT ?",
        owner, when.from, when.until, limit);
    std::vector<skip_record> skips;
    while (rows.step())
        skips.push_back({.series = {rows.id(0)}, .zone = zone(rows.text(1)), .at = rows.at(2)});
    return skips;
}

std::vector<occurrence_record> sqlite_transaction::list_series(user_id owner, task_id series, std::size_t limit) const {
    auto newest_first =
        read_records(db_.query(
            "SELECT " RONDO_RECORD_COLUMNS " FROM (SELECT number FROM tasks WHERE id = ?1 AND series IS NULL UNION ALL"
            " SELECT number FROM tasks WHERE series = ?1) hits CROSS JOIN tasks t ON t.number = hits.number"
            " WHERE t.owner = ?2 AND t.deleted_at IS NULL"
            " ORDER BY t.occurrence DESC, t.created_at DESC, t.id DESC LIMIT ?3",
            series, owner, limit));
    std::ranges::reverse(newest_first);
    return newest_first;
}

}  // namespace rondo::sqlite
