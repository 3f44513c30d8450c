#include "store/postgres/moving/kept_rows.hpp"

#include <stdexcept>

#include "store/moving/row_statements.hpp"

namespace rondo::postgres {

namespace {

constexpr auto here = sql_engine::postgres;
constexpr std::size_t rows_sent_max = 500;  // before the answers are waited for

}  // namespace

std::int64_t count_rows(connection& db, const table_shape& of) {
    auto row = db.query(counting(of));
    row.step();
    return row.integer(0);
}

std::vector<kept_row> read_rows(connection& db, const table_shape& of, const std::optional<kept_row>& after,
                                std::size_t limit) {
    parameters values;
    for (std::size_t i = 0; after && i < of.key_size; ++i)
        hand_over((*after)[i], of.columns[i].type, [&](const auto& value) { values.add(value); });
    values.add(limit);
    return rondo::read_rows(db.query_with(reading(of, here, after.has_value()), values), of);
}

std::optional<kept_row> last_row(connection& db, const table_shape& of) {
    auto row = db.query(reading_last(of, here));
    return row.step() ? std::optional{read_row(row, of)} : std::nullopt;
}

void write_rows(connection& db, const table_shape& to, std::span<const kept_row> rows) {
    const std::string sql = insertion(to, here);
    std::vector<std::shared_ptr<std::optional<postgres::rows>>> answers;
    const auto settle = [&] {
        db.finish();
        for (const auto& answer : answers)
            if ((*answer)->count() != 1)
                throw std::logic_error{"a row of " + std::string{to.name} + " refers to nothing"};
        answers.clear();
    };
    for (const kept_row& one : rows) {
        const auto made = made_values(to, one);
        parameters values;
        hand_over(one, made, to, [&](const auto& value) { values.add(value); });
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
