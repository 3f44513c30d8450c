#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class stats_records : public store_contract {
protected:
    task add_done(user_id owner, const std::string& title, instant at) {
        task done = make_task(owner, title);
        done.status = task_status::done;
        done.completed_at = at;
        return add(done);
    }
    task add_member(const task& first, const std::string& title, int occurrence) {
        task member = make_task(first.owner, title);
        member.series = first.id;
        member.occurrence = occurrence;
        return add(member);
    }
    void skip(const task& of) {
        write([&](transaction& tx) {
            tx.append({.id = tx.new_id<event_id>(),
                       .type = event_type::skipped,
                       .at = tx.now(),
                       .traceparent = {},
                       .snapshot = of});
        });
    }
    void trash(const task& gone) {
        write([&](transaction& tx) { tx.trash_task(gone.owner, gone.id, false, tx.new_uuid(), tx.now()); });
    }
    std::vector<std::string> completions(user_id owner, instant from, instant until, std::size_t limit = 100) {
        return titles_of(read([&](const transaction& tx) { return tx.list_completions(owner, {from, until}, limit); }));
    }
    std::vector<std::string> series(user_id owner, task_id id, std::size_t limit = 100) {
        return titles_of(read([&](const transaction& tx) { return tx.list_series(owner, id, limit); }));
    }
    std::vector<skip_record> skips(user_id owner, instant from, instant until, std::size_t limit = 100) {
        return read([&](const transaction& tx) { return tx.list_skips(owner, {from, until}, limit); });
    }

private:
    static std::vector<std::string> titles_of(const std::vector<occurrence_record>& records) {
        std::vector<std::string> found;
        for (const occurrence_record& each : records)
            found.push_back(each.title);
        return found;
    }
};

TEST_P(stats_records, HoldWhatCounts) {
    task done = make_task(ann.id, "Water the plants");
    done.status = task_status::done;
    done.completed_at = now() - 1h;
    done.due = wall(2026, 2, 8, 9, 30);
    done.zone = zone("Europe/Berlin");
    done.repeat.type = recurring_type::daily;
    done.series = new_id<task_id>();
    done.occurrence = 7;
    add(done);
    const auto found = read([&](const transaction& tx) { return tx.list_completions(ann.id, {now() - 2h, now()}, 9); });
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].series, done.series);
    EXPECT_EQ(found[0].title, done.title);
    EXPECT_EQ(found[0].occurrence, 7);
    EXPECT_TRUE(found[0].repeats);
    EXPECT_EQ(found[0].status, task_status::done);
    EXPECT_EQ(found[0].due, done.due);
    EXPECT_EQ(found[0].zone, done.zone);
    EXPECT_EQ(found[0].completed_at, done.completed_at);

    const task plain = add_done(bob.id, "Once", now());
    const auto once = read([&](const transaction& tx) { return tx.list_completions(bob.id, {now(), now() + 1ms}, 9); });
    ASSERT_EQ(once.size(), 1u);
    EXPECT_EQ(once[0].series, plain.id);
    EXPECT_EQ(once[0].due, std::nullopt);
    EXPECT_FALSE(once[0].repeats);
}

TEST_P(stats_records, CompletionsAreThoseOfTheRangeInOrder) {
    add_done(ann.id, "last", now() - 1ms);
    add_done(ann.id, "first", now() - 1h);
    add_done(ann.id, "too early", now() - 1h - 1ms);
    add_done(ann.id, "too late", now());
    add_done(bob.id, "bob's", now() - 1min);
    add_task(ann.id, "open");
    trash(add_done(ann.id, "trashed", now() - 1min));
    EXPECT_THAT(completions(ann.id, now() - 1h, now()), ElementsAre("first", "last"));
    EXPECT_THAT(completions(ann.id, now() - 1h, now(), 1), ElementsAre("first"));
    EXPECT_THAT(completions(bob.id, now() - 1h, now()), ElementsAre("bob's"));
}

TEST_P(stats_records, SkipsAreThoseOfTheRangeInOrder) {
    task repeating = make_task(ann.id, "x");
    repeating.zone = zone("Asia/Tokyo");
    add(repeating);
    const task member = add_member(repeating, "later", 2);
    const task bobs = add_task(bob.id, "bob's");
    const task gone = add_task(ann.id, "gone");
    const instant began = now();
    skip(repeating);
    skip(bobs);
    skip(gone);
    time().advance(1h);
    skip(member);
    trash(gone);
    const auto found = skips(ann.id, began, now() + 1ms);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].series, repeating.id);
    EXPECT_EQ(found[0].zone, repeating.zone);
    EXPECT_EQ(found[0].at, began);
    EXPECT_EQ(found[1].series, repeating.id) << "of the series, not the task";
    EXPECT_EQ(found[1].at, now());
    EXPECT_EQ(skips(ann.id, began, now()).size(), 1u);
    EXPECT_EQ(skips(ann.id, began + 1ms, now() + 1ms).size(), 1u);
    EXPECT_EQ(skips(ann.id, began, now() + 1ms, 1).size(), 1u);
    EXPECT_EQ(skips(bob.id, began, now() + 1ms).size(), 1u);
}

TEST_P(stats_records, ASeriesIsListedInOrderOfOccurrenceTheNewestWhereThereAreMany) {
    const task first = add_task(ann.id, "1");
    add_member(first, "3", 3);
    add_member(first, "2", 2);
    trash(add_member(first, "trashed", 4));
    add_task(ann.id, "alone");
    EXPECT_THAT(series(ann.id, first.id), ElementsAre("1", "2", "3"));
    EXPECT_THAT(series(ann.id, first.id, 2), ElementsAre("2", "3"));
    EXPECT_THAT(series(bob.id, first.id), IsEmpty());
}

RONDO_ON_EVERY_ENGINE(stats_records);

}  // namespace rondo::test
