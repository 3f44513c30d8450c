// Several replicas on one schema: what one does the others hear of, and together they publish each user's events in order.

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "contract/store/postgres_fixture.hpp"
#include "store/postgres/schema/migrations.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class postgres_replicas : public on_postgres {};

TEST_F(postgres_replicas, WakeEachOthersRelays) {
    const auto mine = open_store();
    const auto theirs = open_store();
    const user ann = add_user(*mine, "ann@example.org");
    std::mutex mutex;
    std::condition_variable changed;
    int woken = 0;
    std::vector<user_id> named;
    theirs->on_events_committed([&](std::span<const user_id> owners) {
        const std::lock_guard lock{mutex};
        named.assign(owners.begin(), owners.end());
        ++woken;
        changed.notify_one();
    });
    for (int i = 1; i <= 3; ++i) {
        std::unique_lock lock{mutex};
        const int before = woken;
        lock.unlock();
        add_task(*mine, ann.id, "news");
        lock.lock();
        EXPECT_TRUE(changed.wait_for(lock, 4s, [&] { return woken > before; })) << "nothing else wakes it";
        EXPECT_THAT(named, ElementsAre(ann.id));
    }
    theirs->on_events_committed({});
}

TEST_F(postgres_replicas, MakeTheSchemaOnceWhenTheyStartTogether) {
    const scratch_schema fresh{scratch_schema::start::without_tables};
    std::vector<std::thread> starting;
    std::atomic<int> applied{0};
    for (int i = 0; i < 4; ++i)
        starting.emplace_back([&] { applied += static_cast<int>(postgres::migrate_up(fresh.url()).size()); });
    for (std::thread& each : starting)
        each.join();
    EXPECT_EQ(applied, static_cast<int>(postgres::migration_status(fresh.url()).size()));
}

TEST_F(postgres_replicas, TakeTurnsOverOneUsersWrites) {
    const auto one = open_store();
    const auto two = open_store();
    const user ann = add_user(*one, "ann@example.org");
    const task counter = add_task(*one, ann.id, "0");
    // Each reads, then writes what it has read plus one: nothing gets lost if nobody else writes in between.
    constexpr int each = 25;
    std::vector<std::thread> writers;
    std::atomic<int> refused{0};
    for (store* const on : {one.get(), two.get(), one.get(), two.get()})
        writers.emplace_back([&, on] {
            for (int i = 0; i < each; ++i)
                write(*on, [&](transaction& tx) {
                    task found = tx.find_task(ann.id, counter.id).value();
                    found.title = std::to_string(std::stoi(found.title) + 1);
                    ++found.version;
                    refused += tx.update_task(found) ? 0 : 1;
                });
        });
    for (std::thread& writer : writers)
        writer.join();
    EXPECT_EQ(refused, 0);
    const auto last = read_and_wait(*one, [&](const transaction& tx) { return tx.find_task(ann.id, counter.id); });
    EXPECT_EQ(last->title, std::to_string(4 * each));
}

TEST_F(postgres_replicas, MakeOneChildOfATaskBetweenThem) {
    const auto one = open_store();
    const auto two = open_store();
    const user ann = add_user(*one, "ann@example.org");
    for (int round = 0; round < 10; ++round) {
        const task source = add_task(*one, ann.id, "source");
        std::atomic<int> made{0};
        std::vector<std::thread> makers;
        for (store* const on : {one.get(), two.get(), one.get(), two.get()})
            makers.emplace_back([&, on] {
                made += write(*on, [&](transaction& tx) {
                    task child = make_task(tx, ann.id, "child");
                    child.source = source.id;
                    return tx.insert_task(child) ? 1 : 0;
                });
            });
        for (std::thread& maker : makers)
            maker.join();
        EXPECT_EQ(made, 1);
    }
}

TEST_F(postgres_replicas, RegisterAnEmailOnceBetweenThem) {
    const auto one = open_store();
    const auto two = open_store();
    std::atomic<int> taken{0};
    std::vector<std::thread> registering;
    for (store* const on : {one.get(), two.get(), one.get(), two.get()})
        registering.emplace_back([&, on] {
            taken += write(*on, [&](transaction& tx) {
                return tx.insert_user({.id = tx.new_id<user_id>(),
                                       .email = "Ann@example.org",
                                       .name = std::nullopt,
                                       .zone = {},
                                       .password_hash = "none",
                                       .created_at = tx.now()})
                           ? 1
                           : 0;
            });
        });
    for (std::thread& each : registering)
        each.join();
    EXPECT_EQ(taken, 1);
}

TEST_F(postgres_replicas, PublishEveryEventOnceAndEachUsersInOrder) {
    const auto one = open_store();
    const auto two = open_store();
    std::vector<user_id> users;
    for (int i = 0; i < 5; ++i)
        users.push_back(add_user(*one, std::to_string(i) + "@example.org").id);

    std::mutex mutex;
    std::map<user_id, std::vector<std::string>> published;
    std::set<store*> publishers;
    std::atomic<bool> all_written{false};
    // What a relay does, in small.
    const auto relay = [&](store& on) {
        const uuid holder = write(on, [](transaction& tx) { return tx.new_uuid(); });
        for (;;) {
            const bool last = all_written;
            const auto batch = write(on, [&](transaction& tx) { return tx.claim_events(7, tx.now(), holder, 1min); });
            if (batch.empty() && last)
                return;
            std::vector<std::int64_t> done;
            {
                const std::lock_guard lock{mutex};
                for (const stored_event& each : batch) {
                    published[each.owner].push_back(each.data);
                    publishers.insert(&on);
                    done.push_back(each.sequence);
                }
            }
            write(on, [&](transaction& tx) {
                tx.mark_published(done, tx.now());
                tx.release_claims(holder);
            });
        }
    };
    std::vector<std::thread> relays;
    for (store* const on : {one.get(), two.get(), one.get()})
        relays.emplace_back([&, on] { relay(*on); });

    // One writer for each user, on one replica after the other, so that the order of its commits is known.
    constexpr int each_writes = 30;
    std::vector<std::thread> writers;
    for (const user_id owner : users)
        writers.emplace_back([&, owner] {
            for (int i = 0; i < each_writes; ++i)
                add_task(i % 2 == 0 ? *one : *two, owner, std::to_string(i));
        });
    for (std::thread& each : writers)
        each.join();
    all_written = true;
    for (std::thread& each : relays)
        each.join();

    std::vector<std::string> expected;
    for (int i = 0; i < each_writes; ++i)
        expected.push_back("{\"title\":\"" + std::to_string(i) + "\"}");
    for (const user_id owner : users)
        EXPECT_EQ(published[owner], expected);
    EXPECT_EQ(publishers.size(), 2u) << "both had a share";
}

}  // namespace rondo::test
