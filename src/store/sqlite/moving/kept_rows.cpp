#include "store/sqlite/moving/kept_rows.hpp"

#include <stdexcept>

#include "store/moving/row_statements.hpp"
#include "store/sqlite/task_text.hpp"

namespace rondo::sqlite {

namespace {

constexpr auto here = sql_engine::sqlite;

/// What a search looks in, for the row that was inserted last.
void index_words(connection& db, const table_shape& table, const kept_row& row, const cell& words) {
    const user_id owner{std::get<uuid>(row[column_of(table, "owner")])};
    db.run(table.which == kept_table::tags ? "INSERT INTO tag_text (rowid, owner, words) VALUES ($1, $2, $3)"
                                           : "INSERT INTO task_text (rowid, owner, words) VALUES ($1, $2, $3)",
           db.last_insert_number(), owner_word(owner), std::get<std::string>(words));
}

}  // namespace

std::int64_t count_rows(connection& db, const table_shape& of) {
    auto row = db.query(counting(of));
    row.step();
    return row.integer(0);
}

std::vector<kept_row> read_rows(connection& db, const table_shape& of, const std::optional<kept_row>& after,
                                std::size_t limit) {
    statement query{db, reading(of, here, after.has_value())};
    for (std::size_t i = 0; after && i < of.key_size; ++i)
        hand_over((*after)[i], of.columns[i].type, [&](const auto& value) { query.bind_next(value); });
    query.bind_next(limit);
    return rondo::read_rows<statement&>(query, of);
}

std::optional<kept_row> last_row(connection& db, const table_shape& of) {
    auto row = db.query(reading_last(of, here));
    return row.step() ? std::optional{read_row(row, of)} : std::nullopt;
}

void write_rows(connection& db, const table_shape& to, std::span<const kept_row> rows) {
    statement insert{db, insertion(to, here)};
    for (const kept_row& one : rows) {
        const auto made = made_values(to, one);
        hand_over(one, std::span{made}.first(made.size() - (has_words(to) ? 1 : 0)), to,
                  [&](const auto& value) { insert.bind_next(value, statement::text_is::borrowed); });
        insert.step();
        if (sqlite3_changes64(db.handle()) != 1)
            throw std::logic_error{"a row of " + std::string{to.name} + " refers to nothing"};
        if (has_words(to))
            index_words(db, to, one, made.back());
        insert.reset();
    }
}

}  // namespace rondo::sqlite
