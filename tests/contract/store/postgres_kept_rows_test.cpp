#include "store/moving/kept_rows.hpp"

#include "contract/store/postgres_fixture.hpp"

namespace rondo::test {

using ::testing::UnorderedElementsAreArray;

class postgres_kept_rows : public on_postgres {
protected:
    std::vector<std::string> names(const std::string& sql) const {
        auto db = look();
        auto row = db.query(sql);
        std::vector<std::string> found;
        while (row.step())
            found.emplace_back(row.text(0));
        return found;
    }
};

// What is not among the rows that a copy takes along, it loses: whoever adds a table or a column adds it there.
TEST_F(postgres_kept_rows, AreThoseOfEveryTableAndColumn) {
    const auto opened = open_store();
    std::vector<std::string> tables;
    for (const table_shape& table : table_shapes()) {
        tables.emplace_back(table.name);
        std::vector<std::string> columns;
        for (const kept_column& column : table.columns)
            columns.emplace_back(column.name);
        EXPECT_THAT(columns,
                    UnorderedElementsAreArray(names(
                        "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"
                        " AND table_name = '" +
                        std::string{table.name} +
                        "' AND column_name NOT IN ('number', 'folded_words', 'email_key', 'name_key', 'title_order', "
                        "'keys_stale')"
                        " AND (table_name, column_name) <> ('task_tags', 'owner')")))
            << table.name;
    }
    // A claim lasts for seconds, and is a running server's.
    EXPECT_THAT(tables, UnorderedElementsAreArray(
                            names("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
                                  " AND tablename NOT IN ('rondo_migrations', 'relay_claims', 'text_keys')")));
}

}  // namespace rondo::test
