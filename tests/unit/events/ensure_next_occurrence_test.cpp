#include "usecases/tasks/ensure_next_occurrence.hpp"

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/events/event_world.hpp"

namespace rondo {
namespace {

using namespace test;
using outcome = reconciled::outcome;
using testing::IsEmpty;
using testing::SizeIs;

class ensure_next_occurrence_test : public testing::Test {
protected:
    reconciled ensure(task_id id, std::optional<user_id> as = {}) {
        return world.db.write([&](transaction& tx) {
            return ensure_next_occurrence(tx, {.user = as.value_or(world.ann.id), .traceparent = "00-trace"}, id);
        });
    }
    event_type last_event_type() { return world.pending().back().type; }

    event_world world;
};

TEST_F(ensure_next_occurrence_test, MakesTheChildOfACompletedTask) {
    const auto parent = world.add_task();
    const auto done = world.complete(parent.id);
    world.db.time.advance(40ms);
    const auto made = ensure(parent.id);
    ASSERT_EQ(made.what, outcome::created);
    EXPECT_EQ(made.completed, done.updated_at);

    const auto children = world.children_of(parent.id);
    ASSERT_THAT(children, SizeIs(1));
    const task& child = children.front();
    EXPECT_EQ(child.id, made.child->id);
    EXPECT_EQ(child.due->wall, monday_nine + 24h);
    EXPECT_EQ(child.status, task_status::pending);
    EXPECT_EQ(child.source, parent.id);
    EXPECT_EQ(child.parent, parent.id);
    EXPECT_EQ(child.series, parent.id);
    EXPECT_EQ(child.occurrence, 2);
    EXPECT_EQ(child.version, 1);
    EXPECT_EQ(world.find(parent.id).version, done.version);
}

TEST_F(ensure_next_occurrence_test, AppendsTheChildsCreationInTheSameTrace) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto made = ensure(parent.id);
    const auto told = world.pending().back();
    EXPECT_EQ(told.type, event_type::created);
    EXPECT_EQ(told.subject, made.child->id);
    EXPECT_EQ(told.traceparent, "00-trace");
}

TEST_F(ensure_next_occurrence_test, MakesNoSecondChild) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto made = ensure(parent.id);
    const auto events = world.pending().size();
    for (int i = 0; i < 100; ++i) {
        const auto again = ensure(parent.id);
        ASSERT_EQ(again.what, outcome::exists);
        ASSERT_EQ(again.child->id, made.child->id);
    }
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    EXPECT_EQ(world.pending().size(), events);
}

TEST_F(ensure_next_occurrence_test, TakesBackAnUntouchedChildOfAReopenedTask) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto made = ensure(parent.id);
    world.reopen(parent.id);
    EXPECT_EQ(ensure(parent.id).what, outcome::retracted);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
    const auto gone =
        world.db.read([&](const transaction& tx) { return tx.find_task_anywhere(world.ann.id, made.child->id); });
    EXPECT_FALSE(gone);
    const auto told = world.pending().back();
    EXPECT_EQ(told.type, event_type::deleted);
    EXPECT_EQ(told.subject, made.child->id);
    EXPECT_THAT(told.data, testing::HasSubstr("\"version\":2"));
    EXPECT_EQ(ensure(parent.id).what, outcome::ignored);
}

TEST_F(ensure_next_occurrence_test, LeavesOneChildHoweverOftenTheTaskIsReopenedAndCompleted) {
    const auto parent = world.add_task();
    for (int i = 0; i < 20; ++i) {
        world.complete(parent.id);
        EXPECT_EQ(ensure(parent.id).what, outcome::created);
        EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
        world.reopen(parent.id);
        EXPECT_EQ(ensure(parent.id).what, outcome::retracted);
        EXPECT_THAT(world.children_of(parent.id), IsEmpty());
    }
    world.complete(parent.id);
    EXPECT_EQ(ensure(parent.id).what, outcome::created);
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST_F(ensure_next_occurrence_test, LeavesATouchedChildAndMakesNoOther) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto made = ensure(parent.id);
    world.change(made.child->id, event_type::updated, [](task& t) { t.title = "Mine now"; });
    world.reopen(parent.id);
    EXPECT_EQ(ensure(parent.id).what, outcome::exists);
    world.complete(parent.id);
    EXPECT_EQ(ensure(parent.id).what, outcome::exists);
    const auto children = world.children_of(parent.id);
    ASSERT_THAT(children, SizeIs(1));
    EXPECT_EQ(children.front().title, "Mine now");
}

