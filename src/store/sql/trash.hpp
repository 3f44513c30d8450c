#pragma once
// The way of tasks into the trash and back.

#include "store/sql/reading.hpp"
#include "store/sql/tables.hpp"
#include "store/sql/text.hpp"

namespace rondo::sql {

template <class Rows>
std::vector<std::int64_t> read_numbers(Rows&& found) {
    std::vector<std::int64_t> numbers;
    while (found.step())
        numbers.push_back(found.integer(0));
    return numbers;
}

template <class Engine>
std::vector<task> tables<Engine>::trash_task(user_id owner, task_id id, bool with_descendants, uuid batch,
                                             instant now) {
    auto& db = db_.of(owner);
    // What is in the trash already stays as it is.
    const auto numbers =
        with_descendants
            ? family_numbers(owner, id)
            : read_numbers(
                  db.query("SELECT number FROM tasks WHERE id = $1 AND owner = $2 AND deleted_at IS NULL", id, owner));
    for (const std::int64_t number : numbers)
        db.queue(
            "UPDATE tasks SET deleted_at = $1, batch = $2, updated_at = $1, version = version + 1"
            " WHERE number = $3 AND owner = $4",
            now, batch, number, owner);
    return tasks_numbered(numbers, owner);
}

template <class Engine>
std::vector<task> tables<Engine>::orphan_children(user_id owner, task_id parent, instant now) {
    auto& db = db_.of(owner);
    const auto numbers = read_numbers(
        db.query("SELECT number FROM tasks WHERE parent = $1 AND owner = $2 AND deleted_at IS NULL ORDER BY number",
                 parent, owner));
    for (const std::int64_t number : numbers)
        db.queue(
            "UPDATE tasks SET parent = NULL, updated_at = $1, version = version + 1 WHERE number = $2 AND owner = $3",
            now, number, owner);
    return tasks_numbered(numbers, owner);
}

template <class Engine>
std::vector<found_task> tables<Engine>::list_trash(user_id owner, instant since, std::size_t limit) const {
    auto found = db_.of(owner).query("SELECT " RONDO_TASK_COLUMNS
                                     " FROM tasks t WHERE t.owner = $1 AND t.deleted_at >= $2"
                                     " ORDER BY t.deleted_at DESC, t.id DESC LIMIT $3",
                                     owner, since, limit);
    auto tasks = read_tasks(found, owner);
    std::vector<found_task> trashed;
    trashed.reserve(tasks.size());
    for (task_row& each : tasks)
        trashed.push_back(std::move(each.found));
    return trashed;
}

template <class Engine>
std::vector<task> tables<Engine>::restore_task(user_id owner, task_id id, instant since, instant now) {
    auto& db = db_.of(owner);
    const auto numbers =
        read_numbers(db.query(text<"SELECT t.number FROM tasks asked CROSS JOIN tasks t WHERE t.owner = asked.owner"
                                   " AND t.deleted_at = asked.deleted_at AND t.batch = asked.batch"
                                   " AND asked.id = $1 AND asked.owner = $2 AND asked.deleted_at >= $3"
                                   " ORDER BY t.id <> asked.id, t.number",
                                   Engine::locking_t>,
                              id, owner, since));
    for (const std::int64_t number : numbers)
        db.queue(
            "UPDATE tasks SET deleted_at = NULL, batch = NULL, updated_at = $1, version = version + 1"
            " WHERE number = $2 AND owner = $3",
            now, number, owner);
    for (const std::int64_t number : numbers)
        db.queue(
            "UPDATE tasks SET parent = NULL WHERE number = $1 AND owner = $2 AND parent IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM tasks p WHERE p.id = tasks.parent AND p.owner = $2 AND p.deleted_at IS NULL)",
            number, owner);
    return tasks_numbered(numbers, owner);
}

}  // namespace rondo::sql
