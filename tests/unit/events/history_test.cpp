#include "events/history.hpp"

#include <gmock/gmock.h>

#include "unit/events/event_world.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using test::event_world;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<stored_event> events_of(event_world& world, task_id id) {
    return world.db.read([&](const transaction& tx) { return tx.list_events(world.ann.id, {.subject = id}, 1000); });
}

/// "field: from -> to" for each change.
std::vector<std::string> shown(const history_entry& entry) {
    std::vector<std::string> lines;
    for (const field_change& change : entry.changes)
        lines.push_back(std::string{change.field} + ": " + change.from + " -> " + change.to);
    return lines;
}

TEST(history, BeginsWithWhatWasSet) {
    event_world world;
    const auto entries = history_of({}, events_of(world, world.add_task().id));
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].type, event_type::created);
    EXPECT_EQ(entries[0].at, world.db.time.now());
    EXPECT_FALSE(entries[0].by_rondo);
    EXPECT_EQ(entries[0].version, 1);
    EXPECT_THAT(shown(entries[0]),
                ElementsAre("title: null -> \"Water the plants\"", "due_date: null -> \"2026-02-09T09:00:00+00:00\"",
                            "timezone: null -> \"UTC\"", "recurring_type: null -> \"daily\""));
}

TEST(history, TellsEachFieldThatChangedAndNoOther) {
    event_world world;
    const task made = world.add_task();
    world.change(made.id, event_type::updated, [](task& t) {
        t.title = "Water \"them\"";
        t.description = "x\n";
        t.repeat.interval = 2;
        t.repeat.end = std::chrono::floor<std::chrono::days>(test::monday_nine);
    });
    world.change(made.id, event_type::updated, [](task& t) { t.description.reset(); });
    world.db.time.advance(1h);
    world.complete(made.id);
    const auto entries = history_of({}, events_of(world, made.id));
    ASSERT_EQ(entries.size(), 4u);
    EXPECT_THAT(shown(entries[1]),
                ElementsAre(R"(title: "Water the plants" -> "Water \"them\"")", R"(description: null -> "x\n")",
                            "recurring_interval: 1 -> 2", R"(recurring_end_date: null -> "2026-02-09")"));
    EXPECT_THAT(shown(entries[2]), ElementsAre(R"(description: "x\n" -> null)"));
    EXPECT_EQ(entries[3].changes.size(), 2u);
    EXPECT_EQ(entries[3].changes[0].field, "status");
    EXPECT_EQ(entries[3].changes[1].field, "completed_at");
    EXPECT_EQ(entries[3].version, 4);
    EXPECT_EQ(entries[3].at, world.db.time.now());
}

TEST(history, GoesOnFromTheEventBefore) {
    event_world world;
    const task made = world.add_task();
    world.change(made.id, event_type::updated, [](task& t) { t.title = "b"; });
    world.change(made.id, event_type::updated, [](task& t) { t.title = "c"; });
    const auto events = events_of(world, made.id);
    const auto entries = history_of(events[0], std::span{events}.subspan(1));
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_THAT(shown(entries[0]), ElementsAre(R"(title: "Water the plants" -> "b")"));
    EXPECT_THAT(shown(entries[1]), ElementsAre(R"(title: "b" -> "c")"));
}

TEST(history, SaysThatRondoMadeAChild) {
    event_world world;
    const task first = world.add_task();
    world.complete(first.id);
    world.events.handle_and_wait(world.pending());
    const auto children = world.children_of(first.id);
    ASSERT_EQ(children.size(), 1u);
    const auto entries = history_of({}, events_of(world, children[0].id));
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_TRUE(entries[0].by_rondo);
    EXPECT_THAT(shown(entries[0]), testing::Contains("occurrence: null -> 2"));
    EXPECT_FALSE(history_of({}, events_of(world, first.id))[1].by_rondo);
}

TEST(history, NotesThatAnOccurrenceWasMovedAlone) {
    event_world world;
    const task made = world.add_task();
    world.change(made.id, event_type::updated, [](task& t) {
        t.moved_from = t.due;
        t.due->wall += 24h;
    });
    world.change(made.id, event_type::updated, [](task& t) { t.title = "renamed"; });
    const auto entries = history_of({}, events_of(world, made.id));
    EXPECT_FALSE(entries[0].note);
    EXPECT_THAT(entries[1].note, testing::Optional(testing::HasSubstr("This occurrence alone")));
    EXPECT_FALSE(entries[2].note) << "it still is, but was not moved then";
}

TEST(history, ToleratesEventsThatTellLessOrNothing) {
    event_world world;
    const task made = world.add_task();
    world.change(made.id, event_type::updated, [](task& t) { t.title = "b"; });
    world.change(made.id, event_type::updated, [](task& t) { t.title = "c"; });
    auto events = events_of(world, made.id);
    events[1].data = "{";
    const auto entries = history_of({}, events);
    EXPECT_THAT(shown(entries[1]), IsEmpty());
    EXPECT_THAT(shown(entries[2]), IsEmpty()) << "nothing is known of what was before";
}

}  // namespace
}  // namespace rondo
