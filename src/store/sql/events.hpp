#pragma once
// The events that have happened, whether they are published or not: one, or those of a user or a task; and what of the
// outbox is no matter of claims.

#include <limits>

#include "store/sql/reading.hpp"
#include "store/sql/tables.hpp"
#include "store/sql/text.hpp"

namespace rondo::sql {

template <class Engine>
std::optional<stored_event> tables<Engine>::find_event(user_id owner, event_id id) const {
    auto row = db_.of(owner).query(
        text<"SELECT " RONDO_EVENT_COLUMNS " FROM events e WHERE e.id = $1 AND ", Engine::unindexed, "e.owner = $2">,
        id, owner);
    return row.step() ? std::optional{read_event(row)} : std::nullopt;
}

template <class Engine>
std::vector<stored_event> tables<Engine>::list_events(user_id owner, const event_filter& filter,
                                                      std::size_t limit) const {
    // An owner has more events than a task has. The type stands in the text, since SQLite compiles a statement again for
    // every value that may decide whether an index of some types serves.
    std::string sql{"SELECT " RONDO_EVENT_COLUMNS " FROM events e WHERE "};
    sql += filter.subject ? text<Engine::unindexed, "e.owner = $1 AND e.subject = $4"> : text<"e.owner = $1">;
    if (filter.type)
        sql += " AND e.type = " + std::to_string(static_cast<int>(*filter.type));
    sql += " AND e.sequence > $2 AND e.sequence < $3 ORDER BY e.sequence";
    sql += filter.newest_first ? " DESC LIMIT $5" : " LIMIT $5";

    auto row =
        db_.of(owner).query(sql, owner, filter.after, filter.before.value_or(std::numeric_limits<std::int64_t>::max()),
                            filter.subject, limit);
    std::vector<stored_event> found;
    while (row.step())
        found.push_back(read_event(row));
    return found;
}

template <class Engine>
std::vector<stored_event> tables<Engine>::pending_events(std::size_t limit, instant now) const {
    return read_waiting_events(db_.of_everyone().query(
        "SELECT " RONDO_WAITING_COLUMNS
        " FROM outbox o CROSS JOIN events e WHERE e.sequence = o.sequence AND " RONDO_NOT_WAITING
        " ORDER BY o.sequence LIMIT $2",
        now, limit));
}

template <class Engine>
std::vector<stored_event> tables<Engine>::unhandled_events(std::int64_t after, std::size_t limit) const {
    // Where another process may yet commit an event of a lower sequence, none is passed over for being behind.
    return read_waiting_events(db_.of_everyone().query(
        "SELECT " RONDO_WAITING_COLUMNS
        " FROM outbox o CROSS JOIN events e"
        " WHERE e.sequence = o.sequence AND o.sequence > $1 AND NOT o.handled_locally ORDER BY o.sequence LIMIT $2",
        Engine::commits_in_order ? after : 0, limit));
}

template <class Engine>
void tables<Engine>::postpone(std::int64_t sequence, instant until) {
    db_.of_everyone().queue("UPDATE outbox SET attempts = attempts + 1, not_before = $1 WHERE sequence = $2", until,
                            sequence);
}

template <class Engine>
outbox_state tables<Engine>::outbox() const {
    auto row = db_.of_everyone().query(
        "SELECT (SELECT count(*) FROM outbox),"
        " (SELECT at FROM events WHERE sequence = (SELECT min(sequence) FROM outbox))");
    row.step();
    return {.pending = row.integer(0), .oldest = row.optional_at(1)};
}

template <class Engine>
bool tables<Engine>::outbox_holds(std::size_t count) const {
    // Counting is needed only where the numbers of the first and the last event lie so far apart.
    auto row = db_.of_everyone().query(
        "SELECT CASE WHEN (SELECT max(sequence) FROM outbox) - (SELECT min(sequence) FROM outbox) + 1 >= $1"
        " THEN (SELECT count(*) >= $1 FROM (SELECT 1 FROM outbox LIMIT $1) AS first_ones) ELSE false END",
        count);
    row.step();
    return row.truth(0);
}

}  // namespace rondo::sql
