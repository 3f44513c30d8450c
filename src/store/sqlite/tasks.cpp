// Tasks outside the trash: found, added, changed, taken back.

#include <span>
#include <stdexcept>
#include <unordered_map>

#include "store/sqlite/sqlite_transaction.hpp"
#include "store/task_values.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

using sql::task_row;

std::optional<task_row> sqlite_transaction::read_only_task(statement&& query, user_id owner) const {
    auto rows = read_tasks(query, owner);
    return rows.empty() ? std::nullopt : std::optional{std::move(rows.front())};
}

std::vector<task> sqlite_transaction::tasks_numbered(const std::vector<std::int64_t>& numbers, user_id owner) const {
    std::vector<task_row> rows;
    rows.reserve(numbers.size());
    for (const std::int64_t number : numbers) {
        auto row =
            db_.query("SELECT " RONDO_TASK_COLUMNS " FROM tasks t WHERE t.number = ? AND t.owner = ?", number, owner);
        if (row.step())
            rows.push_back(read_task(row));
    }
    load_tags(rows, owner);
    std::vector<task> tasks;
    tasks.reserve(rows.size());
    for (task_row& row : rows)
        tasks.push_back(std::move(row.found.task));
    return tasks;
}

void sqlite_transaction::load_tags(std::vector<task_row>& rows, user_id owner) const {
    if (rows.empty())
        return;
    // One query for all of them, with as many parameters as the next power of two, so that few shapes need preparing.
    std::size_t places = 1;
    while (places < rows.size())
        places *= 2;
    std::string sql =
        "SELECT tt.task, g.id, g.owner, g.name, g.color, g.created_at FROM task_tags tt"
        " CROSS JOIN tags g ON g.number = tt.tag WHERE g.owner = ? AND tt.task IN (?";
    for (std::size_t i = 1; i < places; ++i)
        sql += ",?";
    sql += ") ORDER BY tt.task, tt.position";

    auto tags = db_.query(sql, owner);
    std::unordered_map<std::int64_t, task*> by_number;
    by_number.reserve(rows.size());
    for (task_row& row : rows) {
        by_number.emplace(row.number, &row.found.task);
        tags.bind_next(row.number);
    }
    for (std::size_t i = rows.size(); i < places; ++i)
        tags.bind_next(std::nullopt);
    while (tags.step())
        by_number.at(tags.integer(0))->tags.push_back(sql::read_tag(tags, 1));
}

std::optional<task> sqlite_transaction::find_task(user_id owner, task_id id) const {
    auto row = read_only_task(
        db_.query("SELECT " RONDO_TASK_COLUMNS " FROM tasks t WHERE t.id = ? AND t.owner = ? AND t.deleted_at IS NULL",
                  id, owner),
        owner);
    return row ? std::optional{std::move(row->found.task)} : std::nullopt;
}

std::optional<found_task> sqlite_transaction::find_task_anywhere(user_id owner, task_id id) const {
    auto row = read_only_task(
        db_.query("SELECT " RONDO_TASK_COLUMNS " FROM tasks t WHERE t.id = ? AND t.owner = ?", id, owner), owner);
    return row ? std::optional{std::move(row->found)} : std::nullopt;
}

std::optional<found_task> sqlite_transaction::find_child_made_by(user_id owner, task_id source) const {
    auto row = read_only_task(
        db_.query("SELECT " RONDO_TASK_COLUMNS " FROM tasks t WHERE t.source = ? AND t.owner = ?", source, owner),
        owner);
    return row ? std::optional{std::move(row->found)} : std::nullopt;
}

bool sqlite_transaction::insert_task(const task& added) {
    connection& db = changing();
    if (added.source) {
        // Also refuses a second child after the first was purged from the trash.
        auto source = db.query("SELECT child_made FROM tasks WHERE id = ? AND owner = ?", *added.source, added.owner);
        if (source.step() && source.integer(0) != 0)
            return false;
    }
    const std::string order = title_order(added.title);
    const std::int64_t inserted = db.run(
        "INSERT INTO tasks (id, owner, title, title_order, description, status, priority, due_wall, due_all_day, "
        "due_at, zone,"
        " repeat_type, repeat_interval, repeat_rule, repeat_mode, repeat_end_day, repeat_end_at, series_start_wall,"
        " series_start_all_day, moved_from_wall, moved_from_all_day, parent, series, occurrence, source, ended,"
        " version, created_at, updated_at, completed_at, repeat_counts_start, due_second, moved_from_second)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (source) WHERE source IS NOT NULL DO NOTHING",
        added.id, added.owner, added.title, std::span{order}, added.description, added.status, added.priority,
        wall_of(added.due), is_all_day(added.due), due_at(added), added.zone.name(), added.repeat.type,
        added.repeat.interval, added.repeat.rule, added.repeat.mode, end_day(added.repeat.end),
        end_at(added.repeat.end), wall_of(added.series_start), is_all_day(added.series_start),
        wall_of(added.moved_from), is_all_day(added.moved_from), added.parent, foreign_series(added), added.occurrence,
        added.source, added.ended, added.version, added.created_at, added.updated_at, added.completed_at,
        added.repeat.counts_start, is_second(added.due), is_second(added.moved_from));
    if (inserted == 0)
        return false;
    const std::int64_t number = db.last_insert_number();
    write_tags(number, added);
    text_changes_.push_back(
        {.task = number, .owner = added.owner, .words = task_words(added.title, added.description)});
    if (added.source)
        db.run("UPDATE tasks SET child_made = 1 WHERE id = ? AND owner = ?", *added.source, added.owner);
    return true;
}

