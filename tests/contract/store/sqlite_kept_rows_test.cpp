#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "contract/store/raw_database.hpp"
#include "store/moving/kept_rows.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

using ::testing::UnorderedElementsAreArray;

// What is not among the rows that a copy takes along, it loses: whoever adds a table or a column adds it there.
TEST(sqlite_kept_rows, AreThoseOfEveryTableAndColumn) {
    const scratch_store made{scratch_in::file};
    raw_database db{made.file()};
    std::vector<std::string> names;
    for (const table_shape& table : table_shapes()) {
        names.emplace_back(table.name);
        std::vector<std::string> columns;
        for (const kept_column& column : table.columns)
            columns.emplace_back(column.name == "owner" && table.which == kept_table::sessions ? "user" : column.name);
        EXPECT_THAT(columns, UnorderedElementsAreArray(
                                 db.run("SELECT name FROM pragma_table_info('" + std::string{table.name} +
                                        "') WHERE name NOT IN ('number', 'email_key', 'name_key', 'title_order')")))
            << table.name;
    }
    EXPECT_THAT(
        names, UnorderedElementsAreArray(db.run("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN"
                                                " ('schema_migrations', 'sqlite_sequence', 'sqlite_stat1', 'text_keys')"
                                                " AND name NOT LIKE '%\\_text%' ESCAPE '\\'")));
}

}  // namespace rondo::test
