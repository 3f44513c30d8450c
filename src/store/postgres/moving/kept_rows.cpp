#include "store/postgres/moving/kept_rows.hpp"

#include <stdexcept>

#include "store/fold.hpp"
#include "store/search_words.hpp"
#include "text/keys.hpp"

namespace rondo::postgres {

namespace {

constexpr std::size_t rows_sent_max = 500;  // before the answers are waited for

std::string column_name(const table_shape&, const kept_column& column) {
    return std::string{column.name};
}

/// task_tags names tasks and tags by their numbers here, by their ids everywhere else.
std::string column_source(const table_shape& table, const kept_column& column) {
    if (table.which != kept_table::task_tags)
        return std::string{column.name};
    return column.name == "task" ? "t.id" : column.name == "tag" ? "g.id" : "tt.position";
}

std::string table_source(const table_shape& table) {
    if (table.which != kept_table::task_tags)
        return std::string{table.name};
    return "tasks t JOIN task_tags tt ON tt.task = t.number JOIN tags g ON g.number = tt.tag";
}

std::string listed(const table_shape& table, std::size_t count,
                   std::string (*named)(const table_shape&, const kept_column&), std::string_view after_each = "") {
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += (i == 0 ? "" : ", ") + named(table, table.columns[i]) + std::string{after_each};
    return list;
}

std::string selection(const table_shape& table) {
    return "SELECT " + listed(table, table.columns.size(), column_source) + " FROM " + table_source(table);
}

cell read_cell(const rows& from, int column, cell_type type) {
    if (from.is_null(column))
        return {};
    switch (type) {
        case cell_type::integer:
        case cell_type::truth:
            return from.integer(column);
        case cell_type::text:
            return std::string{from.text(column)};
        case cell_type::bytes:
            return raw_bytes{std::string{from.text(column)}};
        case cell_type::id:
            break;
    }
    return from.id(column);
}

kept_row read_row(const rows& from, const table_shape& table) {
    kept_row read;
    read.reserve(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        read.push_back(read_cell(from, static_cast<int>(i), table.columns[i].type));
    return read;
}

void add(parameters& to, const cell& value, cell_type type) {
    switch (type) {
        case cell_type::integer:
        case cell_type::truth:
            if (const auto* number = std::get_if<std::int64_t>(&value))
                return to.add(*number);
            return to.add(std::optional<std::int64_t>{});
        case cell_type::text:
            if (const auto* text = std::get_if<std::string>(&value))
                return to.add(*text);
            return to.add(std::optional<std::string>{});
        case cell_type::bytes:
            if (const auto* bytes = std::get_if<raw_bytes>(&value))
                return to.add(std::span{bytes->bytes});
            return to.add(std::optional<std::span<const char>>{});
        case cell_type::id:
            if (const auto* id = std::get_if<uuid>(&value))
                return to.add(*id);
            return to.add(std::optional<uuid>{});
    }
}

std::string_view text_of(const table_shape& table, const kept_row& row, std::string_view column) {
    const auto* text = std::get_if<std::string>(&row[column_of(table, column)]);
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

/// What a table has beside the columns that are kept, made of the row by the program.
std::vector<cell> made_values(const table_shape& table, const kept_row& row) {
    const auto text = [&](std::string_view column) { return text_of(table, row, column); };
    switch (table.which) {
        case kept_table::users:
            return {folded(text("email"))};
        case kept_table::tags:
            return {tag_key(text("name")), tag_words(text("name"))};
        case kept_table::tasks:
            return {raw_bytes{title_order(text("title"))}, task_words(text("title"), std::string{text("description")})};
        default:
            return {};
    }
}

std::string insertion(const table_shape& table) {
    if (table.which == kept_table::task_tags)
        return "INSERT INTO task_tags (task, position, tag, owner)"
               " SELECT t.number, $2, g.number, t.owner FROM tasks t, tags g WHERE t.id = $1 AND g.id = $3";
    std::string columns = listed(table, table.columns.size(), column_name);
    std::string places;
    std::size_t place = 0;
    const auto next = [&] { return (place == 0 ? "$" : ", $") + std::to_string(place + 1); };
    for (; place < table.columns.size(); ++place)
        places += next() + (table.columns[place].type == cell_type::truth ? " <> 0" : "");
    const auto made = [&](std::string_view name) {
        columns += ", " + std::string{name};
        places += next();
        ++place;
    };
    if (table.which == kept_table::users)
        made("email_key");
    if (table.which == kept_table::tags)
        made("name_key");
    if (table.which == kept_table::tasks)
        made("title_order");
    if (table.which == kept_table::tags || table.which == kept_table::tasks)
        made("folded_words");
    const bool numbered = table.which == kept_table::events || table.which == kept_table::dead_letters;
    return "INSERT INTO " + std::string{table.name} + " (" + columns + ")" +
           (numbered ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES (" + places + ")";
}

}  // namespace

std::int64_t count_rows(connection& db, const table_shape& of) {
    auto row = db.query("SELECT count(*) FROM " + std::string{of.name});
    row.step();
    return row.integer(0);
}

std::vector<kept_row> read_rows(connection& db, const table_shape& of, const std::optional<kept_row>& after,
                                std::size_t limit) {
    const std::string keys = listed(of, of.key_size, column_source);
    parameters values;
    std::string places;
    for (std::size_t i = 0; after && i < of.key_size; ++i) {
        add(values, (*after)[i], of.columns[i].type);
        places += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
    }
    values.add(limit);
    auto found = db.query_with(selection(of) + (after ? " WHERE (" + keys + ") > (" + places + ")" : "") +
                                   " ORDER BY " + keys + " LIMIT $" + std::to_string(values.size()),
                               values);
    std::vector<kept_row> read;
    while (found.step())
        read.push_back(read_row(found, of));
    return read;
}

std::optional<kept_row> last_row(connection& db, const table_shape& of) {
    auto row = db.query(selection(of) + " ORDER BY " + listed(of, of.key_size, column_source, " DESC") + " LIMIT 1");
    return row.step() ? std::optional{read_row(row, of)} : std::nullopt;
}

void write_rows(connection& db, const table_shape& to, std::span<const kept_row> rows) {
    const std::string sql = insertion(to);
    std::vector<std::shared_ptr<std::optional<postgres::rows>>> answers;
    const auto settle = [&] {
        db.finish();
        for (const auto& answer : answers)
            if ((*answer)->count() != 1)
                throw std::logic_error{"a row of " + std::string{to.name} + " refers to nothing"};
        answers.clear();
    };
    for (const kept_row& one : rows) {
        parameters values;
        for (std::size_t i = 0; i < one.size(); ++i)
            add(values, one[i], to.columns[i].type);
        const auto made = made_values(to, one);
        for (const cell& value : made)
            add(values, value, std::holds_alternative<raw_bytes>(value) ? cell_type::bytes : cell_type::text);
        answers.push_back(db.ask_with(sql, values));
        if (answers.size() == rows_sent_max)
            settle();
    }
    settle();
}

void set_sequences(connection& db) {
    db.query(
        "SELECT setval(pg_get_serial_sequence('events', 'sequence'), max(sequence)) FROM events HAVING count(*) > 0");
    db.query(
        "SELECT setval(pg_get_serial_sequence('dead_letters', 'id'), max(id)) FROM dead_letters HAVING count(*) > 0");
}

}  // namespace rondo::postgres
