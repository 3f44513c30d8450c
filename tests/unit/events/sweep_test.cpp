#include "events/sweep.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/store/raw_database.hpp"
#include "support/faulty_store.hpp"
#include "unit/events/event_world.hpp"

namespace rondo {
namespace {

using namespace test;
using testing::IsEmpty;
using testing::SizeIs;

class sweep_test : public testing::Test {
protected:
    event_world world;
    sweep tidier{world.db.get(), world.meters, world.db.time};
};

TEST_F(sweep_test, MendsAMissingChild) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    world.db.time.advance(sweep_leaves_to_relay);
    EXPECT_EQ(tidier.run_once().mended, 1U);
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    EXPECT_EQ(tidier.run_once().mended, 0U);
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST_F(sweep_test, LeavesWhatWasJustCompletedToTheRelay) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    world.db.time.advance(sweep_leaves_to_relay - 1ms);
    EXPECT_EQ(tidier.run_once().mended, 0U);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
}

TEST_F(sweep_test, MendsMoreThanABatch) {
    const auto count = sweep_batch_max + 20;
    for (std::size_t i = 0; i < count; ++i)
        world.complete(world.add_task().id);
    world.db.time.advance(sweep_leaves_to_relay);
    EXPECT_EQ(tidier.run_once().mended, count);
    EXPECT_THAT(world.db.read([](const transaction& tx) { return tx.missing_children(10); }), IsEmpty());
}

TEST_F(sweep_test, MakesNoChildAgainThatWasThrownAwayAndPurged) {
    const auto parent = world.add_task();
    world.complete(parent.id);
    world.db.time.advance(sweep_leaves_to_relay);
    tidier.run_once();
    const auto child = world.children_of(parent.id).front();
    world.db.write(
        [&](transaction& tx) { return tx.trash_task(world.ann.id, child.id, true, tx.new_uuid(), tx.now()); });
    world.db.time.advance(trash_kept + 24h);
    EXPECT_GE(tidier.run_once().purged, 1U);
    EXPECT_EQ(tidier.run_once().mended, 0U);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
}

TEST_F(sweep_test, EmptiesTheTrashAfterThirtyDaysAndNotBefore) {
    const auto old = world.add_task();
    world.db.write([&](transaction& tx) { return tx.trash_task(world.ann.id, old.id, true, tx.new_uuid(), tx.now()); });
    const auto there = [&] {
        return world.db.read(
            [&](const transaction& tx) { return tx.find_task_anywhere(world.ann.id, old.id).has_value(); });
    };
    world.db.time.advance(trash_kept - 1s);
    tidier.run_once();
    EXPECT_TRUE(there());
    world.db.time.advance(2s);
    tidier.run_once();
    EXPECT_FALSE(there());
}

TEST_F(sweep_test, DeletesThrottlesThatHaveHadTheirTime) {
    const auto key = std::string{"account:x"};
    world.db.write([&](transaction& tx) {
        tx.save_login_throttle({.key = key, .failures = 3, .last_failure_at = tx.now(), .blocked_until = tx.now()});
    });
    const auto there = [&] {
        return world.db.read([&](const transaction& tx) { return tx.find_login_throttle(key).has_value(); });
    };
    tidier.run_once();
    EXPECT_TRUE(there());
    world.db.time.advance(kept_throttles + 1s);
    tidier.run_once();
    EXPECT_FALSE(there());
}

TEST(sweep, WorksDueInstantsOutAnewTheFirstTimeThatTheDatabaseAnswers) {
    event_world world{scratch_in::file};
    const auto made = world.add_task();
    world.change(made.id, event_type::updated, [](task& t) { t.zone = time_zone::find("Europe/Berlin").value(); });
    const auto make_stale = [&] { raw_database{world.db.file()}.run("UPDATE tasks SET due_at = due_at + 1"); };
    faulty_store faulty{world.db.get()};
    sweep tidier{faulty, world.meters, world.db.time};
    make_stale();
    faulty.fail_writes(faulty_store::fault::unavailable, 1);
    EXPECT_THROW(tidier.run_once(), unavailable);
    EXPECT_EQ(tidier.run_once().redated, 1U);
    make_stale();
    EXPECT_EQ(tidier.run_once().redated, 0U);
}

TEST(sweep, SweepsAtItsStartAndStopsPromptly) {
    event_world world;
    const auto parent = world.add_task();
    world.complete(parent.id);
    world.db.time.advance(sweep_leaves_to_relay);
    sweep tidier{world.db.get(), world.meters, world.db.time};
    tidier.start();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (world.children_of(parent.id).empty() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    const auto began = std::chrono::steady_clock::now();
    tidier.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST(sweep, OutlivesADatabaseThatDoesNotAnswer) {
    event_world world;
    faulty_store faulty{world.db.get()};
    sweep tidier{faulty, world.meters, world.db.time};
    faulty.fail_reads(true);
    EXPECT_THROW(tidier.run_once(), unavailable);
    faulty.fail_reads(false);
    EXPECT_NO_THROW(tidier.run_once());
}

}  // namespace
}  // namespace rondo
