// The second wall between users: what PostgreSQL itself hides, were a query to forget its owner.

#include "contract/store/postgres_fixture.hpp"

namespace rondo::test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class postgres_walls : public on_postgres {
protected:
    void SetUp() override {
        on_postgres::SetUp();
        if (IsSkipped())
            return;
        const auto db = open_store();
        ann_ = add_user(*db, "ann@example.org").id;
        const user_id bob = add_user(*db, "bob@example.org").id;
        add_task(*db, ann_, "hers");
        his_ = add_task(*db, bob, "his").id;
    }

    /// What a statement without an owner gives in a transaction in the name of `user` (a user's id, '*', or nobody's).
    static std::vector<std::string> seen(postgres::connection& db, const std::string& user, const std::string& sql) {
        db.queue("BEGIN");
        db.queue("SELECT set_config('rondo.user', $1, true)", user);
        auto row = db.query(sql);
        std::vector<std::string> found;
        while (row.step())
            found.emplace_back(row.text(0));
        db.query("ROLLBACK");
        return found;
    }

    user_id ann_;
    task_id his_;
};

TEST_F(postgres_walls, HideOthersRowsFromAQueryWithoutAnOwner) {
    auto db = look();
    const std::string titles = "SELECT title FROM tasks ORDER BY title";
    EXPECT_THAT(seen(db, to_string(ann_), titles), ElementsAre("hers"));
    EXPECT_THAT(seen(db, "", titles), IsEmpty()) << "nobody's name";
    EXPECT_THAT(seen(db, "*", titles), ElementsAre("hers", "his"));
    for (const char* table : {"events", "outbox"}) {
        const std::string count = "SELECT count(*)::text FROM " + std::string{table};
        EXPECT_THAT(seen(db, to_string(ann_), count), ElementsAre("1")) << table;
        EXPECT_THAT(seen(db, "", count), ElementsAre("0")) << table;
        EXPECT_THAT(seen(db, "*", count), ElementsAre("2")) << table;
    }
}

TEST_F(postgres_walls, KeepAUserFromChangingOthersRows) {
    auto db = look();
    const std::string update = "UPDATE tasks SET title = 'mine' RETURNING title";
    EXPECT_THAT(seen(db, to_string(ann_), update), ElementsAre("mine")) << "hers alone";
    EXPECT_THAT(seen(db, to_string(ann_), "DELETE FROM tasks RETURNING title"), ElementsAre("hers"));
    EXPECT_THROW(seen(db, to_string(ann_),
                      "INSERT INTO tags (id, owner, name, name_key, color, created_at)"
                      " SELECT gen_random_uuid(), id, 'x', 'x', 'x', 0 FROM users"),
                 std::logic_error)
        << "the row of another user is refused";
}

TEST_F(postgres_walls, StandAroundEveryTableThatHasAnOwner) {
    auto db = look();
    auto row = db.query(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'owner' AND NOT a.attisdropped"
        " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY c.relname");
    std::vector<std::string> open;
    std::size_t found = 0;
    for (; row.step(); ++found)
        if (!row.truth(1))
            open.emplace_back(row.text(0));
    EXPECT_GT(found, 6u);
    // A relay's claims and a login's session are looked for before there is a user to act for.
    EXPECT_THAT(open, ElementsAre("relay_claims", "sessions"));
}

TEST_F(postgres_walls, AreTheStoresOwnInEveryTransaction) {
    const auto db = open_store();
    // A job that asks for two users' rows in turn sees each user's.
    const auto titles = write(*db, [&](transaction& tx) {
        std::vector<std::string> found;
        for (const task& each : tx.list_tasks(ann_, {}, {}).tasks)
            found.push_back(each.title);
        found.push_back(tx.find_task(ann_, his_) ? "his, by her" : "nothing");
        return found;
    });
    EXPECT_THAT(titles, ElementsAre("hers", "nothing"));
}

}  // namespace rondo::test
