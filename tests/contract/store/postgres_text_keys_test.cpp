// That tasks which are there get their keys, batch by batch and by one server of several, that nothing is lost meanwhile, and
// that doubles of tags are merged.

#include "contract/store/postgres_fixture.hpp"
#include "store/postgres/schema/migrations.hpp"
#include "text/keys.hpp"

namespace rondo::test {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class postgres_text_keys : public on_postgres {
protected:
    void SetUp() override {
        on_postgres::SetUp();
        if (!schema_)
            return;
        server_ = open_store();
        ann_ = add_user(*server_, "ann@example.org");
    }
    task add(const std::string& title, const std::vector<tag>& tags = {}) {
        time_.advance(std::chrono::seconds{1});
        return write(*server_, [&](transaction& tx) {
            task made = make_task(tx, ann_.id, title);
            made.tags = tags;
            EXPECT_TRUE(tx.insert_task(made));
            return made;
        });
    }
    tag add_tag(const std::string& name, const std::string& color = "#000000") {
        time_.advance(std::chrono::seconds{1});
        return write(*server_, [&](transaction& tx) {
            tag made{.id = tx.new_id<tag_id>(), .owner = ann_.id, .name = name, .color = color, .created_at = tx.now()};
            EXPECT_TRUE(tx.insert_tag(made));
            return made;
        });
    }
    std::vector<std::string> titles(const task_filter& filter = {}, sort_key sort = sort_key::created_at) {
        return read_and_wait(*server_, [&](const transaction& tx) {
            std::vector<std::string> found;
            page_request page{.sort = sort, .descending = false, .limit = 2, .after = std::nullopt};
            do {
                const auto got = tx.list_tasks(ann_.id, filter, page);
                for (const task& one : got.tasks)
                    found.push_back(one.title);
                page.after = got.next;
            } while (page.after);
            return found;
        });
    }
    std::vector<std::string> searched(const std::string& text) {
        task_filter filter;
        filter.text = text;
        return titles(filter);
    }
    made_text_keys make(std::size_t limit) {
        return write(*server_, [&](transaction& tx) { return tx.make_text_keys(limit); });
    }
    std::vector<std::string> run(const std::string& sql) {
        auto db = look();
        db.query("SELECT set_config('rondo.user', '*', false)");
        auto row = db.query(sql);
        std::vector<std::string> found;
        while (row.step())
            found.emplace_back(row.text(0));
        return found;
    }
    /// As an older program leaves the schema, which the next start finds.
    void forget_keys() {
        run("UPDATE tasks SET title_order = '', folded_words = NULL");
        run("UPDATE tags SET folded_words = ''");
        run("UPDATE text_keys SET rules = 0, done_to = 0, gaps = true");
    }

