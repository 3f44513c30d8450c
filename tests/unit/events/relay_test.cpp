#include "events/relay.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/embedded/embedded_publisher.hpp"
#include "support/faulty_store.hpp"
#include "support/recording_publisher.hpp"
#include "unit/events/event_world.hpp"

namespace rondo {
namespace {

using namespace test;
using testing::IsEmpty;
using testing::SizeIs;
using enum publish_result;

std::vector<std::int64_t> sequences(const std::vector<stored_event>& events) {
    std::vector<std::int64_t> all;
    for (const auto& one : events)
        all.push_back(one.sequence);
    return all;
}

void run_dry(relay& runs) {
    while (runs.run_once()) {
    }
}

class relay_test : public testing::Test {
protected:
    event_world world;
    recording_publisher out;
    relay runs{world.db.get(), out, world.meters, world.db.time, world.db.random};
};

TEST_F(relay_test, PublishesWhatIsPendingInOrderAndEmptiesTheOutbox) {
    for (int i = 0; i < 20; ++i)
        world.add_task();
    const auto before = sequences(world.pending());
    run_dry(runs);
    EXPECT_EQ(sequences(out.published()), before);
    EXPECT_THAT(world.pending(), IsEmpty());
    EXPECT_EQ(world.sample("rondo_events_published_total{transport=\"dapr\"}"), "20");
    EXPECT_FALSE(runs.run_once());
}

TEST_F(relay_test, TakesABoundedBatch) {
    world.db.write([&](transaction& tx) {
        for (std::size_t i = 0; i < relay_batch_max + 10; ++i)
            event_world::append(tx, event_type::updated, task{.id = {}, .owner = world.ann.id, .title = "x"});
    });
    EXPECT_TRUE(runs.run_once());
    EXPECT_THAT(out.published(), SizeIs(relay_batch_max));
    run_dry(runs);
    EXPECT_THAT(out.published(), SizeIs(relay_batch_max + 10));
}

TEST_F(relay_test, KeepsTheOrderOfEachKeyWhateverFails) {
    const auto bob = world.db.add_user("bob@example.org");
    for (int i = 0; i < 30; ++i)
        world.add_task("task", i % 3 == 0 ? bob.id : world.ann.id);
    const auto all = world.pending();
    std::mt19937 dice;  // NOLINT: the same at every run
    out.answer_with = [&](const stored_event&) { return dice() % 4 == 0 ? retry : acknowledged; };
    for (int pass = 0; pass < 200 && !world.pending().empty(); ++pass) {
        run_dry(runs);
        world.db.time.advance(relay_backoff_max);
    }
    ASSERT_THAT(out.published(), SizeIs(30));
    for (const auto& owner : {world.ann.id, bob.id}) {
        const auto of_owner = [&](std::vector<stored_event> events) {
            std::erase_if(events, [&](const stored_event& one) { return one.owner != owner; });
            return sequences(events);
        };
        EXPECT_EQ(of_owner(out.published()), of_owner(all));
    }
}

TEST_F(relay_test, LetsNoFailingKeyHoldUpAnother) {
    const auto bob = world.db.add_user("bob@example.org");
    for (std::size_t i = 0; i < 2 * relay_batch_max; ++i)
        world.add_task("stuck");
    world.add_task("flows", bob.id);
    out.answer_with = [&](const stored_event& one) { return one.owner == world.ann.id ? retry : acknowledged; };
    run_dry(runs);
    ASSERT_THAT(out.published(), SizeIs(1));
    EXPECT_EQ(out.published().front().owner, bob.id);
    const auto stuck = world.pending();
    EXPECT_EQ(stuck.front().attempts, 1);
    EXPECT_EQ(std::ranges::count(stuck, 0, &stored_event::attempts), std::ssize(stuck) - 1)
        << "only the head counts its attempts";
}

TEST_F(relay_test, WaitsLongerAfterEachFailure) {
    world.add_task();
    out.answer_with = [](const stored_event&) { return retry; };
    for (int attempt = 0; attempt < 12; ++attempt) {
        const auto tried = out.attempts().size();
        run_dry(runs);
        ASSERT_EQ(out.attempts().size(), tried + 1) << "attempt " << attempt;
        const auto next = world.db.read([](const transaction& tx) { return tx.next_attempt_at(); });
        ASSERT_TRUE(next);
        const auto wait = *next - world.db.time.now();
        const auto full = std::min<std::chrono::milliseconds>(relay_backoff_max, relay_backoff_min * (1 << attempt));
        EXPECT_LE(wait, full);
        EXPECT_GE(wait, full / 2);
        world.db.time.advance(wait - 1ms);
        run_dry(runs);
        EXPECT_EQ(out.attempts().size(), tried + 1) << "tried too early";
        world.db.time.advance(1ms);
    }
    out.answer_with = nullptr;
    run_dry(runs);
    EXPECT_THAT(out.published(), SizeIs(1));
}

TEST(relay_backoff, IsJitteredAndCapped) {
    seeded_random random;
    std::map<std::chrono::milliseconds, int> seen;
    for (int i = 0; i < 200; ++i)
        ++seen[relay_backoff(3, random)];
    EXPECT_GT(seen.size(), 20U);
    EXPECT_GE(seen.begin()->first, 400ms);
    EXPECT_LE(seen.rbegin()->first, 800ms);
    for (const int attempts : {9, 20, 31, 1'000'000})
        EXPECT_LE(relay_backoff(attempts, random), 5s);
}

TEST_F(relay_test, PutsARejectedEventToTheDeadLettersAndGoesOn) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    world.reopen(parent.id);
    const auto all = world.pending();
    out.answer_with = [&](const stored_event& one) {
        return one.type == event_type::completed ? rejected : acknowledged;
    };
    run_dry(runs);
    EXPECT_THAT(world.pending(), IsEmpty());
    EXPECT_EQ(sequences(out.published()), (std::vector{all[0].sequence, all[2].sequence}));
    const auto letters = world.dead_letters();
    ASSERT_THAT(letters, SizeIs(1));
    EXPECT_EQ(letters.front().origin, "relay");
    EXPECT_EQ(letters.front().content_type, cloud_event_content_type);
    EXPECT_EQ(letters.front().bytes, to_cloud_event(all[1]));
    EXPECT_EQ(world.sample("rondo_events_dead_lettered_total{origin=\"relay\"}"), "1");
    EXPECT_EQ(world.sample("rondo_events_published_total{transport=\"dapr\"}"), "2");
}

TEST(relay, PublishesAgainWithTheSameIdAfterACrashBetweenPublishingAndMarking) {
    event_world world;
    faulty_store faulty{world.db.get()};
    recording_publisher out;
    relay runs{faulty, out, world.meters, world.db.time, world.db.random};
    world.add_task();
    world.add_task();
    faulty.fail_writes(faulty_store::fault::unavailable, 1);
    EXPECT_THROW(runs.run_once(), unavailable);
    EXPECT_THAT(world.pending(), SizeIs(2));
    run_dry(runs);
    const auto published = out.published();
    ASSERT_THAT(published, SizeIs(4));
    EXPECT_EQ(published[0].id, published[2].id);
    EXPECT_EQ(published[1].id, published[3].id);
    EXPECT_THAT(world.pending(), IsEmpty());
}

TEST(relay, IsWokenByTheCommit) {
    event_world world{scratch_in::file, scratch_jobs::on_a_thread};
    embedded_publisher out{[&](auto events) { return world.events.handle_and_wait(events); }};
    relay runs{world.db.get(), out, world.meters, world.db.time, world.db.random};
    world.db->on_events_committed([&](auto) { runs.wake(); });
    runs.start();
    auto parent = world.add_task();
    for (int i = 0; i < 30; ++i) {
        world.complete(parent.id);
        std::vector<task> children;
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while ((children = world.children_of(parent.id)).empty() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        ASSERT_THAT(children, SizeIs(1)) << "completion " << i;
        parent = children.front();
    }
    EXPECT_EQ(parent.occurrence, 31);
    runs.stop();
}

TEST(relay, TriesAgainByItselfWhenTheTimeHasCome) {
    event_world world;
    recording_publisher out;
    std::promise<void> published;
    int calls = 0;
    out.answer_with = [&](const stored_event&) {
        if (++calls == 1)
            return retry;
        published.set_value();
        return acknowledged;
    };
    world.add_task();
    relay runs{world.db.get(), out, world.meters, world.db.time, world.db.random};
    runs.start();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    const auto postponed = [&] {
        return world.db.read([](const transaction& tx) { return tx.next_attempt_at().has_value(); });
    };
    while (!postponed() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    ASSERT_TRUE(postponed());
    world.db.time.advance(1s);
    EXPECT_EQ(published.get_future().wait_for(10s), std::future_status::ready);
    runs.stop();
}

TEST(relay, OutlivesADatabaseThatDoesNotAnswer) {
    event_world world;
    faulty_store faulty{world.db.get()};
    recording_publisher out;
    std::promise<void> published;
    out.answer_with = [&](const stored_event&) {
        published.set_value();
        return acknowledged;
    };
    world.add_task();
    faulty.fail_reads(true);
    relay runs{faulty, out, world.meters, world.db.time, world.db.random};
    runs.start();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (faulty.reads() < 2 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    faulty.fail_reads(false);
    EXPECT_EQ(published.get_future().wait_for(10s), std::future_status::ready);
    runs.stop();
}

TEST(relay, StopsPromptlyWhenIdle) {
    event_world world;
    recording_publisher out;
    relay runs{world.db.get(), out, world.meters, world.db.time, world.db.random};
    runs.start();
    const auto began = std::chrono::steady_clock::now();
    runs.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

}  // namespace
}  // namespace rondo
