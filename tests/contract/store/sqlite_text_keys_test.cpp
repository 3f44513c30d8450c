// That tasks which are there get their keys, batch by batch, that nothing is lost meanwhile, and that doubles of tags are
// merged.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/store/raw_database.hpp"
#include "store/sqlite/schema/migrations.hpp"
#include "support/scratch_store.hpp"
#include "text/keys.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class sqlite_text_keys : public ::testing::Test {
protected:
    task add(const std::string& title, const std::vector<tag>& tags = {}) {
        db.time.advance(1s);  // ids are in the order of time
        return db.write([&](transaction& tx) {
            task made{.id = tx.new_id<task_id>(), .owner = ann.id, .title = title};
            made.series = made.id;
            made.tags = tags;
            EXPECT_TRUE(tx.insert_task(made));
            return made;
        });
    }
    tag add_tag(const std::string& name, const std::string& color = "#000000") {
        db.time.advance(1s);
        return db.write([&](transaction& tx) {
            tag made{.id = tx.new_id<tag_id>(), .owner = ann.id, .name = name, .color = color, .created_at = tx.now()};
            EXPECT_TRUE(tx.insert_tag(made));
            return made;
        });
    }
    std::vector<std::string> titles(const task_filter& filter = {}, sort_key sort = sort_key::created_at) {
        return db.read([&](const transaction& tx) {
            std::vector<std::string> found;
            page_request page{.sort = sort, .descending = false, .limit = 2, .after = std::nullopt};
            do {
                const auto got = tx.list_tasks(ann.id, filter, page);
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
        return db.write([&](transaction& tx) { return tx.make_text_keys(limit); });
    }
    /// As an older program leaves the file, which the next start finds.
    void forget_keys() {
        raw_database{db.file()}.run(
            "DELETE FROM task_text; DELETE FROM tag_text; UPDATE tasks SET title_order = x'';"
            "UPDATE text_keys SET rules = 0, done_to = 0, gaps = 1");
    }
    /// A tag that an older program took for another.
    void set_key(const tag& of, const std::string& key) {
        raw_database{db.file()}.run("UPDATE tags SET name_key = '" + key + "' WHERE name = '" + of.name + "'");
    }

    scratch_store db{scratch_in::file};
    user ann = db.add_user();
};

TEST_F(sqlite_text_keys, AreMadeInBatchesWhileNothingIsLost) {
    const std::vector<std::string> in_order{"Apfel", "äpfel 2", "äpfel 10", "öl", "Zebra"};
    const std::vector<std::string> as_before{"Apfel", "Zebra", "äpfel 10", "äpfel 2", "öl"};
    for (const auto& title : {"öl", "äpfel 10", "Zebra", "Apfel", "äpfel 2"})
        add(title);
    db.close();
    forget_keys();
    db.reopen();
    EXPECT_THAT(titles({}, sort_key::title), ElementsAreArray(as_before));
    for (int step = 0; step < 3; ++step) {
        EXPECT_THAT(searched("apfel"), ElementsAre("äpfel 10", "Apfel", "äpfel 2")) << step;
        EXPECT_THAT(searched("apfel 10"), ElementsAre("äpfel 10"));
        EXPECT_THAT(titles({}, sort_key::title), ElementsAreArray(as_before));
        const auto made = make(2);
        EXPECT_EQ(made.looked_at, step < 2 ? 2u : 1u);
        EXPECT_EQ(made.left, step < 2 ? 3 - 2 * step : 0);
        if (step == 1)
            db.reopen();  // goes on where it was
    }
    EXPECT_EQ(make(2).looked_at, 0u);
    EXPECT_THAT(searched("apfel"), ElementsAre("äpfel 10", "Apfel", "äpfel 2"));
    EXPECT_THAT(titles({}, sort_key::title), ElementsAreArray(in_order));
    EXPECT_THAT(raw_database{db.file()}.run("SELECT count(*) FROM task_text"), ElementsAre("5"));
}

TEST_F(sqlite_text_keys, OfTasksThatChangeMeanwhileAreTheirNewOnes) {
    task changing = add("first");
    const task gone = add("second");
    db.close();
    forget_keys();
    db.reopen();
    changing.title = "third";
    ++changing.version;
    db.write([&](transaction& tx) {
        EXPECT_TRUE(tx.update_task(changing));
        tx.remove_task(ann.id, gone.id);
    });
    add("fourth");
    EXPECT_THAT(searched("first"), IsEmpty());
    EXPECT_THAT(searched("third"), ElementsAre("third"));
    make(10);
    EXPECT_THAT(searched("third"), ElementsAre("third"));
    EXPECT_THAT(searched("second"), IsEmpty());
    EXPECT_THAT(raw_database{db.file()}.run("SELECT count(*) FROM task_text"), ElementsAre("2"));
}

TEST_F(sqlite_text_keys, AreMadeAnewWhenTheRulesDiffer) {
    add("äpfel");
    add("Birne");
    db.close();
    for (const char* other : {"rules + 1", "rules - 1", "1"}) {
        raw_database{db.file()}.run(std::string{"UPDATE tasks SET title_order = x'ff'; UPDATE text_keys SET rules = "} +
                                    other);
        db.reopen();
        EXPECT_THAT(titles({}, sort_key::title), ElementsAre("Birne", "äpfel")) << "as they are, until they are made";
        EXPECT_THAT(searched("apfel"), ElementsAre("äpfel"));
        EXPECT_EQ(make(10).looked_at, 2u);
        EXPECT_THAT(titles({}, sort_key::title), ElementsAre("äpfel", "Birne"));
        db.close();
    }
}

TEST_F(sqlite_text_keys, MergeTagsThatAreTheSameIntoTheOldest) {
    const tag other = add_tag("other");
    const tag first = add_tag("Straße", "#111111");
    const tag second = add_tag("x");
    const tag third = add_tag("STRASSE!", "#333333");
    const task both = add("both", {second, other, first});
    const task one = add("one", {third, second});
    const task none = add("none", {other});
    db.close();
    set_key(first, "straße");
    raw_database file{db.file()};
    file.run("UPDATE tags SET name = 'strasse', name_key = 'strasse' WHERE name = 'x'");
    file.run("UPDATE tags SET name = 'STRAẞE', name_key = 'straẞe' WHERE name = 'STRASSE!'");
    forget_keys();
    db.reopen();
    const auto names_of = [&](const task& of) {
        std::vector<std::string> names;
        for (const tag& each : db.read([&](const transaction& tx) { return tx.find_task(ann.id, of.id); })->tags)
            names.push_back(each.name + each.color);
        return names;
    };
    EXPECT_THAT(names_of(both), ElementsAre("Straße#111111", "other#000000")) << "at the place of the first";
    EXPECT_THAT(names_of(one), ElementsAre("Straße#111111"));
    EXPECT_THAT(names_of(none), ElementsAre("other#000000"));
    EXPECT_EQ(db.read([&](const transaction& tx) { return tx.list_tags(ann.id); }).size(), 2u);
    for (const char* name : {"STRASSE", "straße", "Strasse", "STRAẞE"})
        EXPECT_EQ(db.read([&](const transaction& tx) { return tx.find_tag_named(ann.id, name)->id; }), first.id)
            << name;
    EXPECT_THAT(searched("strasse"), UnorderedElementsAre("both", "one")) << "tags have their words at once";
    db.close();
    EXPECT_THAT(raw_database{db.file()}.run("PRAGMA foreign_key_check"), IsEmpty());
    EXPECT_THAT(raw_database{db.file()}.run("SELECT name_key FROM tags ORDER BY 1"), ElementsAre("other", "strasse"));
}

TEST_F(sqlite_text_keys, LeaveTagsOfOthersAlone) {
    const user bob = db.add_user("bob@example.org");
    const tag mine = add_tag("Straße");
    db.write([&](transaction& tx) {
        EXPECT_TRUE(tx.insert_tag({.id = tx.new_id<tag_id>(),
                                   .owner = bob.id,
                                   .name = "STRASSE",
                                   .color = "#000000",
                                   .created_at = tx.now()}));
    });
    db.close();
    set_key(mine, "straße");
    forget_keys();
    db.reopen();
    for (const user& each : {ann, bob})
        EXPECT_EQ(db.read([&](const transaction& tx) { return tx.list_tags(each.id); }).size(), 1u);
}

TEST_F(sqlite_text_keys, GoTheWayDownAndUpAgain) {
    add_tag("Straße");
    add_tag("I");
    const tag dotted = add_tag("İ");  // the same as I to older programs
    add("Straße", {dotted});
    db.close();
    int down = 0;
    while (raw_database{db.file()}.run("SELECT 1 FROM sqlite_schema WHERE name = 'text_keys'").size() == 1) {
        EXPECT_THAT(sqlite::lost_by_going_down(db.file(), 1), ::testing::Each(::testing::Field(&lost_data::rows, 0)));
        sqlite::migrate_down(db.file(), 1);
        ASSERT_LT(++down, 10);
    }
    raw_database file{db.file()};
    EXPECT_THAT(file.run("SELECT name_key FROM tags ORDER BY 1"), ElementsAre("i", "i\u0307", "straße"));
    EXPECT_THAT(file.run("SELECT count(*) FROM task_text WHERE task_text MATCH 'title : straße'"), ElementsAre("1"));
    EXPECT_THAT(file.run("INSERT INTO task_text (task_text, rank) VALUES ('integrity-check', 1)"), IsEmpty());
    db.reopen();
    EXPECT_THAT(searched("STRASSE"), ElementsAre("Straße"));
    EXPECT_EQ(db.read([&](const transaction& tx) { return tx.list_tags(ann.id); }).size(), 3u);
    make(10);
    EXPECT_THAT(searched("STRASSE"), ElementsAre("Straße"));
}

}  // namespace rondo::test
