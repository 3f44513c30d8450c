#include <atomic>
#include <future>
#include <latch>
#include <set>
#include <stdexcept>
#include <thread>

#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class jobs : public store_contract {
protected:
    /// Submits a job; the future has what `done` was given.
    std::future<void> submit(store::write_job job) {
        std::promise<void> ended;
        auto end = ended.get_future();
        db().submit_write(std::move(job), [ended = std::move(ended)](std::exception_ptr failure) mutable {
            failure ? ended.set_exception(failure) : ended.set_value();
        });
        return end;
    }
    static store::verdict insert(transaction& tx, const task& added) {
        return tx.insert_task(added) ? store::verdict::keep : store::verdict::roll_back;
    }
    /// Keeps the store's threads busy until they are let go, so that what is submitted meanwhile waits for them all, and
    /// shares one commit in an engine that commits in groups.
    struct held_up {
        std::promise<void> go;
        std::vector<std::future<void>> done;

        void let_go() {
            go.set_value();
            for (auto& each : done)
                each.get();
        }
    };
    std::unique_ptr<held_up> hold_up() {
        auto held = std::make_unique<held_up>();
        const std::shared_future<void> go = held->go.get_future();
        std::latch started{static_cast<std::ptrdiff_t>(GetParam().writers)};
        for (std::size_t i = 0; i < GetParam().writers; ++i)
            held->done.push_back(submit([&started, go](transaction&) {
                started.count_down();
                go.wait();
                return store::verdict::keep;
            }));
        started.wait();
        return held;
    }
};

TEST_P(jobs, GiveBackWhatTheyReturn) {
    EXPECT_EQ(write([](transaction&) { return std::string{"kept"}; }), "kept");
    EXPECT_EQ(read([](const transaction&) { return 7; }), 7);
}

TEST_P(jobs, ChangeNothingWhenTheyAskForARollBack) {
    const task never = make_task(ann.id, "never");
    const auto refused = write([&](transaction& tx) -> result<int> {
        tx.insert_task(never);
        return fail(errc::conflict, "no");
    });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::conflict);
    EXPECT_FALSE(find(ann.id, never.id));
    EXPECT_EQ(db().trouble(), std::nullopt);
}

TEST_P(jobs, ChangeNothingWhenTheyThrowAndTheCallerGetsTheException) {
    const task never = make_task(ann.id, "never");
    EXPECT_THROW(write([&](transaction& tx) -> int {
                     tx.insert_task(never);
                     throw std::runtime_error{"broken"};
                 }),
                 std::runtime_error);
    EXPECT_FALSE(find(ann.id, never.id));
    EXPECT_THROW(read([&](const transaction&) -> int { throw std::runtime_error{"broken"}; }), std::runtime_error);
    EXPECT_EQ(db().trouble(), std::nullopt);
}

TEST_P(jobs, HaveOneTimeFromBeginningToEnd) {
    write([&](transaction& tx) {
        const instant first = tx.now();
        time().advance(1h);
        EXPECT_EQ(tx.now(), first);
    });
    EXPECT_EQ(read([](const transaction& tx) { return tx.now(); }), now());
}

TEST_P(jobs, MakeNewIdsOfTheirTime) {
    const auto ids = write([](transaction& tx) {
        std::set<uuid> made;
        for (int i = 0; i < 100; ++i)
            made.insert(tx.new_uuid());
        return made;
    });
    EXPECT_EQ(ids.size(), 100u);
    EXPECT_EQ(ids.begin()->bytes[6] >> 4, 7);
}

TEST_P(jobs, RunInTheOrderTheyWereSubmitted) {
    if (GetParam().writers > 1)
        GTEST_SKIP() << "they start in that order, and several run at a time";
    std::vector<int> order;  // touched by one job at a time
    std::vector<std::future<void>> ends;
    for (int i = 0; i < 300; ++i)
        ends.push_back(submit([&order, i](transaction&) {
            order.push_back(i);
            return store::verdict::keep;
        }));
    for (auto& end : ends)
        end.get();
    ASSERT_EQ(order.size(), 300u);
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_P(jobs, ThatShareACommitFailAlone) {
    if (GetParam().writers == 0)
        GTEST_SKIP() << "every job has a commit of its own";
    std::vector<task> tasks;
    for (int i = 0; i < 6; ++i)
        tasks.push_back(make_task(ann.id, std::to_string(i)));
    const task there = add_task(bob.id, "there");
    const auto held = hold_up();
    std::vector<std::future<void>> ends;
    for (std::size_t i = 0; i < tasks.size(); ++i)
        ends.push_back(submit([&tasks, &there, i](transaction& tx) -> store::verdict {
            insert(tx, tasks[i]);
            tx.append({.id = tx.new_id<event_id>(),
                       .type = event_type::created,
                       .at = tx.now(),
                       .traceparent = "",
                       .snapshot = tasks[i]});
            if (i == 1)
                throw std::runtime_error{"broken"};
            if (i == 2)
                return store::verdict::roll_back;
            if (i == 4)
                tx.insert_task(there);  // an id that is taken: a programmer's mistake
            return store::verdict::keep;
        }));
    held->let_go();
    EXPECT_NO_THROW(ends[0].get());
    EXPECT_THROW(ends[1].get(), std::runtime_error);
    EXPECT_NO_THROW(ends[2].get());
    EXPECT_NO_THROW(ends[3].get());
    EXPECT_THROW(ends[4].get(), std::logic_error);
    EXPECT_NO_THROW(ends[5].get());
    EXPECT_THAT(titles(ann.id), UnorderedElementsAre("0", "3", "5"));
    task_filter filter;
    for (const auto& [text, count] : {std::pair{"0", 1u}, {"1", 0u}, {"2", 0u}, {"4", 0u}, {"5", 1u}}) {
        filter.text = text;
        EXPECT_EQ(titles(ann.id, filter).size(), count) << text;
    }
    EXPECT_EQ(read([](const transaction& tx) { return tx.outbox().pending; }), 3);
}

TEST_P(jobs, ThatShareACommitSeeThoseBeforeThem) {
    if (GetParam().writers != 1)
        GTEST_SKIP() << "every job has a commit of its own";
    const task first = make_task(ann.id, "first");
    const auto held = hold_up();
    auto one = submit([&](transaction& tx) { return insert(tx, first); });
    bool seen = false;
    auto two = submit([&](transaction& tx) {
        task_filter filter;
        filter.text = "first";
        seen = tx.find_task(ann.id, first.id).has_value() && tx.list_tasks(ann.id, filter, {}).tasks.size() == 1;
        return store::verdict::roll_back;
    });
    auto three = submit([&](transaction&) { return store::verdict::keep; });
    held->let_go();
    one.get(), two.get(), three.get();
    EXPECT_TRUE(seen);
    task_filter filter;
    filter.text = "first";
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("first"));
}

