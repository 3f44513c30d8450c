#include "store/moving/row_statements.hpp"

#include "store/fold.hpp"
#include "store/search_words.hpp"
#include "text/keys.hpp"

namespace rondo {

namespace {

/// task_tags names tasks and tags by their numbers, and its rows here by their ids.
std::string column_source(const table_shape& table, const kept_column& column, sql_engine engine) {
    if (table.which == kept_table::task_tags)
        return column.name == "task" ? "t.id" : column.name == "tag" ? "g.id" : "tt.position";
    if (table.which == kept_table::sessions && column.name == "owner" && engine == sql_engine::sqlite)
        return "user";
    return std::string{column.name};
}

std::string table_source(const table_shape& table) {
    if (table.which != kept_table::task_tags)
        return std::string{table.name};
    return "tasks t CROSS JOIN task_tags tt CROSS JOIN tags g WHERE tt.task = t.number AND g.number = tt.tag";
}

/// The first `count` columns.
std::string listed(const table_shape& table, std::size_t count, sql_engine engine, std::string_view after_each = "") {
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += (i == 0 ? "" : ", ") + column_source(table, table.columns[i], engine) + std::string{after_each};
    return list;
}

/// "$1, $2"
std::string places(std::size_t count) {
    std::string list;
    for (std::size_t i = 1; i <= count; ++i)
        list += (i == 1 ? "$" : ", $") + std::to_string(i);
    return list;
}

std::string selection(const table_shape& table, sql_engine engine) {
    return "SELECT " + listed(table, table.columns.size(), engine) + " FROM " + table_source(table);
}

/// What `made_values` are called; "folded_words" is a column in PostgreSQL alone.
std::vector<std::string_view> made_columns(const table_shape& table, sql_engine engine) {
    std::vector<std::string_view> names;
    if (table.which == kept_table::users)
        names.emplace_back("email_key");
    if (table.which == kept_table::tags)
        names.emplace_back("name_key");
    if (table.which == kept_table::tasks)
        names.emplace_back("title_order");
    if (has_words(table) && engine == sql_engine::postgres)
        names.emplace_back("folded_words");
    return names;
}

}  // namespace

std::string counting(const table_shape& table) {
    return "SELECT count(*) FROM " + std::string{table.name};
}

std::string reading(const table_shape& table, sql_engine engine, bool after) {
    const std::string keys = listed(table, table.key_size, engine);
    std::string sql = selection(table, engine);
    if (after)
        sql += (table.which == kept_table::task_tags ? " AND (" : " WHERE (") + keys + ") > (" +
               places(table.key_size) + ")";
    return sql + " ORDER BY " + keys + " LIMIT $" + std::to_string(after ? table.key_size + 1 : 1);
}

std::string reading_last(const table_shape& table, sql_engine engine) {
    return selection(table, engine) + " ORDER BY " + listed(table, table.key_size, engine, " DESC") + " LIMIT 1";
}

std::string insertion(const table_shape& table, sql_engine engine) {
    const bool on_postgres = engine == sql_engine::postgres;
    if (table.which == kept_table::task_tags)
        return std::string{"INSERT INTO task_tags (task, position, tag"} + (on_postgres ? ", owner" : "") +
               ") SELECT t.number, $2, g.number" + (on_postgres ? ", t.owner" : "") +
               " FROM tasks t, tags g WHERE t.id = $1 AND g.id = $3";
    std::string columns, values;
    std::size_t place = 0;
    const auto add = [&](std::string_view name, std::string_view what) {
        columns += (place == 0 ? "" : ", ") + std::string{name};
        values += (place == 0 ? "$" : ", $") + std::to_string(place + 1) + std::string{what};
        ++place;
    };
    for (const kept_column& each : table.columns)
        add(column_source(table, each, engine), each.type == cell_type::truth ? " <> 0" : "");
    for (const std::string_view each : made_columns(table, engine))
        add(each, "");
    const bool is_numbered = table.which == kept_table::events || table.which == kept_table::dead_letters;
    return "INSERT INTO " + std::string{table.name} + " (" + columns + ")" +
           (is_numbered && on_postgres ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES (" + values + ")";
}

std::vector<cell> made_values(const table_shape& table, const kept_row& row) {
    const auto text = [&](std::string_view column) {
        const auto* held = std::get_if<std::string>(&row[column_of(table, column)]);
        return held == nullptr ? std::string{} : *held;
    };
    switch (table.which) {
        case kept_table::users:
            return {folded(text("email"))};
        case kept_table::tags:
            return {tag_key(text("name")), tag_words(text("name"))};
        case kept_table::tasks:
            return {raw_bytes{title_order(text("title"))}, task_words(text("title"), text("description"))};
        default:
            return {};
    }
}

}  // namespace rondo