bool sqlite_transaction::update_task(const task& changed) {
    connection& db = changing();
    const auto before = read_only_task(
        db.query("SELECT " RONDO_TASK_COLUMNS
                 " FROM tasks t WHERE t.id = ? AND t.owner = ? AND t.version = ? AND t.deleted_at IS NULL",
                 changed.id, changed.owner, changed.version - 1),
        changed.owner);
    if (!before)
        return false;
    const std::string order = title_order(changed.title);
    // Who made it and when never changes.
    db.run(
        "UPDATE tasks SET title = ?, title_order = ?, description = ?, status = ?, priority = ?, due_wall = ?, "
        "due_all_day = ?,"
        " due_at = ?, zone = ?, repeat_type = ?, repeat_interval = ?, repeat_rule = ?, repeat_mode = ?,"
        " repeat_end_day = ?, repeat_end_at = ?, series_start_wall = ?, series_start_all_day = ?, moved_from_wall = ?,"
        " moved_from_all_day = ?, parent = ?, series = ?, occurrence = ?, ended = ?, version = ?, updated_at = ?,"
        " completed_at = ?, repeat_counts_start = ?, due_second = ?, moved_from_second = ?"
        " WHERE number = ? AND owner = ?",
        changed.title, std::span{order}, changed.description, changed.status, changed.priority, wall_of(changed.due),
        is_all_day(changed.due), due_at(changed), changed.zone.name(), changed.repeat.type, changed.repeat.interval,
        changed.repeat.rule, changed.repeat.mode, end_day(changed.repeat.end), end_at(changed.repeat.end),
        wall_of(changed.series_start), is_all_day(changed.series_start), wall_of(changed.moved_from),
        is_all_day(changed.moved_from), changed.parent, foreign_series(changed), changed.occurrence, changed.ended,
        changed.version, changed.updated_at, changed.completed_at, changed.repeat.counts_start, is_second(changed.due),
        is_second(changed.moved_from), before->number, changed.owner);
    const task& old = before->found.task;
    // Reopened or completed anew: it may make a child again if the first one was purged, before or since.
    if ((old.status == task_status::done) != (changed.status == task_status::done))
        db.run(
            "UPDATE tasks SET child_made = EXISTS (SELECT 1 FROM tasks c WHERE c.source = tasks.id)"
            " WHERE number = ? AND owner = ?",
            before->number, changed.owner);
    if (old.tags != changed.tags) {
        db.run("DELETE FROM task_tags WHERE task = ?", before->number);
        write_tags(before->number, changed);
    }
    if (old.title != changed.title || old.description != changed.description) {
        text_changes_.push_back(
            {.task = before->number, .owner = changed.owner, .words = task_words(changed.title, changed.description)});
    }
    return true;
}

void sqlite_transaction::write_tags(std::int64_t number, const task& of) {
    std::int64_t position = 0;
    for (const tag& carried : of.tags) {
        const std::int64_t written = db_.run(
            "INSERT INTO task_tags (task, position, tag) SELECT ?, ?, number FROM tags WHERE id = ? AND owner = ?",
            number, position++, carried.id, of.owner);
        if (written != 1)
            throw std::logic_error{"a task carries a tag that does not exist: " + to_string(carried.id)};
    }
}

std::vector<std::int64_t> sqlite_transaction::family_numbers(user_id owner, task_id id) const {
    auto row = db_.query(
        "WITH RECURSIVE family (number, id) AS ("
        "SELECT number, id FROM tasks WHERE id = $1 AND owner = $2 AND deleted_at IS NULL UNION"
        " SELECT t.number, t.id FROM family f CROSS JOIN tasks t ON t.parent = f.id"
        " WHERE t.owner = $2 AND t.deleted_at IS NULL) SELECT number FROM family",
        id, owner);
    std::vector<std::int64_t> numbers;
    while (row.step())
        numbers.push_back(row.integer(0));
    return numbers;
}

void sqlite_transaction::remove_task(user_id owner, task_id id) {
    delete_tasks(changing().query("SELECT number, owner FROM tasks WHERE id = ? AND owner = ?", id, owner));
}

std::size_t sqlite_transaction::delete_tasks(statement&& doomed) {
    std::vector<text_change> gone;
    while (doomed.step())
        gone.push_back({.task = doomed.integer(0), .owner = {doomed.id(1)}, .words = std::nullopt});
    for (text_change& one : gone) {
        db_.run("DELETE FROM tasks WHERE number = ? AND owner = ?", one.task, one.owner);
        text_changes_.push_back(std::move(one));
    }
    return gone.size();
}

std::size_t sqlite_transaction::purge_trash(instant before, std::size_t limit) {
    // A purged child leaves `child_made` behind on the task that made it.
    return delete_tasks(changing().query(
        "SELECT number, owner FROM tasks WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?", before, limit));
}

}  // namespace rondo::sqlite
