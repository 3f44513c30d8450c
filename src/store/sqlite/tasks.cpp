// Tasks outside the trash: found, added, changed, taken back.

#include <span>
#include <stdexcept>
#include <unordered_map>

#include "store/sqlite/sqlite_transaction.hpp"
#include "store/sqlite/task_columns.hpp"
#include "store/task_values.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

sqlite_transaction::task_row sqlite_transaction::read_task(const statement& row) const {
    const task_id id{row.id(1)};
    task_row read{.number = row.integer(0), .due_at = row.integer(28), .found = {}};
    read.found.deleted_at = row.optional_at(27);
    task& t = read.found.task;
    t.id = id;
    t.owner = {row.id(2)};
    t.title = row.text(3);
    t.description = row.optional_text(4);
    t.status = row.enumerator<task_status>(5);
    t.priority = row.enumerator<task_priority>(6);
    t.due = read_due(row, 7, 8, 31);
    t.zone = zone(row.text(9));
    t.repeat.type = row.enumerator<recurring_type>(10);
    t.repeat.interval = static_cast<int>(row.integer(11));
    t.repeat.rule = row.text(12);
    t.repeat.mode = row.enumerator<repeat_mode>(13);
    if (!row.is_null(14))
        t.repeat.end = std::chrono::local_days{std::chrono::days{row.integer(14)}};
    else if (!row.is_null(15))
        t.repeat.end = row.at(15);
    t.series_start = read_due(row, 16, 17, std::nullopt);
    t.moved_from = read_due(row, 29, 30, 32);
    t.repeat.counts_start = row.integer(33) != 0;
    t.parent = row.optional_id<task_id>(18);
    t.series = row.optional_id<task_id>(19).value_or(id);
    t.occurrence = static_cast<int>(row.integer(20));
    t.source = row.optional_id<task_id>(21);
    if (!row.is_null(22))
        t.ended = row.enumerator<series_end>(22);
    t.version = row.integer(23);
    t.created_at = row.at(24);
    t.updated_at = row.at(25);
    t.completed_at = row.optional_at(26);
    return read;
}

std::vector<sqlite_transaction::task_row> sqlite_transaction::read_tasks(statement& query, user_id owner) const {
    std::vector<task_row> rows;
    while (query.step())
        rows.push_back(read_task(query));
    load_tags(rows, owner);
    return rows;
}

std::vector<sqlite_transaction::task_row> sqlite_transaction::read_tasks(statement&& query, user_id owner) const {
    return read_tasks(query, owner);
}

std::optional<sqlite_transaction::task_row> sqlite_transaction::read_only_task(statement&& query, user_id owner) const {
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
        by_number.at(tags.integer(0))->tags.push_back(read_tag(tags, 1));
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

bool sqlite_transaction::has_children(user_id owner, task_id parent) const {
    auto row = db_.query(
        "SELECT EXISTS (SELECT 1 FROM tasks WHERE parent = ?1 AND owner = ?2)"
        " OR EXISTS (SELECT 1 FROM tasks WHERE source = ?1 AND owner = ?2)",
        parent, owner);
    row.step();
    return row.integer(0) != 0;
}

bool sqlite_transaction::is_ancestor(user_id owner, task_id ancestor, task_id id) const {
    // UNION, not UNION ALL: a circle, should there be one, is walked once.
    auto row = db_.query(
        "WITH RECURSIVE above (id) AS (SELECT id FROM tasks WHERE id = ?1 AND owner = ?2 UNION"
        " SELECT t.parent FROM above a CROSS JOIN tasks t ON t.id = a.id WHERE t.owner = ?2 AND t.parent IS NOT NULL)"
        " SELECT EXISTS (SELECT 1 FROM above a CROSS JOIN tasks t ON t.id = a.id WHERE a.id = ?3 AND t.owner = ?2)",
        id, owner, ancestor);
    row.step();
    return row.integer(0) != 0;
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

void sqlite_transaction::mark_ended(user_id owner, task_id id, std::optional<series_end> why) {
    changing().run("UPDATE tasks SET ended = ? WHERE id = ? AND owner = ?", why, id, owner);
}

std::vector<std::pair<user_id, task_id>> sqlite_transaction::missing_children(std::size_t limit) const {
    // The conditions are the index's own (tasks_missing_child): 2 is `done`, 0 is `none`.
    static_assert(static_cast<int>(task_status::done) == 2 && static_cast<int>(recurring_type::none) == 0);
    auto rows = db_.query(
        "SELECT owner, id FROM tasks WHERE status = 2 AND repeat_type <> 0 AND ended IS NULL AND child_made = 0"
        " AND deleted_at IS NULL ORDER BY completed_at LIMIT ?",
        limit);
    std::vector<std::pair<user_id, task_id>> missing;
    while (rows.step())
        missing.emplace_back(user_id{rows.id(0)}, task_id{rows.id(1)});
    return missing;
}

refreshed_dues sqlite_transaction::refresh_due_instants(task_id after, std::size_t limit) {
    struct stale {
        std::int64_t number;
        std::int64_t due_at;
    };
    refreshed_dues done;
    std::vector<stale> differing;
    // UTC has no rules that could change. All-day tasks there may have been sorted otherwise by an older program.
    auto rows = db_.query(
        "SELECT id, number, due_wall, due_all_day, due_at, zone, due_second FROM tasks"
        " WHERE id > ? AND due_wall IS NOT NULL AND (zone <> 'UTC' OR due_all_day) ORDER BY id LIMIT ?",
        after, limit);
    while (rows.step()) {
        done.last = task_id{rows.id(0)};
        const auto in = time_zone::find(rows.text(5));
        if (!in)
            continue;
        const std::int64_t at = due_at(*read_due(rows, 2, 3, 6), *in);
        if (at != rows.integer(4))
            differing.push_back({.number = rows.integer(1), .due_at = at});
    }
    for (const stale& one : differing)
        changing().run("UPDATE tasks SET due_at = ? WHERE number = ?", one.due_at, one.number);
    done.changed = differing.size();
    return done;
}

}  // namespace rondo::sqlite
