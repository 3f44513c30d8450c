#pragma once
// A task as it is read, and what is asked of tasks beside their lists.

#include "store/sql/reading.hpp"
#include "store/sql/tables.hpp"
#include "store/sql/text.hpp"
#include "store/task_values.hpp"

namespace rondo::sql {

template <class Engine>
task_row tables<Engine>::read_task(const row& from) const {
    const task_id id{from.id(1)};
    task_row read{.number = from.integer(0), .due_at = from.integer(28), .found = {}};
    read.found.deleted_at = from.optional_at(27);
    task& t = read.found.task;
    t.id = id;
    t.owner = {from.id(2)};
    t.title = from.text(3);
    t.description = from.optional_text(4);
    t.status = enumerator<task_status>(from, 5);
    t.priority = enumerator<task_priority>(from, 6);
    t.due = read_due(from, 7, 8, 31);
    t.zone = zone(from.text(9));
    t.repeat.type = enumerator<recurring_type>(from, 10);
    t.repeat.interval = static_cast<int>(from.integer(11));
    t.repeat.rule = from.text(12);
    t.repeat.mode = enumerator<repeat_mode>(from, 13);
    if (!from.is_null(14))
        t.repeat.end = std::chrono::local_days{std::chrono::days{from.integer(14)}};
    else if (!from.is_null(15))
        t.repeat.end = from.at(15);
    t.series_start = read_due(from, 16, 17, std::nullopt);
    t.moved_from = read_due(from, 29, 30, 32);
    t.repeat.counts_start = from.truth(33);
    t.parent = optional_id<task_id>(from, 18);
    t.series = optional_id<task_id>(from, 19).value_or(id);
    t.occurrence = static_cast<int>(from.integer(20));
    t.source = optional_id<task_id>(from, 21);
    if (!from.is_null(22))
        t.ended = enumerator<series_end>(from, 22);
    t.version = from.integer(23);
    t.created_at = from.at(24);
    t.updated_at = from.at(25);
    t.completed_at = from.optional_at(26);
    return read;
}

template <class Engine>
std::vector<task_row> tables<Engine>::read_tasks(row& found, user_id owner) const {
    std::vector<task_row> tasks;
    while (found.step())
        tasks.push_back(read_task(found));
    load_tags(tasks, owner);
    return tasks;
}

template <class Engine>
bool tables<Engine>::has_children(user_id owner, task_id parent) const {
    auto row = db_.of(owner).query(
        "SELECT EXISTS (SELECT 1 FROM tasks WHERE parent = $1 AND owner = $2)"
        " OR EXISTS (SELECT 1 FROM tasks WHERE source = $1 AND owner = $2)",
        parent, owner);
    row.step();
    return row.truth(0);
}

template <class Engine>
bool tables<Engine>::is_ancestor(user_id owner, task_id ancestor, task_id id) const {
    // UNION, not UNION ALL: a circle, should there be one, is walked once.
    auto row = db_.of(owner).query(
        "WITH RECURSIVE above (id) AS (SELECT id FROM tasks WHERE id = $1 AND owner = $2 UNION"
        " SELECT t.parent FROM above a CROSS JOIN tasks t WHERE t.id = a.id AND t.owner = $2 AND t.parent IS NOT NULL)"
        " SELECT EXISTS (SELECT 1 FROM above a CROSS JOIN tasks t WHERE t.id = a.id AND a.id = $3 AND t.owner = $2)",
        id, owner, ancestor);
    row.step();
    return row.truth(0);
}

template <class Engine>
void tables<Engine>::mark_ended(user_id owner, task_id id, std::optional<series_end> why) {
    db_.of(owner).queue("UPDATE tasks SET ended = $1 WHERE id = $2 AND owner = $3", why, id, owner);
}

template <class Engine>
std::vector<std::pair<user_id, task_id>> tables<Engine>::missing_children(std::size_t limit) const {
    // The conditions are the index's own (tasks_missing_child): 2 is `done`, 0 is `none`.
    static_assert(static_cast<int>(task_status::done) == 2 && static_cast<int>(recurring_type::none) == 0);
    auto row = db_.of_everyone().query(
        text<"SELECT owner, id FROM tasks WHERE status = 2 AND repeat_type <> 0 AND ended IS NULL AND child_made",
             Engine::is_false, " AND deleted_at IS NULL ORDER BY completed_at LIMIT $1">,
        limit);
    std::vector<std::pair<user_id, task_id>> missing;
    while (row.step())
        missing.emplace_back(user_id{row.id(0)}, task_id{row.id(1)});
    return missing;
}

template <class Engine>
refreshed_dues tables<Engine>::refresh_due_instants(task_id after, std::size_t limit) {
    struct stale {
        std::int64_t number, was, due_at;
    };
    refreshed_dues done;
    std::vector<stale> differing;
    auto& db = db_.of_everyone();
    // UTC has no rules that could change. All-day tasks there may have been sorted otherwise by an older program.
    auto row = db.query(
        "SELECT id, number, due_wall, due_all_day, due_at, zone, due_second FROM tasks"
        " WHERE id > $1 AND due_wall IS NOT NULL AND (zone <> 'UTC' OR due_all_day) ORDER BY id LIMIT $2",
        after, limit);
    while (row.step()) {
        done.last = task_id{row.id(0)};
        const auto in = time_zone::find(row.text(5));
        if (!in)
            continue;
        const std::int64_t at = due_at(*read_due(row, 2, 3, 6), *in);
        if (at != row.integer(4))
            differing.push_back({.number = row.integer(1), .was = row.integer(4), .due_at = at});
    }
    // What its user has given another due date meanwhile has got another instant with it.
    for (const stale& one : differing)
        db.queue("UPDATE tasks SET due_at = $1 WHERE number = $2 AND due_at = $3", one.due_at, one.number, one.was);
    done.changed = differing.size();
    return done;
}

}  // namespace rondo::sql