TEST_P(jobs, AreRefusedWhenTooManyWait) {
    if (GetParam().writers == 0)
        GTEST_SKIP() << "nothing waits";
    const auto held = hold_up();
    std::vector<std::future<void>> ends;
    std::atomic<std::size_t> ran = 0;
    for (std::size_t i = 0; i < GetParam().writes_waiting_max; ++i)
        ends.push_back(submit([&](transaction&) {
            ++ran;
            return store::verdict::keep;
        }));
    bool answered = false;
    EXPECT_THROW(db().submit_write([](transaction&) { return store::verdict::keep; },
                                   [&](std::exception_ptr) { answered = true; }),
                 unavailable);
    held->let_go();
    for (auto& end : ends)
        end.get();
    EXPECT_EQ(ran, GetParam().writes_waiting_max);
    EXPECT_FALSE(answered);
    EXPECT_NO_THROW(write([](transaction&) { return 0; }));
}

TEST_P(jobs, ReadEveryWriteThatWasAnswered) {
    for (int i = 0; i < 50; ++i) {
        const task added = add_task(ann.id, std::to_string(i));
        EXPECT_TRUE(find(ann.id, added.id));
    }
    const task last = add_task(ann.id, "last");
    std::thread{[&] { EXPECT_TRUE(find(ann.id, last.id)); }}.join();
}

TEST_P(jobs, ReadOneSnapshot) {
    if (GetParam().writers == 0 || GetParam().name.find("Memory") != std::string::npos)
        GTEST_SKIP() << "a read keeps writes out";
    const task later = make_task(ann.id, "later");
    const auto counts = read([&](const transaction& tx) {
        const std::size_t before = tx.list_tasks(ann.id, {}, {}).tasks.size();
        write([&](transaction& other) { other.insert_task(later); });
        return std::pair{before, tx.list_tasks(ann.id, {}, {}).tasks.size()};
    });
    EXPECT_EQ(counts.first, counts.second);
    EXPECT_TRUE(find(ann.id, later.id));
}

TEST_P(jobs, ComeFromManyThreadsAtOnce) {
    constexpr int threads = 8;
    constexpr int each = 50;
    std::vector<std::thread> writers;
    std::vector<task> made;
    for (int i = 0; i < threads * each; ++i)
        made.push_back(make_task(ann.id, std::to_string(i)));
    for (int t = 0; t < threads; ++t)
        writers.emplace_back([&, t] {
            for (int i = t * each; i < (t + 1) * each; ++i) {
                add(made[static_cast<std::size_t>(i)]);
                EXPECT_TRUE(find(ann.id, made[static_cast<std::size_t>(i)].id));
            }
        });
    for (std::thread& writer : writers)
        writer.join();
    EXPECT_EQ(titles(ann.id).size(), static_cast<std::size_t>(threads * each));
}

TEST_P(jobs, TellOfCommitsThatAppendedEventsAndWhose) {
    std::mutex mutex;
    int woken = 0;
    std::vector<user_id> told;
    // Set before the first job in the server; here the fixture's users came first.
    db().on_events_committed([&](std::span<const user_id> owners) {
        const std::lock_guard lock{mutex};
        ++woken;
        told.assign(owners.begin(), owners.end());
    });
    const auto count = [&] {
        // Jobs are answered before the relay is woken; the next job runs after that.
        write([](transaction&) { return 0; });
        const std::lock_guard lock{mutex};
        return woken;
    };
    const task of = make_task(ann.id, "of");
    const auto append = [&](transaction& tx) {
        tx.append({.id = tx.new_id<event_id>(),
                   .type = event_type::created,
                   .at = tx.now(),
                   .traceparent = "",
                   .snapshot = of});
    };
    write([&](transaction& tx) { tx.insert_task(of); });
    EXPECT_EQ(count(), 0);
    (void)write([&](transaction& tx) -> result<int> {
        append(tx);
        return fail(errc::conflict, "no");
    });
    EXPECT_EQ(count(), 0);
    write(append);
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(told, std::vector{ann.id});
}

TEST_P(jobs, FindTheStoreWell) {
    EXPECT_EQ(db().trouble(), std::nullopt);
    add_task(ann.id, "one");
    EXPECT_EQ(db().trouble(), std::nullopt);
}

RONDO_ON_EVERY_ENGINE(jobs);

}  // namespace rondo::test
