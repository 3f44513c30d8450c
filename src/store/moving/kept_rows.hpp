#pragma once
// Everything that is kept, as rows of values: what one database hands to another, whichever engines they have. Keys that
// programs make (folded text, words of a search, numbers of rows) are left out; each engine makes its own.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"

namespace rondo {

enum class cell_type : std::uint8_t { integer, truth, text, bytes, id };

struct raw_bytes {
    std::string bytes;
    friend bool operator==(const raw_bytes&, const raw_bytes&) = default;
};

/// Nothing, an integer or 0 and 1 for a truth, UTF-8 text without NUL, bytes, an id.
using cell = std::variant<std::monostate, std::int64_t, std::string, raw_bytes, uuid>;
using kept_row = std::vector<cell>;

struct kept_column {
    std::string_view name;
    cell_type type;
};

enum class kept_table : std::uint8_t {
    users,
    sessions,
    refresh_tokens,
    login_throttles,
    answers,
    tags,
    tasks,
    task_tags,
    events,
    outbox,
    dead_letters
};

/// Tables and columns are called as in PostgreSQL's schema.
struct table_shape {
    kept_table which;
    std::string_view name;
    std::size_t key_size;  ///< so many of the first columns are the key; both engines order it by its bytes
    std::vector<kept_column> columns;
};

/// Every table, one that others refer to before them.
const std::vector<table_shape>& table_shapes();
const table_shape& shape_of(kept_table which);

/// The place of a column. Precondition: the table has it.
std::size_t column_of(const table_shape& table, std::string_view name);

/// Bytes of a text that are not UTF-8, and NUL, each become `instead`.
std::string clean_text(std::string_view any, std::string_view instead = "\xef\xbf\xbd");

/// A database whose rows are read. Throws `unavailable`.
class row_reader {
public:
    virtual ~row_reader() = default;
    virtual std::int64_t count(const table_shape& of) = 0;
    /// At most `limit` rows in the order of their keys, those after the key of `after`.
    virtual std::vector<kept_row> read(const table_shape& of, const std::optional<kept_row>& after,
                                       std::size_t limit) = 0;
};

/// One that is filled.
class row_writer : public row_reader {
public:
    /// The row with the highest key.
    virtual std::optional<kept_row> last(const table_shape& of) = 0;
    /// All of them are there, and durable, when it returns; none after an exception.
    virtual void write(const table_shape& of, std::span<const kept_row> rows) = 0;
    /// Makes what is derived from the rows, and lets a server use the database.
    virtual void finish() = 0;
};

}  // namespace rondo
