// What statistics are made from: tasks as far as they count, without tags and texts.

#include <algorithm>

#include "store/postgres/postgres_transaction.hpp"
#include "store/postgres/task_columns.hpp"

namespace rondo::postgres {

namespace {

#define RONDO_RECORD_COLUMNS                                                                                       \
    "coalesce(t.series, t.id), t.title, t.occurrence, t.repeat_type, t.status, t.due_wall, t.due_all_day, t.zone," \
    " t.completed_at, t.due_second"

}  // namespace

std::vector<occurrence_record> postgres_transaction::read_records(rows row) const {
    std::vector<occurrence_record> records;
    while (row.step())
        records.push_back({.series = {row.id(0)},
                           .title = std::string{row.text(1)},
                           .occurrence = static_cast<int>(row.integer(2)),
                           .repeats = row.enumerator<recurring_type>(3) != recurring_type::none,
                           .status = row.enumerator<task_status>(4),
                           .due = read_due(row, 5, 6, 9),
                           .zone = zone(row.text(7)),
                           .completed_at = row.optional_at(8)});
    return records;
}

std::vector<occurrence_record> postgres_transaction::list_completions(user_id owner, const instant_range& when,
                                                                      std::size_t limit) const {
    return read_records(
        of(owner).query("SELECT " RONDO_RECORD_COLUMNS
                        " FROM tasks t WHERE t.owner = $1 AND t.completed_at >= $2 AND t.completed_at < $3"
                        " AND t.deleted_at IS NULL ORDER BY t.completed_at, t.id LIMIT $4",
                        owner, when.from, when.until, limit));
}

std::vector<skip_record> postgres_transaction::list_skips(user_id owner, const instant_range& when,
                                                          std::size_t limit) const {
    static_assert(static_cast<int>(event_type::skipped) == 3);
    auto row = of(owner).query(
        "SELECT coalesce(t.series, t.id), t.zone, e.at FROM events e JOIN tasks t ON t.id = e.subject"
        " WHERE e.owner = $1 AND e.type = 3 AND e.at >= $2 AND e.at < $3 AND t.owner = e.owner"
        " AND t.deleted_at IS NULL ORDER BY e.at, e.sequence LIMIT $4",
        owner, when.from, when.until, limit);
    std::vector<skip_record> skips;
    while (row.step())
        skips.push_back({.series = {row.id(0)}, .zone = zone(row.text(1)), .at = row.at(2)});
    return skips;
}

std::vector<occurrence_record> postgres_transaction::list_series(user_id owner, task_id series,
                                                                 std::size_t limit) const {
    auto newest_first =
        read_records(of(owner).query("SELECT " RONDO_RECORD_COLUMNS
                                     " FROM tasks t WHERE (t.series = $1 OR (t.id = $1 AND t.series IS NULL))"
                                     " AND t.owner = $2 AND t.deleted_at IS NULL"
                                     " ORDER BY t.occurrence DESC, t.created_at DESC, t.id DESC LIMIT $3",
                                     series, owner, limit));
    std::ranges::reverse(newest_first);
    return newest_first;
}

}  // namespace rondo::postgres
