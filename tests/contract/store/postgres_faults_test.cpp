// Lost connections, transactions in each other's way, and answers that do not come.

#include <atomic>
#include <future>

#include "contract/store/postgres_fixture.hpp"

namespace rondo::test {

using namespace std::chrono_literals;

class postgres_faults : public on_postgres {
protected:
    /// Ends every other session on this test's schema, as a restart of the server does.
    void end_sessions() {
        look().query(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND application_name = $1",
            application());
    }
    std::string application() const { return schema_->name(); }
    std::unique_ptr<store> open_named(std::size_t writers = 1) {
        return postgres::open_store({.url = url() + "&application_name=" + application(),
                                     .encode_event = encode_title,
                                     .writers = writers,
                                     .readers = 1},
                                    time_, random_);
    }
};

TEST_F(postgres_faults, AJobWhoseConnectionWasClosedMeanwhileIsRunAgainOnANewOne) {
    const auto db = open_named();
    const user ann = add_user(*db, "ann@example.org");
    const auto count = [&] {
        return read_and_wait(*db, [&](const transaction& tx) { return tx.list_tasks(ann.id, {}, {}).tasks.size(); });
    };
    EXPECT_EQ(count(), 0u);
    for (std::size_t i = 1; i <= 3; ++i) {
        end_sessions();
        add_task(*db, ann.id, "after");
        EXPECT_EQ(count(), i);
    }
}

TEST_F(postgres_faults, AJobWhoseConnectionBreaksInItsMiddleIsRunAgainAndHappensOnce) {
    const auto db = open_named();
    const user ann = add_user(*db, "ann@example.org");
    int runs = 0;
    write(*db, [&](transaction& tx) {
        ++runs;
        EXPECT_TRUE(tx.insert_task(make_task(tx, ann.id, "once")));
        if (runs == 1)
            end_sessions();
        tx.find_user(ann.id);
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(read_and_wait(*db, [&](const transaction& tx) { return tx.list_tasks(ann.id, {}, {}).tasks.size(); }),
              1u);
}

TEST_F(postgres_faults, ADeadlockIsResolvedByRunningOneOfTheJobsAgain) {
    const auto db = open_named(2);
    const user ann = add_user(*db, "ann@example.org");
    const user bob = add_user(*db, "bob@example.org");
    std::atomic<int> runs{0};
    // Each holds one user's lock and asks for the other's.
    std::promise<void> first_holds, second_holds;
    auto first_held = first_holds.get_future().share();
    auto second_held = second_holds.get_future().share();
    const auto job = [&](const user& mine, const user& other, std::promise<void>& holds,
                         std::shared_future<void> other_held, bool& told) {
        return [&, other_held](transaction& tx) {
            ++runs;
            tx.find_user(mine.id);
            if (!std::exchange(told, true))
                holds.set_value();
            other_held.wait();
            tx.find_user(other.id);
            return store::verdict::keep;
        };
    };
    std::promise<void> ended[2];
    bool told[2] = {false, false};
    const auto end = [](std::promise<void>& with) {
        return [&with](std::exception_ptr failure) { failure ? with.set_exception(failure) : with.set_value(); };
    };
    db->submit_write(job(ann, bob, first_holds, second_held, told[0]), end(ended[0]));
    db->submit_write(job(bob, ann, second_holds, first_held, told[1]), end(ended[1]));
    EXPECT_NO_THROW(ended[0].get_future().get());
    EXPECT_NO_THROW(ended[1].get_future().get());
    EXPECT_EQ(runs, 3);
}

TEST_F(postgres_faults, ALockThatIsHeldForTooLongIsToldAndPasses) {
    const auto db = open_named();
    const user ann = add_user(*db, "ann@example.org");
    auto holder = look();
    holder.queue("BEGIN");
    holder.query("SELECT pg_advisory_xact_lock(uuid_hash_extended($1, 0))", ann.id);
    EXPECT_THROW(add_task(*db, ann.id, "late"), unavailable);
    EXPECT_EQ(db->trouble(), std::nullopt) << "the database is well";
    holder.query("ROLLBACK");
    EXPECT_NO_THROW(add_task(*db, ann.id, "in time"));
}

TEST_F(postgres_faults, AnEmptiedTrashKeepsItsLimitWhateverThePlan) {
    // A nested loop may ask the inner query again for every row of the outer one.
    const auto db = postgres::open_store(
        {.url = url() + "%20-cenable_hashjoin%3Doff%20-cenable_mergejoin%3Doff"
                        "%20-cenable_hashagg%3Doff%20-cenable_sort%3Doff%20-cenable_material%3Doff",
         .encode_event = encode_title,
         .writers = 1,
         .readers = 1},
        time_, random_);
    const user ann = add_user(*db, "ann@example.org");
    for (int i = 0; i < 6; ++i) {
        const task doomed = add_task(*db, ann.id, "doomed");
        write(*db, [&](transaction& tx) { tx.trash_task(ann.id, doomed.id, false, tx.new_uuid(), tx.now()); });
    }
    const auto purge = [&] { return write(*db, [&](transaction& tx) { return tx.purge_trash(tx.now() + 1ms, 2); }); };
    EXPECT_EQ(purge(), 2u);
    EXPECT_EQ(purge(), 2u);
    EXPECT_EQ(purge(), 2u);
}

TEST_F(postgres_faults, InstantsThatAZonesNewRulesHaveMovedAreWorkedOutAnew) {
    const auto db = open_named();
    const user ann = add_user(*db, "ann@example.org");
    const task dated = write(*db, [&](transaction& tx) {
        task made = make_task(tx, ann.id, "dated");
        made.due = wall(2026, 7, 1, 9, 0);
        made.zone = zone("Europe/Berlin");
        EXPECT_TRUE(tx.insert_task(made));
        return made;
    });
    const auto refresh = [&] {
        return write(*db, [](transaction& tx) { return tx.refresh_due_instants({}, 10).changed; });
    };
    EXPECT_EQ(refresh(), 0u);
    look().execute("SELECT set_config('rondo.user', '*', false); UPDATE tasks SET due_at = due_at + 3600000");
    EXPECT_EQ(refresh(), 1u);
    EXPECT_EQ(refresh(), 0u);
    const auto found = read_and_wait(*db, [&](const transaction& tx) { return tx.find_task(ann.id, dated.id); });
    EXPECT_EQ(found, dated);
}

}  // namespace rondo::test
