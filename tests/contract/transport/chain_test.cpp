// The whole chain: a completion in the outbox, the relay, the transport, the consumer, the next occurrence.
#include <chrono>

#include "contract/transport/transport_contract.hpp"
#include "events/relay.hpp"
#include "support/wall_clock.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class chain : public transport_contract {
protected:
    /// A relay over this transport; moves the clock so that what waits is tried again.
    void relay_until(const std::function<bool()>& reached) {
        relay runs{world.db.get(), out(), world.meters, world.db.time, world.db.random};
        const auto deadline = std::chrono::steady_clock::now() + line().patience();
        while (!reached() && std::chrono::steady_clock::now() < deadline) {
            while (runs.run_once()) {
            }
            world.db.time.advance(100ms);
            std::this_thread::sleep_for(5ms);
        }
        EXPECT_TRUE(reached());
    }
    bool has_child(const task& parent) { return !world.children_of(parent.id).empty(); }
};

TEST_P(chain, ACompletionMakesItsNextOccurrenceOnce) {
    begin_delivery();
    const auto parent = world.add_task();
    world.complete(parent.id);
    relay_until([&] { return has_child(parent) && world.pending().empty(); });
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    EXPECT_THAT(world.dead_letters(), IsEmpty());
}

TEST_P(chain, ASeriesGoesRoundManyTimes) {
    begin_delivery();
    auto current = world.add_task();
    for (int i = 0; i < 12; ++i) {
        world.complete(current.id);
        relay_until([&] { return has_child(current); });
        ASSERT_THAT(world.children_of(current.id), SizeIs(1)) << i;
        current = world.children_of(current.id).front();
    }
    EXPECT_EQ(current.occurrence, 13);
}

TEST_P(chain, ManyCompletionsOverARestartMakeOneOccurrenceEach) {
    begin_delivery();
    std::vector<task> parents;
    for (int i = 0; i < 100; ++i)
        parents.push_back(world.add_task());
    for (const auto& parent : parents)
        world.complete(parent.id);
    std::thread breaks{[&] {
        seen.wait(30s, [](const arrivals& all) { return all.all().size() >= 20; });
        line().take_down();
        line().bring_back();
    }};
    relay_until([&] {
        return world.pending().empty() && std::ranges::all_of(parents, [&](const task& one) { return has_child(one); });
    });
    breaks.join();
    for (const auto& parent : parents)
        EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST_P(chain, AnOutageIsBridgedInProcessAndMadeUpFor) {
    begin_delivery();
    const auto warm_up = world.add_task();
    relay runs{world.db.get(), out(),           world.meters,
               world.db.time,  world.db.random, local_handling{.events = world.events, .after = 5s}};
    if (GetParam().name == "Embedded")
        GTEST_SKIP() << "there is no other process";
    const auto parent = world.add_task();
    line().take_down();
    world.complete(parent.id);
    for (int i = 0; i < 100 && !has_child(parent); ++i) {
        while (runs.run_once()) {
        }
        world.db.time.advance(200ms);
    }
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    EXPECT_GE(world.pending().size(), 1U);
    line().bring_back();
    const auto deadline = std::chrono::steady_clock::now() + line().patience();
    while (!world.pending().empty() && std::chrono::steady_clock::now() < deadline) {
        while (runs.run_once()) {
        }
        world.db.time.advance(1s);
        std::this_thread::sleep_for(5ms);
    }
    EXPECT_THAT(world.pending(), IsEmpty());
    EXPECT_TRUE(seen.wait(line().patience(), [&](const arrivals& all) { return all.first_arrivals().size() >= 4; }));
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST_P(chain, CatchesUpQuickly) {
    const auto many = world.db.add_user("many@example.org");
    world.db.write([&](transaction& tx) {
        for (int i = 0; i < 5'000; ++i)
            event_world::append(
                tx, event_type::updated,
                task{.id = tx.new_id<task_id>(), .owner = i % 2 ? world.ann.id : many.id, .title = "x"});
    });
    begin_delivery();
    relay runs{world.db.get(), out(), world.meters, world.db.time, world.db.random};
    const auto began = std::chrono::steady_clock::now();
    while (!world.pending().empty() && std::chrono::steady_clock::now() - began < 60s) {
        while (runs.run_once()) {
        }
        world.db.time.advance(1s);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::printf("%s published %.0f events/s\n", GetParam().name.c_str(), 5'000 / seconds);
    EXPECT_THAT(world.pending(), IsEmpty()) << "how fast is for a quiet machine to say";
}

RONDO_ON_EVERY_TRANSPORT(chain);

}  // namespace rondo::test
