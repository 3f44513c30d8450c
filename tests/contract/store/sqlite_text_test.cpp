// That the text index says what the tasks and tags say, after any changes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <random>
#include <tuple>

#include "contract/store/raw_database.hpp"
#include "store/sqlite/task_text.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(sqlite_text, AgreesWithTheTasksAfterAnyChanges) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    std::mt19937 dice{3};
    const std::vector<std::string> words{"milk", "Brötchen", "call", "Bob's", "e-mail", "東京", "", "a b c", "Ärger"};
    const auto some_text = [&] { return words[dice() % words.size()] + " " + words[dice() % words.size()]; };
    std::vector<task> living;
    std::vector<tag> tags;
    std::vector<std::future<void>> ends;
    // Jobs run one after the other on the store's thread, many in one commit; a fifth of them is rolled back.
    for (int i = 0; i < 400; ++i) {
        std::promise<void> ended;
        ends.push_back(ended.get_future());
        const auto job = [&, i](transaction& tx) {
            const bool fails = dice() % 5 == 0;
            const auto before = std::pair{living, tags};
            for (int step = 0; step < 3; ++step) {
                const unsigned what = dice() % 8;
                if (what < 3 || living.empty()) {
                    task made;
                    made.id = tx.new_id<task_id>();
                    made.owner = ann.id;
                    made.series = made.id;
                    made.title = some_text();
                    if (dice() % 2 == 0)
                        made.description = some_text();
                    tx.insert_task(made);
                    living.push_back(made);
                } else if (what < 5) {
                    task& changed = living[dice() % living.size()];
                    changed.title = some_text();
                    changed.description = dice() % 2 == 0 ? std::optional{some_text()} : std::nullopt;
                    ++changed.version;
                    EXPECT_TRUE(tx.update_task(changed));
                } else if (what == 5) {
                    const std::size_t at = dice() % living.size();
                    if (dice() % 2 == 0) {
                        tx.remove_task(ann.id, living[at].id);
                    } else {
                        tx.trash_task(ann.id, living[at].id, false, tx.new_uuid(), tx.now() - 1s);
                        tx.purge_trash(tx.now(), dice() % 2);
                    }
                    living.erase(living.begin() + static_cast<std::ptrdiff_t>(at));
                } else if (what == 6) {
                    tag made{.id = tx.new_id<tag_id>(),
                             .owner = ann.id,
                             .name = some_text() + std::to_string(i) + "-" + std::to_string(step),
                             .color = "#000000",
                             .created_at = tx.now()};
                    EXPECT_TRUE(tx.insert_tag(made));
                    tags.push_back(made);
                } else if (!tags.empty()) {
                    tag& changed = tags.back();
                    changed.name = some_text() + "*" + std::to_string(i) + "-" + std::to_string(step);
                    EXPECT_TRUE(tx.update_tag(changed));
                    if (dice() % 2 == 0) {
                        EXPECT_TRUE(tx.delete_tag(ann.id, changed.id));
                        tags.pop_back();
                    }
                }
                if (dice() % 6 == 0) {
                    task_filter filter;
                    filter.text = "milk";
                    tx.list_tasks(ann.id, filter, {});
                }
            }
            if (!fails)
                return store::verdict::keep;
            std::tie(living, tags) = before;
            return store::verdict::roll_back;
        };
        db->submit_write(job, [ended = std::move(ended)](std::exception_ptr failure) mutable {
            failure ? ended.set_exception(failure) : ended.set_value();
        });
    }
    for (auto& end : ends)
        EXPECT_NO_THROW(end.get());
    db.close();
    raw_database file{db.file()};
    EXPECT_NO_THROW(file.run("INSERT INTO task_text (task_text) VALUES ('integrity-check')"));
    EXPECT_NO_THROW(file.run("INSERT INTO tag_text (tag_text) VALUES ('integrity-check')"));
    const auto column = [&](const std::string& of) { return file.run("SELECT " + of + " ORDER BY 1"); };
    EXPECT_EQ(column("rowid FROM task_text"), column("number FROM tasks"));
    EXPECT_EQ(column("rowid FROM tag_text"), column("number FROM tags"));
    for (const std::string& number : column("number FROM tasks")) {
        const auto of_task = [&](const std::string& what) { return column(what + " = " + number); };
        const auto description = of_task("description FROM tasks WHERE description IS NOT NULL AND number");
        EXPECT_THAT(of_task("words FROM task_text WHERE rowid"),
                    ElementsAre(task_words(of_task("title FROM tasks WHERE number").at(0),
                                           description.empty() ? std::nullopt : std::optional{description[0]})));
    }
    for (const std::string& number : column("number FROM tags"))
        EXPECT_THAT(column("words FROM tag_text WHERE rowid = " + number),
                    ElementsAre(tag_words(column("name FROM tags WHERE number = " + number).at(0))));
    EXPECT_THAT(file.integrity(), ElementsAre("ok"));
    EXPECT_THAT(file.run("PRAGMA foreign_key_check"), IsEmpty());
}

TEST(sqlite_text, IsSearchedAmongTheOwnersEntriesAlone) {
    const user_id owner{*parse_uuid("019c3d3e-0000-7abc-8def-0123456789ab")};
    const std::string own = "owner : \"019c3d3e00007abc8def0123456789ab\" words : ";
    EXPECT_EQ(sqlite::match(owner, {.folded = " x "}), own + "\" x \"");
    EXPECT_EQ(sqlite::match(owner, {.folded = " mil", .begins = true}), own + "\" mil\" *");
    EXPECT_EQ(sqlite::match(owner, {.folded = " \" b "}), own + "\" \"\" b \"") << "nothing in it is syntax";
}

}  // namespace rondo::test
