// Tasks outside the trash: found, added, changed, taken back.

#include <span>
#include <stdexcept>
#include <unordered_map>

#include "store/postgres/postgres_transaction.hpp"
#include "store/task_values.hpp"
#include "text/keys.hpp"

namespace rondo::postgres {

using sql::task_row;

namespace {

std::vector<uuid> tag_ids(const task& of) {
    std::vector<uuid> ids;
    ids.reserve(of.tags.size());
    for (const tag& carried : of.tags)
        ids.push_back(carried.id.value);
    return ids;
}

/// Whether keys of this program are those that the others have.
#define RONDO_KEYS_STALE(rules) "(SELECT k.rules <> " rules " FROM text_keys k)"

}  // namespace

std::optional<task_row> postgres_transaction::read_only_task(std::string_view condition, user_id owner,
                                                             task_id id) const {
    connection& db = of(owner);
    const std::string where = " WHERE t.owner = $1 AND " + std::string{condition};
    const auto found = db.ask("SELECT " RONDO_TASK_COLUMNS " FROM tasks t" + where, owner, id);
    auto tags = db.query(
        "SELECT g.id, g.owner, g.name, g.color, g.created_at FROM tasks t JOIN task_tags tt ON tt.task = t.number"
        " JOIN tags g ON g.number = tt.tag AND g.owner = t.owner" +
            where + " ORDER BY tt.position",
        owner, id);
    if (!(*found)->step())
        return std::nullopt;
    task_row read = read_task(**found);
    while (tags.step())
        read.found.task.tags.push_back(sql::read_tag(tags, 0));
    return read;
}

std::vector<task> postgres_transaction::tasks_numbered(const std::vector<std::int64_t>& numbers, user_id owner) const {
    auto found = of(owner).query("SELECT " RONDO_TASK_COLUMNS
                                 " FROM unnest($1) WITH ORDINALITY asked (number, place)"
                                 " JOIN tasks t ON t.number = asked.number WHERE t.owner = $2 ORDER BY asked.place",
                                 numbers, owner);
    std::vector<task> tasks;
    for (task_row& each : read_tasks(found, owner))
        tasks.push_back(std::move(each.found.task));
    return tasks;
}

void postgres_transaction::load_tags(std::vector<task_row>& tasks, user_id owner) const {
    if (tasks.empty())
        return;
    std::unordered_map<std::int64_t, task*> by_number;
    std::vector<std::int64_t> numbers;
    for (task_row& each : tasks) {
        by_number.emplace(each.number, &each.found.task);
        numbers.push_back(each.number);
    }
    auto tags = of(owner).query(
        "SELECT tt.task, g.id, g.owner, g.name, g.color, g.created_at FROM task_tags tt"
        " JOIN tags g ON g.number = tt.tag WHERE g.owner = $1 AND tt.task = ANY($2) ORDER BY tt.task, tt.position",
        owner, numbers);
    while (tags.step())
        by_number.at(tags.integer(0))->tags.push_back(sql::read_tag(tags, 1));
}

std::optional<task> postgres_transaction::find_task(user_id owner, task_id id) const {
    auto found = read_only_task("t.id = $2 AND t.deleted_at IS NULL", owner, id);
    return found ? std::optional{std::move(found->found.task)} : std::nullopt;
}

std::optional<found_task> postgres_transaction::find_task_anywhere(user_id owner, task_id id) const {
    auto found = read_only_task("t.id = $2", owner, id);
    return found ? std::optional{std::move(found->found)} : std::nullopt;
}

std::optional<found_task> postgres_transaction::find_child_made_by(user_id owner, task_id source) const {
    auto found = read_only_task("t.source = $2", owner, source);
    return found ? std::optional{std::move(found->found)} : std::nullopt;
}

bool postgres_transaction::insert_task(const task& added) {
    connection& db = of(added.owner);
    const std::string order = title_order(added.title);
    // The condition refuses a second child after the first was purged from the trash, too.
    auto inserted = db.query(
        "INSERT INTO tasks (id, owner, title, description, folded_words, status, priority, due_wall, due_all_day, due_at, "
        "zone,"
        " repeat_type, repeat_interval, repeat_rule, repeat_mode, repeat_end_day, repeat_end_at, series_start_wall,"
        " series_start_all_day, parent, series, occurrence, source, ended, version, created_at, updated_at,"
        " completed_at, moved_from_wall, moved_from_all_day, repeat_counts_start, due_second, moved_from_second,"
        " title_order, keys_stale)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,"
        " $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, " RONDO_KEYS_STALE("$35")
        " WHERE NOT EXISTS (SELECT 1 FROM tasks s WHERE s.id = $23 AND s.owner = $2 AND s.child_made)"
        " ON CONFLICT (source) WHERE source IS NOT NULL DO NOTHING RETURNING number",
        added.id, added.owner, added.title, added.description, task_words(added.title, added.description), added.status, added.priority,
        wall_of(added.due), is_all_day(added.due), due_at(added), added.zone.name(), added.repeat.type,
        added.repeat.interval, added.repeat.rule, added.repeat.mode, end_day(added.repeat.end),
        end_at(added.repeat.end), wall_of(added.series_start), is_all_day(added.series_start), added.parent,
        foreign_series(added), added.occurrence, added.source, added.ended, added.version, added.created_at,
        added.updated_at, added.completed_at, wall_of(added.moved_from), is_all_day(added.moved_from),
        added.repeat.counts_start, is_second(added.due), is_second(added.moved_from), std::span{order}, text_rules());
    if (!inserted.step())
        return false;
    write_tags(inserted.integer(0), added);
    if (added.source)
        db.queue("UPDATE tasks SET child_made = true WHERE id = $1 AND owner = $2", *added.source, added.owner);
    return true;
}

bool postgres_transaction::update_task(const task& changed) {
    connection& db = of(changed.owner);
    const std::string order = title_order(changed.title);
    // Who made it and when never changes. Reopened or completed anew, it may make a child again if the first one was purged,
    // before or since.
    static_assert(static_cast<int>(task_status::done) == 2);
    auto updated = db.query(
        "UPDATE tasks t SET title = $1, description = $2, folded_words = $3, status = $4, priority = $5,"
        " due_wall = $6, due_all_day = $7, due_at = $8, zone = $9, repeat_type = $10, repeat_interval = $11,"
        " repeat_rule = $12, repeat_mode = $13, repeat_end_day = $14, repeat_end_at = $15, series_start_wall = $16,"
        " series_start_all_day = $17, parent = $18, series = $19, occurrence = $20, ended = $21, version = $22,"
        " updated_at = $23, completed_at = $24, moved_from_wall = $25, moved_from_all_day = $26,"
        " repeat_counts_start = $30, due_second = $31, moved_from_second = $32, title_order = $33,"
        " keys_stale = " RONDO_KEYS_STALE("$34") ","
        " child_made = CASE WHEN (t.status = 2) <> ($4 = 2)"
        " THEN EXISTS (SELECT 1 FROM tasks c WHERE c.source = t.id) ELSE t.child_made END"
        " WHERE t.id = $27 AND t.owner = $28 AND t.version = $22 - 1 AND t.deleted_at IS NULL"
        " RETURNING t.number, $29 = coalesce((SELECT array_agg(g.id ORDER BY tt.position) FROM task_tags tt"
        " JOIN tags g ON g.number = tt.tag WHERE tt.task = t.number), '{}')",
        changed.title, changed.description, task_words(changed.title, changed.description), changed.status, changed.priority,
        wall_of(changed.due), is_all_day(changed.due), due_at(changed), changed.zone.name(), changed.repeat.type,
        changed.repeat.interval, changed.repeat.rule, changed.repeat.mode, end_day(changed.repeat.end),
        end_at(changed.repeat.end), wall_of(changed.series_start), is_all_day(changed.series_start), changed.parent,
        foreign_series(changed), changed.occurrence, changed.ended, changed.version, changed.updated_at,
        changed.completed_at, wall_of(changed.moved_from), is_all_day(changed.moved_from), changed.id, changed.owner,
        tag_ids(changed), changed.repeat.counts_start, is_second(changed.due), is_second(changed.moved_from),
        std::span{order}, text_rules());
    if (!updated.step())
        return false;
    const bool carries_the_same = updated.truth(1);
    if (!carries_the_same) {
        db.queue("DELETE FROM task_tags WHERE task = $1 AND owner = $2", updated.integer(0), changed.owner);
        write_tags(updated.integer(0), changed);
    }
    return true;
}

void postgres_transaction::write_tags(std::int64_t number, const task& of_task) {
    if (of_task.tags.empty())
        return;
    const std::int64_t written = of(of_task.owner)
                                     .run(
                                         "INSERT INTO task_tags (task, position, tag, owner)"
                                         " SELECT $1, asked.place - 1, g.number, $3"
                                         " FROM unnest($2) WITH ORDINALITY asked (id, place)"
                                         " JOIN tags g ON g.id = asked.id AND g.owner = $3",
                                         number, tag_ids(of_task), of_task.owner);
    if (written != static_cast<std::int64_t>(of_task.tags.size()))
        throw std::logic_error{"a task carries a tag that does not exist: " + to_string(of_task.id)};
}

std::vector<std::int64_t> postgres_transaction::family_numbers(user_id owner, task_id id) const {
    auto row = of(owner).query(
        "WITH RECURSIVE family (number, id) AS ("
        "SELECT number, id FROM tasks WHERE id = $1 AND owner = $2 AND deleted_at IS NULL UNION ALL"
        " SELECT t.number, t.id FROM family f JOIN tasks t ON t.parent = f.id"
        " WHERE t.owner = $2 AND t.deleted_at IS NULL)"
        " SEARCH BREADTH FIRST BY number SET place CYCLE id SET again USING way"
        " SELECT number FROM family WHERE NOT again ORDER BY place",
        id, owner);
    std::vector<std::int64_t> numbers;
    while (row.step())
        numbers.push_back(row.integer(0));
    return numbers;
}

void postgres_transaction::remove_task(user_id owner, task_id id) {
    of(owner).queue("DELETE FROM tasks WHERE id = $1 AND owner = $2", id, owner);
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