TEST_F(ensure_next_occurrence_test, LeavesAChildThatHasChildren) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto made = ensure(parent.id);
    const auto other = world.add_task("Grandchild");
    world.change(other.id, event_type::updated, [&](task& t) { t.parent = made.child->id; });
    world.reopen(parent.id);
    EXPECT_EQ(ensure(parent.id).what, outcome::exists);
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST_F(ensure_next_occurrence_test, DoesNotBringBackAChildThatWasThrownAway) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto made = ensure(parent.id);
    world.db.write(
        [&](transaction& tx) { return tx.trash_task(world.ann.id, made.child->id, true, tx.new_uuid(), tx.now()); });
    EXPECT_EQ(ensure(parent.id).what, outcome::exists);
    world.reopen(parent.id);
    EXPECT_EQ(ensure(parent.id).what, outcome::exists);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
}

TEST_F(ensure_next_occurrence_test, DoesNotMakeAChildAgainThatWasPurged) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto made = ensure(parent.id);
    world.db.write(
        [&](transaction& tx) { return tx.trash_task(world.ann.id, made.child->id, true, tx.new_uuid(), tx.now()); });
    world.db.time.advance(31 * 24h);
    world.db.write([&](transaction& tx) { return tx.purge_trash(tx.now() - 24h, 100); });
    EXPECT_EQ(ensure(parent.id).what, outcome::exists);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
}

TEST_F(ensure_next_occurrence_test, IgnoresATaskInTheTrashAndOneThatIsGone) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    world.db.write(
        [&](transaction& tx) { return tx.trash_task(world.ann.id, parent.id, true, tx.new_uuid(), tx.now()); });
    EXPECT_EQ(ensure(parent.id).what, outcome::ignored);
    EXPECT_EQ(ensure(task_id{}).what, outcome::ignored);
}

TEST_F(ensure_next_occurrence_test, IgnoresAnotherUsersTask) {
    const auto bob = world.db.add_user("bob@example.org");
    const auto parent = world.add_task();
    world.complete(parent.id);
    EXPECT_EQ(ensure(parent.id, bob.id).what, outcome::ignored);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
}

TEST_F(ensure_next_occurrence_test, IgnoresATaskThatDoesNotRepeatOrIsNotDone) {
    const auto once = world.add_task();
    world.change(once.id, event_type::updated, [](task& t) { t.repeat.type = recurring_type::none; });
    world.complete(once.id);
    EXPECT_EQ(ensure(once.id).what, outcome::ignored);
    const auto pending = world.add_task();
    EXPECT_EQ(ensure(pending.id).what, outcome::ignored);
    EXPECT_THAT(world.children_of(pending.id), IsEmpty());
}

TEST_F(ensure_next_occurrence_test, RecordsWhyASeriesEndedWithoutANewVersion) {
    const auto parent = world.add_task();
    world.change(parent.id, event_type::updated,
                 [](task& t) { t.repeat.end = std::chrono::local_days{std::chrono::year{2026} / 2 / 9}; });
    const auto done = world.complete(parent.id);
    const auto events = world.pending().size();
    EXPECT_EQ(ensure(parent.id).what, outcome::ended);
    EXPECT_EQ(world.find(parent.id).ended, series_end::next_after_end);
    EXPECT_EQ(world.find(parent.id).version, done.version);
    EXPECT_EQ(world.find(parent.id).updated_at, done.updated_at);
    EXPECT_EQ(world.pending().size(), events);
    EXPECT_EQ(ensure(parent.id).what, outcome::ended);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
    EXPECT_THAT(world.db.read([](const transaction& tx) { return tx.missing_children(10); }), IsEmpty());
}

TEST_F(ensure_next_occurrence_test, RecordsThatACompletionCameAfterTheEnd) {
    const auto parent = world.add_task();
    world.change(parent.id, event_type::updated,
                 [](task& t) { t.repeat.end = std::chrono::local_days{std::chrono::year{2026} / 2 / 9}; });
    world.complete(parent.id, instant{1'770'541'200'000ms} + 30 * 24h);
    EXPECT_EQ(ensure(parent.id).what, outcome::ended);
    EXPECT_EQ(world.find(parent.id).ended, series_end::completed_after_end);
}

TEST_F(ensure_next_occurrence_test, ForgetsTheReasonWhenTheSeriesGoesOnAfterAll) {
    const auto parent = world.add_task();
    world.change(parent.id, event_type::updated,
                 [](task& t) { t.repeat.end = std::chrono::local_days{std::chrono::year{2026} / 2 / 9}; });
    world.complete(parent.id);
    ensure(parent.id);
    world.change(parent.id, event_type::updated, [](task& t) { t.repeat.end = std::monostate{}; });
    EXPECT_EQ(ensure(parent.id).what, outcome::created);
    EXPECT_EQ(world.find(parent.id).ended, std::nullopt);
}

}  // namespace
}  // namespace rondo
