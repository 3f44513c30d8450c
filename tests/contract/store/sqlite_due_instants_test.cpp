// That lists are sorted and filtered by what due dates stand for today, after the rules of a zone have changed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/store/raw_database.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class sqlite_due_instants : public ::testing::Test {
protected:
    task add(const std::string& title, std::chrono::hours at, std::string_view zone) {
        db.time.advance(1s);  // ids are in the order of time
        return db.write([&](transaction& tx) {
            task made{.id = tx.new_id<task_id>(), .owner = ann.id, .title = title};
            made.due = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 7 / 1} + at};
            made.zone = time_zone::find(zone).value();
            made.series = made.id;
            tx.insert_task(made);
            return made;
        });
    }
    /// As it lies there after the zone's rules have changed.
    void make_stale(const task& one) {
        raw_database{db.file()}.run("UPDATE tasks SET due_at = due_at + 5 * 3600000 WHERE title = '" + one.title + "'");
    }
    std::vector<std::string> by_due_date() {
        return db.read([&](const transaction& tx) {
            std::vector<std::string> titles;
            for (const task& one : tx.list_tasks(ann.id, {}, {.sort = sort_key::due_date, .descending = false}).tasks)
                titles.push_back(one.title);
            return titles;
        });
    }
    refreshed_dues refresh(std::size_t limit = 100) {
        return db.write([&](transaction& tx) { return tx.refresh_due_instants({}, limit); });
    }

    scratch_store db{scratch_in::file};
    user ann = db.add_user();
    const task first = add("first", 9h, "Europe/Berlin");
    const task second = add("second", 10h, "Europe/Berlin");
    const task third = add("third", 11h, "Europe/Berlin");
};

TEST_F(sqlite_due_instants, AreWorkedOutAnewWhereTheyDiffer) {
    make_stale(first);
    ASSERT_THAT(by_due_date(), ElementsAre("second", "third", "first"));
    EXPECT_EQ(refresh().changed, 1u);
    EXPECT_THAT(by_due_date(), ElementsAre("first", "second", "third"));
    EXPECT_EQ(refresh().changed, 0u);
    const auto after = db.read([&](const transaction& tx) { return tx.find_task(ann.id, first.id); });
    EXPECT_EQ(after, first);  // version and updated_at, too
}

TEST_F(sqlite_due_instants, AreLookedAtNoFurtherThanTheLimit) {
    make_stale(first);
    make_stale(third);
    const auto batch = refresh(2);
    EXPECT_EQ(batch.changed, 1u);
    EXPECT_EQ(batch.last, second.id);
    EXPECT_THAT(by_due_date(), ElementsAre("first", "second", "third"));
    EXPECT_EQ(db.write([&](transaction& tx) { return tx.refresh_due_instants(second.id, 2).changed; }), 1u);
}

TEST_F(sqlite_due_instants, OfAllDayTasksAreThoseOfThisProgram) {
    task day = first;
    day.due = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 7 / 1}, .all_day = true};
    day.zone = {};
    ++day.version;
    db.write([&](transaction& tx) { tx.update_task(day); });
    const auto at = [&] { return raw_database{db.file()}.run("SELECT due_at FROM tasks WHERE title = 'first'"); };
    const auto now = at();
    raw_database{db.file()}.run("UPDATE tasks SET due_at = due_at + 1 WHERE title = 'first'");
    EXPECT_EQ(refresh().changed, 1u);
    EXPECT_EQ(at(), now);
}

TEST_F(sqlite_due_instants, OfALostZoneStayAsTheyAre) {
    raw_database{db.file()}.run("UPDATE tasks SET zone = 'Mars/Base' WHERE title = 'first'");
    make_stale(second);
    const auto batch = refresh();
    EXPECT_EQ(batch.changed, 1u);
    EXPECT_EQ(batch.last, third.id);
}

}  // namespace rondo::test
