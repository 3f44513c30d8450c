#pragma once
// The events that have happened, whether they are published or not: one, or those of a user or a task.

#include <limits>

namespace rondo::sqlite {

namespace {

#define RONDO_EVENT_COLUMNS "sequence, id, type, owner, subject, at, traceparent, data"

stored_event read_event(const statement& row) {
    return {.sequence = row.integer(0),
            .id = {row.id(1)},
            .type = row.enumerator<event_type>(2),
            .owner = {row.id(3)},
            .subject = {row.id(4)},
            .at = row.at(5),
            .traceparent = std::string{row.text(6)},
            .data = std::string{row.text(7)}};
}

}  // namespace

std::optional<stored_event> sqlite_transaction::find_event(user_id owner, event_id id) const {
    auto row = db_.query("SELECT " RONDO_EVENT_COLUMNS " FROM events WHERE id = ? AND +owner = ?", id, owner);
    return row.step() ? std::optional{read_event(row)} : std::nullopt;
}

std::vector<stored_event> sqlite_transaction::list_events(user_id owner, const event_filter& filter,
                                                          std::size_t limit) const {
    // `+` keeps SQLite from the index of owners, who have more events than a task has.
    std::string sql = "SELECT " RONDO_EVENT_COLUMNS " FROM events WHERE ";
    sql += filter.subject ? "+owner = ? AND subject = ?" : "owner = ?";
    if (filter.type)
        sql += " AND type = ?";
    sql += " AND sequence > ? AND sequence < ? ORDER BY sequence";
    sql += filter.newest_first ? " DESC LIMIT ?" : " LIMIT ?";

    auto rows = db_.query(sql, owner);
    if (filter.subject)
        rows.bind_next(*filter.subject);
    if (filter.type)
        rows.bind_next(*filter.type);
    rows.bind_next(filter.after);
    rows.bind_next(filter.before.value_or(std::numeric_limits<std::int64_t>::max()));
    rows.bind_next(limit);
    std::vector<stored_event> found;
    while (rows.step())
        found.push_back(read_event(rows));
    return found;
}

}  // namespace rondo::sqlite