    std::unique_ptr<store> server_;
    user ann_;
};

TEST_F(postgres_text_keys, AreMadeInBatchesWhileNothingIsLost) {
    const std::vector<std::string> in_order{"Apfel", "äpfel 2", "äpfel 10", "öl", "Zebra"};
    const std::vector<std::string> as_before{"Apfel", "Zebra", "äpfel 10", "äpfel 2", "öl"};
    for (const auto& title : {"öl", "äpfel 10", "Zebra", "Apfel", "äpfel 2"})
        add(title);
    forget_keys();
    server_ = open_store();
    EXPECT_THAT(titles({}, sort_key::title), ElementsAreArray(as_before));
    for (int step = 0; step < 3; ++step) {
        EXPECT_THAT(searched("apfel"), ElementsAre("äpfel 10", "Apfel", "äpfel 2")) << step;
        EXPECT_THAT(searched("apfel 10"), ElementsAre("äpfel 10"));
        EXPECT_THAT(titles({}, sort_key::title), ElementsAreArray(as_before));
        const auto made = make(2);
        EXPECT_EQ(made.looked_at, step < 2 ? 2u : 1u);
        EXPECT_EQ(made.left, step < 2 ? 3 - 2 * step : 0);
        if (step == 1)
            server_ = open_store();  // goes on where it was
    }
    EXPECT_EQ(make(2).looked_at, 0u);
    EXPECT_THAT(searched("apfel"), ElementsAre("äpfel 10", "Apfel", "äpfel 2"));
    EXPECT_THAT(titles({}, sort_key::title), ElementsAreArray(in_order));
    EXPECT_THAT(run("SELECT title FROM tasks WHERE folded_words IS NULL"), IsEmpty());
}

TEST_F(postgres_text_keys, OfTasksThatChangeMeanwhileAreTheirNewOnes) {
    task changing = add("first");
    const task gone = add("second");
    forget_keys();
    server_ = open_store();
    changing.title = "third";
    ++changing.version;
    write(*server_, [&](transaction& tx) {
        EXPECT_TRUE(tx.update_task(changing));
        tx.remove_task(ann_.id, gone.id);
    });
    add("fourth");
    EXPECT_THAT(searched("first"), IsEmpty());
    EXPECT_THAT(searched("third"), ElementsAre("third"));
    make(10);
    EXPECT_THAT(searched("third"), ElementsAre("third"));
    EXPECT_THAT(searched("second"), IsEmpty());
}

TEST_F(postgres_text_keys, OfOlderRulesAreMadeAnew) {
    add("äpfel");
    add("Birne");
    run("UPDATE tasks SET title_order = '\\xff', folded_words = ' of old '");
    run("UPDATE text_keys SET rules = rules - 1");
    server_ = open_store();
    EXPECT_THAT(titles({}, sort_key::title), ElementsAre("Birne", "äpfel"));
    EXPECT_EQ(make(10).looked_at, 2u);
    EXPECT_THAT(titles({}, sort_key::title), ElementsAre("äpfel", "Birne"));
    EXPECT_THAT(searched("apfel"), ElementsAre("äpfel"));
}

TEST_F(postgres_text_keys, OfNewerRulesStayWhileAServerHasThem) {
    add("äpfel");
    run("UPDATE text_keys SET rules = rules + 1");
    server_ = open_store();
    EXPECT_TRUE(make(10).is_others);
    add("Birne");
    EXPECT_THAT(run("SELECT title FROM tasks WHERE keys_stale"), ElementsAre("Birne"));
    EXPECT_THAT(titles({}, sort_key::title), ElementsAre("Birne", "äpfel")) << "not by keys of two kinds";
    EXPECT_THAT(searched("apfel"), ElementsAre("äpfel"));
    // The others are gone for good.
    run("UPDATE text_keys SET seen_at = now() - interval '11 minutes'");
    EXPECT_EQ(make(10).looked_at, 2u);
    EXPECT_THAT(titles({}, sort_key::title), ElementsAre("äpfel", "Birne"));
    EXPECT_THAT(run("SELECT title FROM tasks WHERE keys_stale"), IsEmpty());
}

TEST_F(postgres_text_keys, OfOlderServersAreMendedByNewerOnes) {
    const task one = add("äpfel");
    run("UPDATE tasks SET keys_stale = true, title_order = '\\xff'");
    const auto made = make(10);
    EXPECT_EQ(made.looked_at, 1u);
    EXPECT_EQ(made.left, 0);
    EXPECT_THAT(run("SELECT title FROM tasks WHERE keys_stale OR title_order = '\\xff'"), IsEmpty());
    EXPECT_EQ(make(10).looked_at, 0u);
    EXPECT_EQ(read_and_wait(*server_, [&](const transaction& tx) { return tx.find_task(ann_.id, one.id); }), one);
}

TEST_F(postgres_text_keys, AreMadeByOneServerAtATime) {
    add("one");
    forget_keys();
    server_ = open_store();
    auto other = look();
    other.query("BEGIN");
    other.query("SELECT rules FROM text_keys FOR UPDATE");
    EXPECT_EQ(make(10).looked_at, 0u);
    other.query("ROLLBACK");
    EXPECT_EQ(make(10).looked_at, 1u);
}

TEST_F(postgres_text_keys, MergeTagsThatAreTheSameIntoTheOldest) {
    const tag other = add_tag("other");
    const tag first = add_tag("Straße", "#111111");
    const tag second = add_tag("x");
    const tag third = add_tag("STRASSE!", "#333333");
    const task both = add("both", {second, other, first});
    const task one = add("one", {third, second});
    run("UPDATE tags SET name = 'strasse', name_key = 'strasse1' WHERE name = 'x'");
    run("UPDATE tags SET name_key = 'straße' WHERE name = 'Straße'");
    run("UPDATE tags SET name_key = 'strasse' WHERE name = 'strasse'");
    run("UPDATE tags SET name = 'STRAẞE', name_key = 'straẞe' WHERE name = 'STRASSE!'");
    forget_keys();
    server_ = open_store();
    const auto names_of = [&](const task& of) {
        std::vector<std::string> names;
        const auto found = read_and_wait(*server_, [&](const transaction& tx) { return tx.find_task(ann_.id, of.id); });
        for (const tag& each : found->tags)
            names.push_back(each.name + each.color);
        return names;
    };
    EXPECT_THAT(names_of(both), ElementsAre("Straße#111111", "other#000000")) << "at the place of the first";
    EXPECT_THAT(names_of(one), ElementsAre("Straße#111111"));
    EXPECT_THAT(run("SELECT name_key FROM tags ORDER BY 1"), ElementsAre("other", "strasse"));
    EXPECT_THAT(searched("strasse"), ElementsAre("both", "one")) << "tags have their words at once";
}

TEST_F(postgres_text_keys, GoTheWayDownAndUpAgain) {
    add_tag("Straße");
    add("Buy Straße-Müsli", {add_tag("Ärger")});
    server_.reset();
    int down = 0;
    while (!run("SELECT 1::text WHERE to_regclass('text_keys') IS NOT NULL").empty()) {
        EXPECT_THAT(postgres::lost_by_going_down(url(), 1), ::testing::Each(::testing::Field(&lost_data::rows, 0)));
        postgres::migrate_down(url(), 1);
        ASSERT_LT(++down, 10);
    }
    EXPECT_THAT(run("SELECT name_key FROM tags ORDER BY 1"), ElementsAre("straße", "ärger"));
    EXPECT_THAT(run("SELECT title FROM tasks WHERE words @@ '''straße'' <-> ''musli'''::tsquery"),
                ElementsAre("Buy Straße-Müsli"));
    EXPECT_THAT(run("SELECT name FROM tags WHERE words @@ '''arger'''::tsquery"), ElementsAre("Ärger"));
    server_ = open_store();
    EXPECT_THAT(searched("STRASSE-musli"), ElementsAre("Buy Straße-Müsli"));
    make(10);
    EXPECT_THAT(searched("STRASSE-musli"), ElementsAre("Buy Straße-Müsli"));
}

}  // namespace rondo::test
