// Lists of tasks: the filters, the order, the page.

#include <functional>
#include <span>
#include <variant>

#include "store/moving/kept_rows.hpp"
#include "store/sqlite/sqlite_transaction.hpp"
#include "store/sqlite/task_text.hpp"
#include "store/sqlite/text_keys.hpp"
#include "store/task_values.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

namespace {

/// A piece of SQL and the values of its parameters.
struct clause {
    using value = std::variant<std::int64_t, std::string, raw_bytes, uuid>;
    std::string sql;
    std::vector<value> values;
};

/// Joins clauses and collects their values in the same order.
void join(clause& to, std::string_view between, const clause& added) {
    if (!to.sql.empty())
        to.sql += between;
    to.sql += added.sql;
    to.values.insert(to.values.end(), added.values.begin(), added.values.end());
}

template <class Enum>
std::int64_t number_of(Enum value) {
    return static_cast<std::int64_t>(value);
}

std::int64_t number_of(instant at) {
    return at.time_since_epoch().count();
}

std::string json_of(const std::vector<std::int64_t>& numbers) {
    std::string list = "[";
    for (const std::int64_t number : numbers)
        list += (list.size() == 1 ? "" : ",") + std::to_string(number);
    return list + "]";
}

/// Gives the numbers of tasks that have the word in their text, but no words in the index yet; none where all have.
using words_missing = std::function<std::vector<std::int64_t>(const search_word&)>;

clause with_word(user_id owner, const search_word& word, const words_missing& missing) {
    clause found{.sql =
                     "SELECT number FROM (SELECT rowid AS number FROM task_text WHERE task_text MATCH ? UNION"
                     " SELECT tt.task FROM tag_text CROSS JOIN task_tags tt ON tt.tag = tag_text.rowid"
                     " WHERE tag_text MATCH ?",
                 .values = {match(owner, word), match(owner, word)}};
    if (missing)
        join(found, " UNION ", {.sql = "SELECT value FROM json_each(?)", .values = {json_of(missing(word))}});
    found.sql += ")";
    return found;
}

/// The filters that name few tasks: each is a set of their numbers, and a task must be in all of them.
clause few(user_id owner, const task_filter& filter, const words_missing& missing) {
    clause all;
    const auto add = [&](const clause& set) { join(all, " INTERSECT ", set); };
    if (filter.text)
        for (const search_word& word : search_words(*filter.text))
            add(with_word(owner, word, missing));
    if (filter.tag)
        add({.sql = "SELECT tt.task FROM tags g CROSS JOIN task_tags tt ON tt.tag = g.number"
                    " WHERE g.id = ? AND g.owner = ?",
             .values = {filter.tag->value, owner.value}});
    for (const std::string& name : filter.tag_names)
        add({.sql = "SELECT tt.task FROM tags g CROSS JOIN task_tags tt ON tt.tag = g.number"
                    " WHERE g.owner = ? AND g.name_key = ?",
             .values = {owner.value, tag_key(name)}});
    if (filter.series)
        add({.sql = "SELECT number FROM (SELECT number FROM tasks WHERE id = ? AND series IS NULL"
                    " UNION SELECT number FROM tasks WHERE series = ?)",
             .values = {filter.series->value, filter.series->value}});
    if (filter.parent)
        add({.sql = "SELECT number FROM tasks WHERE parent = ?", .values = {filter.parent->value}});
    return all;
}

/// The other filters, tried on each task.
clause conditions(user_id owner, const task_filter& filter) {
    clause all{.sql = "t.owner = ? AND t.deleted_at IS NULL", .values = {owner.value}};
    const auto add = [&](const char* sql, std::vector<clause::value> values) {
        join(all, " AND ", {.sql = sql, .values = std::move(values)});
    };
    if (filter.status)
        add("t.status = ?", {number_of(*filter.status)});
    if (filter.priority)
        add("t.priority = ?", {number_of(*filter.priority)});
    if (filter.due_before)
        add("t.due_at < ? AND CASE WHEN t.due_all_day THEN t.due_wall < ? ELSE t.due_at < ? END",
            {due_at_max(*filter.due_before), wall_of(*filter.due_before), number_of(filter.due_before->at)});
    if (filter.due_after)
        add("t.due_at >= ? AND t.due_at < ? AND CASE WHEN t.due_all_day THEN t.due_wall >= ? ELSE t.due_at >= ? END",
            {due_at_min(*filter.due_after), never, wall_of(*filter.due_after), number_of(filter.due_after->at)});
    // 2 and 3: done and cancelled.
    static_assert(static_cast<int>(task_status::done) == 2 && static_cast<int>(task_status::cancelled) == 3);
    if (filter.overdue)
        add(*filter.overdue ? "t.due_at < ? AND t.status NOT IN (2, 3)" : "(t.due_at >= ? OR t.status IN (2, 3))",
            {number_of(filter.now)});
    if (filter.recurring)
        add(*filter.recurring ? "t.repeat_type <> 0" : "t.repeat_type = 0", {});
    return all;
}

/// The column of a sort order. As long as not all tasks have their keys, titles are compared as they are, without regard to
/// the case of ASCII letters, as their column says.
const char* column(sort_key key, bool titles_have_keys) {
    switch (key) {
        case sort_key::created_at:
            return "t.created_at";
        case sort_key::due_date:
            return "t.due_at";
        case sort_key::updated_at:
            return "t.updated_at";
        case sort_key::priority:
            return "t.priority";
        case sort_key::title:
            break;
    }
    return titles_have_keys ? "t.title_order" : "t.title";
}

}  // namespace

