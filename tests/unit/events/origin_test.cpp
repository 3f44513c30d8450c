#include "events/origin.hpp"

#include <gmock/gmock.h>

#include "support/wall_clock.hpp"
#include "unit/events/event_world.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::due_at;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class origins : public testing::Test {
protected:
    origins() { world.db.time.set(at("2026-02-09T08:00:00Z")); }

    origin of(task_id id) {
        return world.db.read([&](const transaction& tx) { return origin_of(tx, *tx.find_task(world.ann.id, id)); });
    }
    task child_of(task_id id) {
        world.events.handle_and_wait(world.pending());
        return world.children_of(id).at(0);
    }
    task skip(task_id id) {
        return world.change(id, event_type::skipped,
                            [&](task& t) { t = skip_occurrence(t, world.db.time.now()).value(); });
    }

    test::event_world world;
    task first = world.add_task();  // daily, due on the 9th at 9:00
};

TEST_F(origins, OfWhatTheUserMadeTellThat) {
    const origin found = of(first.id);
    EXPECT_FALSE(found.by_rondo);
    EXPECT_EQ(found.sentence, "You made it on Sunday, 8 February 2026 at 09:00.");
    EXPECT_FALSE(found.parent);
    EXPECT_FALSE(found.completed);
    EXPECT_EQ(found.event, world.pending().at(0).id);
    EXPECT_THAT(found.steps, ElementsAre("You made it due on Monday, 9 February 2026 at 09:00."));
}

TEST_F(origins, OfAChildAreTheSumThatMadeIt) {
    world.db.time.advance(48h);
    world.complete(first.id, at("2026-02-10T17:30:00Z"));
    const event_id completion = world.pending().back().id;
    const task child = child_of(first.id);
    const origin found = of(child.id);
    EXPECT_TRUE(found.by_rondo);
    EXPECT_EQ(
        found.sentence,
        "Rondo made it on Wednesday, 11 February 2026 at 08:00, because “Water the plants”, due on Monday, 9 February "
        "2026 at 09:00, was done on Tuesday, 10 February 2026 at 17:30.");
    ASSERT_TRUE(found.parent);
    EXPECT_EQ(found.parent->id, first.id);
    EXPECT_EQ(found.completed, completion);
    EXPECT_THAT(found.steps, SizeIs(5));
    EXPECT_EQ(found.steps.back(), "So the next one is due on Wednesday, 11 February 2026 at 09:00.");
    EXPECT_EQ(child.due, due_at("2026-02-11T09:00"));
}

TEST_F(origins, StayTrueWhenTheParentIsChangedOrGone) {
    world.complete(first.id);
    const task child = child_of(first.id);
    const origin before = of(child.id);
    world.change(first.id, event_type::updated, [](task& t) {
        t.title = "Something else";
        t.due = due_at("2020-01-01");
        t.repeat.type = recurring_type::yearly;
    });
    EXPECT_EQ(of(child.id).sentence, before.sentence);
    EXPECT_EQ(of(child.id).steps, before.steps);
    EXPECT_EQ(of(child.id).parent->due, first.due);
    world.db.write([&](transaction& tx) { tx.remove_task(world.ann.id, first.id); });
    EXPECT_EQ(of(child.id).sentence, before.sentence);
    EXPECT_EQ(of(child.id).steps, before.steps);
}

TEST_F(origins, AreToldFromTheCompletionThatMadeTheChild) {
    world.complete(first.id, at("2026-02-09T07:00:00Z"));
    world.reopen(first.id);
    world.db.time.advance(24h);
    world.complete(first.id, at("2026-02-10T07:00:00Z"));
    const event_id second = world.pending().back().id;
    const task child = child_of(first.id);
    world.reopen(first.id);
    world.complete(first.id, at("2026-02-08T07:00:00Z"));  // the child is there already
    EXPECT_EQ(of(child.id).completed, second);
    EXPECT_EQ(of(child.id).parent->completed_at, at("2026-02-10T07:00:00Z"));
    EXPECT_THAT(of(child.id).steps.back(), HasSubstr("Wednesday, 11 February 2026"));
}

// What is changed between the completion and the making of the child goes into its sum.
TEST_F(origins, CountWhatWasChangedBeforeTheChildWasMade) {
    world.complete(first.id);
    const event_id completion = world.pending().back().id;
    world.change(first.id, event_type::updated, [](task& t) { t.repeat.interval = 3; });
    const task child = child_of(first.id);
    EXPECT_EQ(child.due, due_at("2026-02-12T09:00"));
    EXPECT_EQ(of(child.id).steps.back(), "So the next one is due on Thursday, 12 February 2026 at 09:00.");
    EXPECT_EQ(of(child.id).completed, completion);
    EXPECT_EQ(of(child.id).made.repeat.interval, 3);
}

