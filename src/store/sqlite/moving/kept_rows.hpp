#pragma once
// The rows of store/moving/kept_rows.hpp in a SQLite file.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "store/moving/kept_rows.hpp"
#include "store/sqlite/connection.hpp"

namespace rondo::sqlite {

std::int64_t count_rows(connection& db, const table_shape& of);
/// As row_reader::read.
std::vector<kept_row> read_rows(connection& db, const table_shape& of, const std::optional<kept_row>& after,
                                std::size_t limit);
/// The one with the highest key.
std::optional<kept_row> last_row(connection& db, const table_shape& of);

/// Adds rows that are not there, within the transaction that runs, with all that the program makes of them. Throws
/// `std::logic_error` for a row that refers to nothing.
void write_rows(connection& db, const table_shape& to, std::span<const kept_row> rows);

}  // namespace rondo::sqlite
