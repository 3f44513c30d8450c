#include "store/sqlite/moving/kept_rows.hpp"

#include <stdexcept>
#include <utility>

#include "store/fold.hpp"
#include "store/search_words.hpp"
#include "store/sqlite/task_text.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

namespace {

/// What a column is called here.
std::string column_name(const table_shape& table, const kept_column& column) {
    return std::string{table.which == kept_table::sessions && column.name == "owner" ? "user" : column.name};
}

/// task_tags names tasks and tags by their numbers here, by their ids everywhere else.
std::string column_source(const table_shape& table, const kept_column& column) {
    if (table.which != kept_table::task_tags)
        return column_name(table, column);
    return column.name == "task" ? "t.id" : column.name == "tag" ? "g.id" : "tt.position";
}

std::string table_source(const table_shape& table) {
    if (table.which != kept_table::task_tags)
        return std::string{table.name};
    return "tasks t CROSS JOIN task_tags tt ON tt.task = t.number CROSS JOIN tags g ON g.number = tt.tag";
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

cell read_cell(const statement& from, int column, cell_type type) {
    if (from.is_null(column))
        return {};
    switch (type) {
        case cell_type::integer:
        case cell_type::truth:
            return from.integer(column);
        case cell_type::text:
            return clean_text(from.text(column));
        case cell_type::bytes:
            return raw_bytes{std::string{from.bytes(column)}};
        case cell_type::id:
            break;
    }
    return from.id(column);
}

kept_row read_row(const statement& from, const table_shape& table) {
    kept_row read;
    read.reserve(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        read.push_back(read_cell(from, static_cast<int>(i), table.columns[i].type));
    return read;
}

void bind(statement& to, const cell& value) {
    constexpr auto borrowed = statement::text_is::borrowed;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        to.bind_next(*number);
    else if (const auto* text = std::get_if<std::string>(&value))
        to.bind_next(*text, borrowed);
    else if (const auto* bytes = std::get_if<raw_bytes>(&value))
        to.bind_next(std::span{bytes->bytes}, borrowed);
    else if (const auto* id = std::get_if<uuid>(&value))
        to.bind_next(*id, borrowed);
    else
        to.bind_next(std::nullopt);
}

std::string_view text_of(const table_shape& table, const kept_row& row, std::string_view column) {
    const auto* text = std::get_if<std::string>(&row[column_of(table, column)]);
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

/// The column beside those that are kept, made of the row by the program; none for most tables.
std::string_view made_column(const table_shape& table) {
    switch (table.which) {
        case kept_table::users:
            return "email_key";
        case kept_table::tags:
            return "name_key";
        case kept_table::tasks:
            return "title_order";
        default:
            return {};
    }
}

cell made_value(const table_shape& table, const kept_row& row) {
    switch (table.which) {
        case kept_table::users:
            return folded(text_of(table, row, "email"));
        case kept_table::tags:
            return tag_key(text_of(table, row, "name"));
        default:
            return raw_bytes{title_order(text_of(table, row, "title"))};
    }
}

/// What a search looks in, for the row that was inserted last.
void index_words(connection& db, const table_shape& table, const kept_row& row) {
    const auto owner = [&] { return owner_word({std::get<uuid>(row[column_of(table, "owner")])}); };
    if (table.which == kept_table::tags) {
        db.run("INSERT INTO tag_text (rowid, owner, words) VALUES (?, ?, ?)", db.last_insert_number(), owner(),
               tag_words(text_of(table, row, "name")));
    } else if (table.which == kept_table::tasks) {
        const std::optional<std::string> description{text_of(table, row, "description")};
        db.run("INSERT INTO task_text (rowid, owner, words) VALUES (?, ?, ?)", db.last_insert_number(), owner(),
               task_words(text_of(table, row, "title"), description));
    }
}

std::string insertion(const table_shape& table) {
    if (table.which == kept_table::task_tags)
        return "INSERT INTO task_tags (task, position, tag)"
               " SELECT t.number, ?2, g.number FROM tasks t, tags g WHERE t.id = ?1 AND g.id = ?3";
    std::string columns = listed(table, table.columns.size(), column_name);
    std::string places = "?";
    for (std::size_t i = 1; i < table.columns.size(); ++i)
        places += ", ?";
    if (const auto made = made_column(table); !made.empty()) {
        columns += ", " + std::string{made};
        places += ", ?";
    }
    return "INSERT INTO " + std::string{table.name} + " (" + columns + ") VALUES (" + places + ")";
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
    std::string places = "?";
    for (std::size_t i = 1; i < of.key_size; ++i)
        places += ", ?";
    statement query{db, selection(of) + (after ? " WHERE (" + keys + ") > (" + places + ")" : "") + " ORDER BY " +
                            keys + " LIMIT ?"};
    for (std::size_t i = 0; after && i < of.key_size; ++i)
        bind(query, (*after)[i]);
    query.bind_next(limit);
    std::vector<kept_row> rows;
    while (query.step())
        rows.push_back(read_row(query, of));
    return rows;
}

std::optional<kept_row> last_row(connection& db, const table_shape& of) {
    auto row = db.query(selection(of) + " ORDER BY " + listed(of, of.key_size, column_source, " DESC") + " LIMIT 1");
    return row.step() ? std::optional{read_row(row, of)} : std::nullopt;
}

void write_rows(connection& db, const table_shape& to, std::span<const kept_row> rows) {
    statement insert{db, insertion(to)};
    const bool has_made = !made_column(to).empty();
    cell made;
    for (const kept_row& one : rows) {
        for (const cell& value : one)
            bind(insert, value);
        if (has_made) {
            made = made_value(to, one);
            bind(insert, std::as_const(made));
        }
        insert.step();
        if (sqlite3_changes64(db.handle()) != 1)
            throw std::logic_error{"a row of " + std::string{to.name} + " refers to nothing"};
        index_words(db, to, one);
        insert.reset();
    }
}

}  // namespace rondo::sqlite