task_page sqlite_transaction::list_tasks(user_id owner, const task_filter& filter, const page_request& page) const {
    if (filter.text)
        write_text_changes();
    words_missing missing;
    bool titles_have_keys = true;
    if (filter.text || page.sort == sort_key::title) {
        const text_keys_state keys = read_text_keys(db_.on());
        titles_have_keys = keys.is_complete();
        if (keys.gaps && keys.done_to)
            missing = [this, owner, after = *keys.done_to](const search_word& word) {
                return found_without_words(owner, word, after);
            };
    }
    const std::string key = column(page.sort, titles_have_keys);
    const clause sets = few(owner, filter, missing);
    clause where = conditions(owner, filter);
    if (page.after) {
        clause beyond{.sql = "(" + key + ", t.id) " + (page.descending ? "<" : ">") + " (?, ?)", .values = {}};
        if (const auto* title = std::get_if<std::string>(&page.after->key); title != nullptr && titles_have_keys)
            beyond.values.emplace_back(raw_bytes{title_order(*title)});
        else
            std::visit([&](const auto& value) { beyond.values.emplace_back(value); }, page.after->key);
        beyond.values.emplace_back(page.after->last.value);
        join(where, " AND ", beyond);
    }
    const char* const direction = page.descending ? " DESC" : " ASC";

    // Where there are sets, they are walked first: SQLite cannot know that they are small.
    clause query;
    if (!sets.sql.empty())
        join(query, "", {.sql = "WITH hits (number) AS (" + sets.sql + ") ", .values = sets.values});
    query.sql += "SELECT " RONDO_TASK_COLUMNS " FROM ";
    query.sql += sets.sql.empty() ? "tasks t" : "hits CROSS JOIN tasks t ON t.number = hits.number";
    join(query, " WHERE ", where);
    query.sql += " ORDER BY " + key + direction + ", t.id" + direction + " LIMIT ?";

    auto rows_read = db_.query(query.sql);
    for (const auto& value : query.values)
        std::visit(
            [&](const auto& bound) {
                if constexpr (std::same_as<std::remove_cvref_t<decltype(bound)>, raw_bytes>)
                    rows_read.bind_next(std::span{bound.bytes});
                else
                    rows_read.bind_next(bound);
            },
            value);
    rows_read.bind_next(page.limit + 1);
    auto rows = read_tasks(rows_read, owner);

    task_page found;
    const bool more = rows.size() > page.limit;
    if (more)
        rows.pop_back();
    if (more && !rows.empty())
        found.next = cursor_at(rows.back().found.task, rows.back().due_at, page.sort);
    found.tasks.reserve(rows.size());
    for (sql::task_row& row : rows)
        found.tasks.push_back(std::move(row.found.task));
    return found;
}

}  // namespace rondo::sqlite
