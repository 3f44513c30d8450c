#pragma once
// The statements that read and write rows of kept_rows.hpp, and how their values go in and out, for both engines.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "store/moving/kept_rows.hpp"

namespace rondo {

enum class sql_engine : bool { sqlite, postgres };

std::string counting(const table_shape& table);
/// In the order of keys: as many as the last parameter says; with `after`, those behind the key that the first ones are.
std::string reading(const table_shape& table, sql_engine engine, bool after);
std::string reading_last(const table_shape& table, sql_engine engine);
/// Its parameters are the row's values, and then those of `made_values` that the table has columns for.
std::string insertion(const table_shape& table, sql_engine engine);

/// What the program makes of a row and keeps beside it: keys, and, in the last place for tags and tasks, the words that a
/// search looks in. These are a column in PostgreSQL, and have an index of their own in SQLite.
std::vector<cell> made_values(const table_shape& table, const kept_row& row);
inline bool has_words(const table_shape& table) {
    return table.which == kept_table::tags || table.which == kept_table::tasks;
}

/// The row that a query stands at.
template <class Row>
kept_row read_row(const Row& from, const table_shape& table) {
    kept_row read;
    read.reserve(table.columns.size());
    for (int i = 0; const kept_column& column : table.columns) {
        if (from.is_null(i))
            read.emplace_back();
        else if (column.type == cell_type::text)
            read.emplace_back(clean_text(from.text(i)));
        else if (column.type == cell_type::bytes)
            read.emplace_back(raw_bytes{std::string{from.bytes(i)}});
        else if (column.type == cell_type::id)
            read.emplace_back(from.id(i));
        else
            read.emplace_back(from.integer(i));
        ++i;
    }
    return read;
}

template <class Rows>
std::vector<kept_row> read_rows(Rows from, const table_shape& table) {
    std::vector<kept_row> read;
    while (from.step())
        read.push_back(read_row(from, table));
    return read;
}

/// Hands a value to `add`, which may borrow it; nothing as a nothing of its column's type.
template <class Add>
void hand_over(const cell& value, cell_type type, const Add& add) {
    switch (type) {
        case cell_type::integer:
        case cell_type::truth:
            if (const auto* number = std::get_if<std::int64_t>(&value))
                return add(*number);
            return add(std::optional<std::int64_t>{});
        case cell_type::text:
            if (const auto* text = std::get_if<std::string>(&value))
                return add(*text);
            return add(std::optional<std::string>{});
        case cell_type::bytes:
            if (const auto* bytes = std::get_if<raw_bytes>(&value))
                return add(std::span{bytes->bytes});
            return add(std::optional<std::span<const char>>{});
        case cell_type::id:
            if (const auto* id = std::get_if<uuid>(&value))
                return add(*id);
            return add(std::optional<uuid>{});
    }
}

/// Hands over a whole row, and what was made of it.
template <class Add>
void hand_over(const kept_row& row, std::span<const cell> made, const table_shape& table, const Add& add) {
    for (std::size_t i = 0; i < row.size(); ++i)
        hand_over(row[i], table.columns[i].type, add);
    for (const cell& value : made)
        hand_over(value, std::holds_alternative<raw_bytes>(value) ? cell_type::bytes : cell_type::text, add);
}

}  // namespace rondo
