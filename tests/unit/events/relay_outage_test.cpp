// What the relay does while the transport as a whole is out of reach.
#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/relay.hpp"
#include "support/faulty_store.hpp"
#include "support/recording_publisher.hpp"
#include "unit/events/event_world.hpp"

namespace rondo {
namespace {

using namespace test;
using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using enum publish_result;

class relay_outage : public testing::Test {
protected:
    void go_down() {
        out.answer_with = [](const stored_event&) { return unreachable; };
    }
    void come_back() { out.answer_with = nullptr; }
    void run_dry() {
        while (runs.run_once()) {
        }
    }
    /// Passes until the transport is tried once more.
    void until_tried_again() {
        const auto tried = out.attempts().size();
        for (int i = 0; i < 400 && out.attempts().size() == tried; ++i) {
            world.db.time.advance(100ms);
            run_dry();
        }
        ASSERT_GT(out.attempts().size(), tried);
    }

    event_world world;
    recording_publisher out;
    relay runs{world.db.get(),  out,
               world.meters,    world.db.time,
               world.db.random, local_handling{.events = world.events, .after = 5s}};
};

TEST_F(relay_outage, BlamesNoKeyAndPublishesEverythingAtOnceAfterwards) {
    for (int i = 0; i < 30; ++i)
        world.add_task("task", world.db.add_user(std::to_string(i) + "@example.org").id);
    go_down();
    for (int i = 0; i < 10; ++i)
        until_tried_again();
    EXPECT_THAT(world.pending(), Each(Field(&stored_event::attempts, 0)));
    come_back();
    until_tried_again();
    EXPECT_THAT(out.published(), SizeIs(30));
    EXPECT_THAT(world.pending(), IsEmpty());
}

TEST_F(relay_outage, WaitsLongerAfterEachAttemptUpToFiveSeconds) {
    world.add_task();
    go_down();
    run_dry();
    std::chrono::milliseconds longest{0};
    for (int attempt = 1; attempt < 14; ++attempt) {
        const auto began = world.db.time.now();
        until_tried_again();
        const auto waited = world.db.time.now() - began;
        EXPECT_LE(waited, std::min<std::chrono::milliseconds>(5s, relay_backoff_min * (1 << attempt)) + 100ms);
        longest = std::max(longest, waited);
    }
    EXPECT_GE(longest, 2500ms);
}

TEST_F(relay_outage, PublishesWithinFiveSecondsOfItsEndHoweverLongItWas) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    go_down();
    const auto began = world.db.time.now();
    while (world.db.time.now() - began < 10min) {
        world.db.time.advance(1s);
        run_dry();
    }
    ASSERT_THAT(out.published(), IsEmpty());
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1)) << "handled here meanwhile";
    come_back();
    world.db.time.advance(5s);
    run_dry();
    EXPECT_THAT(world.pending(), IsEmpty());
}

TEST_F(relay_outage, HandlesEventsInProcessAfterAWhileAndPublishesThemAllTheSame) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    go_down();
    run_dry();
    world.db.time.advance(4900ms);
    run_dry();
    EXPECT_THAT(world.children_of(parent.id), IsEmpty()) << "too early";
    world.db.time.advance(200ms);
    run_dry();
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    EXPECT_THAT(world.pending(), Each(Field(&stored_event::handled_locally, true)));

    const auto second = world.children_of(parent.id).front();
    world.complete(second.id);
    run_dry();
    EXPECT_THAT(world.children_of(second.id), SizeIs(1)) << "what comes later in the outage is handled at once";

    come_back();
    until_tried_again();
    EXPECT_THAT(out.published(), SizeIs(5));
    EXPECT_THAT(world.pending(), IsEmpty());
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST_F(relay_outage, HandlesManyMoreEventsThanABatchInProcess) {
    std::vector<task> parents;
    for (std::size_t i = 0; i < relay_batch_max; ++i)
        parents.push_back(world.add_task());
    for (const auto& parent : parents)
        world.complete(parent.id);
    go_down();
    run_dry();
    world.db.time.advance(5s);
    run_dry();
    EXPECT_TRUE(std::ranges::all_of(parents, [&](const task& one) { return world.children_of(one.id).size() == 1; }));
}

TEST_F(relay_outage, StartsTheCountAgainWhenSomethingGotThrough) {
    const auto parent = world.add_task();
    go_down();
    run_dry();
    world.db.time.advance(4s);
    come_back();
    run_dry();
    go_down();
    world.complete(parent.id);
    run_dry();
    world.db.time.advance(4s);
    run_dry();
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
    world.db.time.advance(1s);
    run_dry();
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST_F(relay_outage, KeepsWhatTheTransportTookBeforeItWentAway) {
    for (int i = 0; i < 4; ++i)
        world.add_task("task", world.db.add_user(std::to_string(i) + "@example.org").id);
    int taken = 0;
    out.answer_with = [&](const stored_event&) { return ++taken <= 2 ? acknowledged : unreachable; };
    run_dry();
    EXPECT_THAT(world.pending(), SizeIs(2));
    EXPECT_THAT(out.published(), SizeIs(2));
}

TEST(relay_in_an_outage, WakesForTheLocalHandlingByItself) {
    event_world world{scratch_in::file, scratch_jobs::on_a_thread};
    recording_publisher out;
    out.answer_with = [](const stored_event&) { return unreachable; };
    relay runs{world.db.get(),  out,
               world.meters,    world.db.time,
               world.db.random, local_handling{.events = world.events, .after = 0ms}};
    world.db->on_events_committed([&](auto) { runs.wake(); });
    runs.start();
    const auto parent = world.add_task();
    world.complete(parent.id);
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (world.children_of(parent.id).empty() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    runs.stop();
}

}  // namespace
}  // namespace rondo
