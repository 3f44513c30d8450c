#pragma once
// A whole database moved into another one: in batches in the order of keys, to be gone on with wherever it was broken off.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/moving/kept_rows.hpp"

namespace rondo {

struct copied_table {
    std::string_view name;
    std::int64_t rows = 0;
    std::string hash;  ///< of every value of every row, in the order of keys, 32 bytes in hexadecimal digits
};

struct copy_progress {
    enum class phase : bool { copying, checking } now = phase::copying;
    std::string_view table;
    std::int64_t done = 0, total = 0;  ///< rows of all tables
};

/// Copies the rows that `to` has not, table by table; then compares all of them, and lets `to` be used. Rows that it has must
/// be those of an earlier call with the same database: throws `fatal` if they are others after all. `tell` is called after
/// each batch.
std::vector<copied_table> copy_rows(row_reader& from, row_writer& to,
                                    const std::function<void(const copy_progress&)>& tell);

}  // namespace rondo
