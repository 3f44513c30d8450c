#pragma once
// The steps of a schema, and which of them are next: the same for every engine.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

/// One step of a schema, as one engine runs it. The files lie in src/store/migrations; the build puts them into the
/// binary.
struct migration {
    int version;
    std::string_view name;  ///< "0001_initial"
    std::string_view up;
    std::string_view down;  ///< its first line, a comment, says what is lost
};

struct applied_migration {
    int version;
    std::string at;  ///< RFC 3339
};

struct migration_state {
    int version;
    std::string name;
    std::optional<std::string> applied_at;  ///< RFC 3339; empty when pending
    std::string loses;                      ///< what taking it back loses, "loses every …"; empty when nothing
};

/// What taking migrations back deletes: a table with its rows, or a column that so many rows have something in.
struct lost_data {
    std::string table;
    std::string column;  ///< empty: the whole table
    std::int64_t rows;
};

/// A column as it is before a migration is taken back, and what it holds when nobody has written to it (SQL; empty: NULL).
struct schema_column {
    std::string table, column, unwritten;
};

/// Of rows of table, column and default.
template <class Rows>
std::vector<schema_column> read_columns(Rows rows) {
    std::vector<schema_column> columns;
    while (rows.step())
        columns.push_back({.table = std::string{rows.text(0)},
                           .column = std::string{rows.text(1)},
                           .unwritten = std::string{rows.text(2)}});
    return columns;
}

/// The columns of `before` that are not in `after`; a table of which no column is left is named alone. `rows` is 0.
std::vector<lost_data> lost_between(const std::vector<schema_column>& before, const std::vector<schema_column>& after);

/// The query that counts the rows of what is lost: of a column, those that have something in it.
std::string counting_lost(const lost_data& lost, const std::vector<schema_column>& before);

/// The newest `steps` of those that are applied, newest first.
std::vector<migration> newest_applied(const std::vector<migration>& known,
                                      const std::vector<applied_migration>& applied, int steps);

/// Every migration of `known`, oldest first.
std::vector<migration_state> states_of(const std::vector<migration>& known,
                                       const std::vector<applied_migration>& applied);

/// The next one to apply, or nothing.
const migration* first_pending(const std::vector<migration>& known, const std::vector<applied_migration>& applied);
/// The next one to take back, or nothing.
const migration* last_applied(const std::vector<migration>& known, const std::vector<applied_migration>& applied);

/// Throws `fatal` if a program that knows more migrations has been there; `database` is what the line calls it.
void refuse_newer(const std::vector<migration>& known, const std::vector<applied_migration>& applied,
                  const std::string& database);

}  // namespace rondo
