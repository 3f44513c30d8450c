#pragma once
// The rows of store/moving/kept_rows.hpp in a PostgreSQL schema. The transaction that runs has to speak for everyone
// (`rondo.user` is '*').

#include <optional>
#include <span>
#include <vector>

#include "store/moving/kept_rows.hpp"
#include "store/postgres/connection.hpp"

namespace rondo::postgres {

std::int64_t count_rows(connection& db, const table_shape& of);
/// As row_reader::read.
std::vector<kept_row> read_rows(connection& db, const table_shape& of, const std::optional<kept_row>& after,
                                std::size_t limit);
/// The one with the highest key.
std::optional<kept_row> last_row(connection& db, const table_shape& of);

/// Adds rows that are not there, within the transaction that runs. Throws `std::logic_error` for a row that refers to
/// nothing.
void write_rows(connection& db, const table_shape& to, std::span<const kept_row> rows);

/// Lets numbers that the server gives go on after those of the rows.
void set_sequences(connection& db);

}  // namespace rondo::postgres
