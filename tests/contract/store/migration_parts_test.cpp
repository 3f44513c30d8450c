#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/migrations/migration.hpp"
#include "store/sqlite/connection.hpp"
#include "support/scratch_postgres.hpp"

// The migrations in tests/contract/store/notes.
namespace rondo::sqlite {
const std::vector<migration>& notes_migrations();
}
namespace rondo::postgres {
const std::vector<migration>& notes_migrations();
}

namespace rondo::test {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

constexpr const char* add_a_note = "INSERT INTO notes (id, written_at, words) VALUES ($1, $2, $3)";
constexpr const char* find_it = "SELECT written_at, words, is_kept FROM notes WHERE id = $1";
const uuid id = *parse_uuid("0198c0de-0000-7000-8000-000000000001");
constexpr std::int64_t late = 253'402'300'799'999;  // fits in no 32 bits

/// One table, one text, one statement for each purpose, whatever the engine.
template <class Connection>
void go_up_and_down(Connection& db, const std::vector<migration>& steps) {
    for (const migration& each : steps)
        db.execute(std::string{each.up});
    EXPECT_EQ(db.run(add_a_note, id, late, std::string_view{"milk"}), 1);
    {
        auto row = db.query(find_it, id);
        ASSERT_TRUE(row.step());
        EXPECT_EQ(row.integer(0), late);
        EXPECT_EQ(row.text(1), "milk");
        EXPECT_EQ(row.integer(2), 0);
    }
    for (auto each = steps.rbegin(); each != steps.rend(); ++each)
        db.execute(std::string{each->down});
    for (const migration& each : steps)
        db.execute(std::string{each.up});
    auto none = db.query(find_it, id);
    EXPECT_FALSE(none.step());
}

}  // namespace

TEST(migration_parts, AreOneEnginesAlone) {
    const auto& steps = sqlite::notes_migrations();
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(steps[0].version, 1);
    EXPECT_EQ(steps[0].name, "0001_notes");
    EXPECT_EQ(steps[0].up.substr(steps[0].up.find("CREATE TABLE")),
              "CREATE TABLE notes (\n"
              "    number INTEGER PRIMARY KEY,\n"
              "    id uuid NOT NULL UNIQUE,\n"
              "    written_at bigint NOT NULL,\n"
              "    is_kept boolean NOT NULL DEFAULT false,\n"
              "    words text NOT NULL\n"
              ");\n"
              "CREATE INDEX notes_by_time ON notes (written_at, id) WHERE is_kept;\n");
    EXPECT_EQ(steps[1].up, "-- It has always known how long each is.\n");
    EXPECT_THAT(std::string{postgres::notes_migrations()[0].up},
                AllOf(HasSubstr("(\n    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    id uuid"),
                      HasSubstr("COLLATE \"C\";\n"), Not(HasSubstr("INTEGER")), Not(HasSubstr("-- both"))));
}

TEST(migration_parts, MakeATableOfOneTextInSqlite) {
    sqlite::connection db{":memory:", sqlite::connection::mode::create};
    go_up_and_down(db, sqlite::notes_migrations());
}

TEST(migration_parts, MakeATableOfOneTextInPostgres) {
    if (!postgres_server())
        GTEST_SKIP() << "there is no server: set RONDO_TEST_POSTGRES";
    const scratch_schema schema{scratch_schema::start::without_tables};
    postgres::connection db{schema.url()};
    go_up_and_down(db, postgres::notes_migrations());
}

}  // namespace rondo::test
