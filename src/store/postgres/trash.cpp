// The way of tasks into the trash, back, and out of it for good.

#include "store/postgres/postgres_transaction.hpp"
#include "store/postgres/task_columns.hpp"

namespace rondo::postgres {

namespace {

std::vector<std::int64_t> read_numbers(rows found) {
    std::vector<std::int64_t> numbers;
    while (found.step())
        numbers.push_back(found.integer(0));
    return numbers;
}

}  // namespace

std::vector<task> postgres_transaction::trash_task(user_id owner, task_id id, bool with_descendants, uuid batch,
                                                   instant now) {
    connection& db = of(owner);
    // The asked-for task, then its children, and so on down. What is in the trash already stays as it is.
    const auto numbers = read_numbers(
        with_descendants
            ? db.query("WITH RECURSIVE doomed (number, id) AS ("
                       "SELECT number, id FROM tasks WHERE id = $1 AND owner = $2 AND deleted_at IS NULL UNION ALL"
                       " SELECT t.number, t.id FROM doomed d JOIN tasks t ON t.parent = d.id"
                       " WHERE t.owner = $2 AND t.deleted_at IS NULL)"
                       " SEARCH BREADTH FIRST BY number SET place CYCLE id SET again USING way"
                       " SELECT number FROM doomed WHERE NOT again ORDER BY place",
                       id, owner)
            : db.query("SELECT number FROM tasks WHERE id = $1 AND owner = $2 AND deleted_at IS NULL", id, owner));
    db.queue(
        "UPDATE tasks SET deleted_at = $1, batch = $2, updated_at = $1, version = version + 1"
        " WHERE number = ANY($3) AND owner = $4",
        now, batch, numbers, owner);
    return tasks_numbered(numbers, owner);
}

std::vector<task> postgres_transaction::orphan_children(user_id owner, task_id parent, instant now) {
    connection& db = of(owner);
    const auto numbers = read_numbers(
        db.query("SELECT number FROM tasks WHERE parent = $1 AND owner = $2 AND deleted_at IS NULL ORDER BY number",
                 parent, owner));
    db.queue(
        "UPDATE tasks SET parent = NULL, updated_at = $1, version = version + 1 WHERE number = ANY($2) AND owner = $3",
        now, numbers, owner);
    return tasks_numbered(numbers, owner);
}

std::vector<found_task> postgres_transaction::list_trash(user_id owner, instant since, std::size_t limit) const {
    auto found = of(owner).query("SELECT " RONDO_TASK_COLUMNS
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

std::vector<task> postgres_transaction::restore_task(user_id owner, task_id id, instant since, instant now) {
    connection& db = of(owner);
    const auto numbers =
        read_numbers(db.query("SELECT t.number FROM tasks asked JOIN tasks t ON t.owner = asked.owner"
                              " AND t.deleted_at = asked.deleted_at AND t.batch = asked.batch"
                              " WHERE asked.id = $1 AND asked.owner = $2 AND asked.deleted_at >= $3"
                              " ORDER BY t.id <> asked.id, t.number FOR UPDATE OF t",
                              id, owner, since));
    db.queue(
        "UPDATE tasks SET deleted_at = NULL, batch = NULL, updated_at = $1, version = version + 1"
        " WHERE number = ANY($2) AND owner = $3",
        now, numbers, owner);
    db.queue(
        "UPDATE tasks t SET parent = NULL WHERE t.number = ANY($1) AND t.owner = $2 AND t.parent IS NOT NULL AND NOT"
        " EXISTS (SELECT 1 FROM tasks p WHERE p.id = t.parent AND p.owner = $2 AND p.deleted_at IS NULL)",
        numbers, owner);
    return tasks_numbered(numbers, owner);
}

std::size_t postgres_transaction::purge_trash(instant before, std::size_t limit) {
    // A purged child leaves `child_made` behind on the task that made it. What its user restores at this moment is left alone.
    // Materialized, or the plan may run the inner query more than once, and each time it takes others.
    return static_cast<std::size_t>(of_everyone().run(
        "WITH doomed AS MATERIALIZED (SELECT number FROM tasks WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2"
        " FOR UPDATE SKIP LOCKED) DELETE FROM tasks t USING doomed d WHERE t.number = d.number",
        before, limit));
}

}  // namespace rondo::postgres
