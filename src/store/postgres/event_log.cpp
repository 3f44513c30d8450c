// The events that have happened, whether they are published or not: one, or those of a user or a task.

#include "store/postgres/postgres_transaction.hpp"

namespace rondo::postgres {

namespace {

#define RONDO_EVENT_COLUMNS "sequence, id, type, owner, subject, at, traceparent, data"

stored_event read_event(const rows& row) {
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

std::optional<stored_event> postgres_transaction::find_event(user_id owner, event_id id) const {
    auto row = of(owner).query("SELECT " RONDO_EVENT_COLUMNS " FROM events WHERE id = $1 AND owner = $2", id, owner);
    return row.step() ? std::optional{read_event(row)} : std::nullopt;
}

std::vector<stored_event> postgres_transaction::list_events(user_id owner, const event_filter& filter,
                                                            std::size_t limit) const {
    parameters values{owner, filter.after, limit};
    std::string sql = "SELECT " RONDO_EVENT_COLUMNS " FROM events WHERE owner = $1 AND sequence > $2";
    const auto add = [&](const char* condition, const auto& value) {
        values.add(value);
        sql += " AND " + std::string{condition} + "$" + std::to_string(values.size());
    };
    if (filter.subject)
        add("subject = ", *filter.subject);
    if (filter.type)
        add("type = ", *filter.type);
    if (filter.before)
        add("sequence < ", *filter.before);
    sql += filter.newest_first ? " ORDER BY sequence DESC LIMIT $3" : " ORDER BY sequence LIMIT $3";

    auto row = of(owner).query_with(sql, values);
    std::vector<stored_event> found;
    while (row.step())
        found.push_back(read_event(row));
    return found;
}

}  // namespace rondo::postgres
