#include "store/postgres/schema/migrations.hpp"

#include "contract/store/postgres_fixture.hpp"

namespace rondo::test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class postgres_migrations : public ::testing::Test {
protected:
    void SetUp() override {
        if (!postgres_server())
            GTEST_SKIP() << "there is no server: set RONDO_TEST_POSTGRES";
        schema_.emplace(scratch_schema::start::without_tables);
    }
    std::string url() const { return schema_->url(); }

    /// Everything in the schema, as the server describes it.
    std::vector<std::string> schema() const {
        postgres::connection db{url()};
        auto row = db.query(
            "SELECT c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
            " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()"
            " UNION ALL SELECT tablename || policyname || qual FROM pg_policies WHERE schemaname = current_schema()"
            " UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = current_schema()::regnamespace"
            " UNION ALL SELECT proname || prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
            " ORDER BY 1");
        std::vector<std::string> lines;
        while (row.step())
            lines.emplace_back(row.text(0));
        return lines;
    }
    std::string refusal() const {
        try {
            postgres::migrate_up(url());
        } catch (const fatal& why) {
            return why.what();
        }
        return "";
    }

    std::optional<scratch_schema> schema_;
};

TEST_F(postgres_migrations, GiveTheSameSchemaUpDownAndUpAgain) {
    EXPECT_EQ(postgres::migration_status(url()).front().applied_at, std::nullopt);
    EXPECT_THAT(schema(), IsEmpty()) << "a look at the status writes nothing";
    const auto all = postgres::migrate_up(url());
    EXPECT_THAT(postgres::migrate_up(url()), IsEmpty());
    EXPECT_TRUE(postgres::migration_status(url()).front().applied_at);
    EXPECT_THAT(postgres::migration_status(url()).front().loses, HasSubstr("every user"));
    const auto first = schema();
    EXPECT_GT(first.size(), 100u);
    EXPECT_EQ(postgres::migrate_down(url(), 99).size(), all.size());
    EXPECT_THAT(schema(), Not(::testing::Contains(HasSubstr("tasks")))) << "nothing is left but the list of migrations";
    EXPECT_THAT(postgres::migrate_down(url(), 1), IsEmpty());
    EXPECT_EQ(postgres::migrate_up(url()), all);
    EXPECT_EQ(schema(), first);
}

TEST_F(postgres_migrations, LeaveASchemaWithAnotherProgramsTablesAlone) {
    postgres::connection{url()}.execute("CREATE TABLE theirs (id integer)");
    const auto before = schema();
    EXPECT_THAT(refusal(), AllOf(HasSubstr("another program's tables"), HasSubstr("Nothing was written")));
    EXPECT_THROW(postgres::migration_status(url()), fatal);
    EXPECT_THROW(postgres::migrate_down(url(), 1), fatal);
    EXPECT_EQ(schema(), before);
}

TEST_F(postgres_migrations, RefuseWhatANewerRondoMade) {
    postgres::migrate_up(url());
    postgres::connection{url()}.execute("INSERT INTO rondo_migrations VALUES (9999, 'from_the_future', '')");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("newer"), HasSubstr("9999")));
}

TEST_F(postgres_migrations, RefuseASchemaThatIsNotThere) {
    schema_.emplace(scratch_schema::start::without_tables);
    postgres::connection{url()}.execute("DROP SCHEMA " + schema_->name());
    EXPECT_THAT(refusal(), HasSubstr("search_path"));
    postgres::connection{url()}.execute("CREATE SCHEMA " + schema_->name());
}

TEST_F(postgres_migrations, TellInOneLineThatThereIsNoServer) {
    try {
        postgres::migrate_up("postgresql://me:hunter2@127.0.0.1:1/rondo");
        FAIL();
    } catch (const fatal& why) {
        EXPECT_EQ(why.exit_code(), 69);
        EXPECT_THAT(why.what(), AllOf(HasSubstr("postgresql://me@127.0.0.1:1/rondo"), Not(HasSubstr("hunter2")),
                                      Not(HasSubstr("\n"))));
    }
}

}  // namespace rondo::test