TEST_F(origins, SayWhatWasSkippedAndMovedSince) {
    world.complete(first.id);
    const task child = child_of(first.id);
    const auto sum = of(child.id).steps.size();
    skip(child.id);
    world.change(child.id, event_type::updated, [](task& t) { t.title = "renamed"; });
    world.change(child.id, event_type::updated, [](task& t) {
        t.moved_from = t.due;
        t.due = due_at("2026-02-13T18:00");
    });
    world.change(child.id, event_type::updated, [](task& t) {
        t.moved_from.reset();
        t.due = t.series_start = due_at("2026-02-14");
    });
    world.change(child.id, event_type::updated, [](task& t) { t.due.reset(); });
    world.change(child.id, event_type::updated, [](task& t) { t.due = due_at("2026-02-15"); });
    const auto steps = of(child.id).steps;
    ASSERT_EQ(steps.size(), sum + 5);
    EXPECT_EQ(
        steps[sum],
        "You skipped it on Monday, 9 February 2026 at 08:00: from Tuesday, 10 February 2026 at 09:00 to Wednesday, 11 "
        "February 2026 at 09:00, which would have been the next, had it been done then.");
    EXPECT_EQ(
        steps[sum + 1],
        "You moved it on Monday, 9 February 2026 at 08:00: from Wednesday, 11 February 2026 at 09:00 to Friday, 13 "
        "February 2026 at 18:00. The series goes on as before.");
    EXPECT_EQ(
        steps[sum + 2],
        "You moved it on Monday, 9 February 2026 at 08:00: from Friday, 13 February 2026 at 18:00 to Saturday, 14 "
        "February 2026. The series goes on from there.");
    EXPECT_EQ(steps[sum + 3], "You took its due date away on Monday, 9 February 2026 at 08:00.");
    EXPECT_EQ(steps[sum + 4], "You gave it the due date Sunday, 15 February 2026 on Monday, 9 February 2026 at 08:00.");
}

// A sum that does not give the date would be worse than none.
TEST_F(origins, SayThatOldEventsCannotGiveTheSum) {
    world.change(first.id, event_type::updated, [](task& t) {
        t.repeat = {.type = recurring_type::monthly, .mode = repeat_mode::on_schedule};
        t.series_start = due_at("2026-01-31T09:00");
        t.due = due_at("2026-02-28T09:00");
    });
    world.complete(first.id);
    const task child = child_of(first.id);
    EXPECT_EQ(child.due, due_at("2026-03-31T09:00"));
    EXPECT_THAT(of(child.id).steps, Contains(HasSubstr("March 2026")));

    // The same told without the series start.
    test::event_world old;
    const task lost = old.db.write([&](transaction& tx) {
        task added{.id = tx.new_id<task_id>(), .owner = old.ann.id, .title = "x"};
        added.due = due_at("2026-03-31T09:00");
        added.repeat = {.type = recurring_type::monthly, .mode = repeat_mode::on_schedule};
        added.series_start = due_at("2026-01-31T09:00");
        added.source = tx.new_id<task_id>();
        added.parent = added.source;
        added.series = *added.source;
        added.occurrence = 2;
        task source = added;
        source.id = *added.source;
        source.due = due_at("2026-02-28T09:00");
        source.series_start.reset();
        source.status = task_status::done;
        source.completed_at = at("2026-02-28T08:00:00Z");
        old.append(tx, event_type::completed, source);
        tx.insert_task(added);
        old.append(tx, event_type::created, added);
        return added;
    });
    const origin found = old.db.read([&](const transaction& tx) { return origin_of(tx, lost); });
    EXPECT_THAT(found.steps, ElementsAre(HasSubstr("cannot be shown")));
    EXPECT_THAT(found.sentence, HasSubstr("was done on"));
    EXPECT_TRUE(found.completed);
}

TEST_F(origins, LookForMovesInAsManyEventsAsTheBoundSays) {
    const auto move = [&](int day) {
        world.change(first.id, event_type::updated,
                     [&](task& t) { t.due = due{.wall = test::monday_nine + std::chrono::days{day}}; });
    };
    world.db.write([&](transaction& tx) {
        for (std::size_t i = 1; i < origin_events_max; ++i)
            test::event_world::append(tx, event_type::updated, first);
    });
    move(1);
    move(2);
    EXPECT_THAT(of(first.id).steps, ElementsAre(HasSubstr("You made it due on"), HasSubstr("to Tuesday, 10 February")));
}

TEST_F(origins, OfATaskWhoseEventsAreGoneAreStillToldInShort) {
    const task alone = world.db.write([&](transaction& tx) {
        task added{.id = tx.new_id<task_id>(), .owner = world.ann.id, .title = "x", .created_at = tx.now()};
        tx.insert_task(added);
        return added;
    });
    EXPECT_EQ(of(alone.id).sentence, "You made it on Monday, 9 February 2026 at 08:00.");
    EXPECT_FALSE(of(alone.id).event);
}

}  // namespace
}  // namespace rondo
