#pragma once
// The way of tasks into the trash, back, and out of it for good.

namespace rondo::sqlite {

namespace {

std::vector<std::int64_t> read_numbers(statement&& query) {
    std::vector<std::int64_t> numbers;
    while (query.step())
        numbers.push_back(query.integer(0));
    return numbers;
}

}  // namespace

std::vector<task> sqlite_transaction::trash_task(user_id owner, task_id id, bool with_descendants, uuid batch,
                                                 instant now) {
    connection& db = changing();
    // The asked-for task, then its children, and so on down. What is in the trash already stays as it is.
    const auto numbers = read_numbers(
        with_descendants
            ? db.query("WITH RECURSIVE doomed (number, id) AS ("
                       "SELECT number, id FROM tasks WHERE id = ?1 AND owner = ?2 AND deleted_at IS NULL UNION"
                       " SELECT t.number, t.id FROM doomed d CROSS JOIN tasks t ON t.parent = d.id"
                       " WHERE t.owner = ?2 AND t.deleted_at IS NULL) SELECT number FROM doomed",
                       id, owner)
            : db.query("SELECT number FROM tasks WHERE id = ? AND owner = ? AND deleted_at IS NULL", id, owner));
    for (const std::int64_t number : numbers)
        db.run(
            "UPDATE tasks SET deleted_at = ?, batch = ?, updated_at = ?, version = version + 1"
            " WHERE number = ? AND owner = ?",
            now, batch, now, number, owner);
    return tasks_numbered(numbers, owner);
}

std::vector<task> sqlite_transaction::orphan_children(user_id owner, task_id parent, instant now) {
    connection& db = changing();
    const auto numbers = read_numbers(
        db.query("SELECT number FROM tasks WHERE parent = ? AND owner = ? AND deleted_at IS NULL ORDER BY number",
                 parent, owner));
    for (const std::int64_t number : numbers)
        db.run("UPDATE tasks SET parent = NULL, updated_at = ?, version = version + 1 WHERE number = ? AND owner = ?",
               now, number, owner);
    return tasks_numbered(numbers, owner);
}

std::vector<found_task> sqlite_transaction::list_trash(user_id owner, instant since, std::size_t limit) const {
    auto rows =
        read_tasks(db_.query("SELECT " RONDO_TASK_COLUMNS " FROM tasks t WHERE t.owner = ? AND t.deleted_at >= ?"
                             " ORDER BY t.deleted_at DESC, t.id DESC LIMIT ?",
                             owner, since, limit),
                   owner);
    std::vector<found_task> trashed;
    trashed.reserve(rows.size());
    for (task_row& row : rows)
        trashed.push_back(std::move(row.found));
    return trashed;
}

std::vector<task> sqlite_transaction::restore_task(user_id owner, task_id id, instant since, instant now) {
    connection& db = changing();
    const auto numbers = read_numbers(
        db.query("SELECT t.number FROM tasks asked CROSS JOIN tasks t ON t.owner = asked.owner AND t.deleted_at = "
                 "asked.deleted_at"
                 " WHERE asked.id = ? AND asked.owner = ? AND asked.deleted_at >= ? AND t.batch = asked.batch"
                 " ORDER BY t.id <> asked.id, t.number",
                 id, owner, since));
    for (const std::int64_t number : numbers)
        db.run(
            "UPDATE tasks SET deleted_at = NULL, batch = NULL, updated_at = ?, version = version + 1"
            " WHERE number = ? AND owner = ?",
            now, number, owner);
    for (const std::int64_t number : numbers)
        db.run(
            "UPDATE tasks SET parent = NULL WHERE number = ?1 AND owner = ?2 AND parent IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM tasks p WHERE p.id = tasks.parent AND p.owner = ?2 AND p.deleted_at IS NULL)",
            number, owner);
    return tasks_numbered(numbers, owner);
}

std::size_t sqlite_transaction::purge_trash(instant before, std::size_t limit) {
    // A purged child leaves `child_made` behind on the task that made it.
    return delete_tasks(changing().query(
        "SELECT number, owner FROM tasks WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?", before, limit));
}

}  // namespace rondo::sqlite
