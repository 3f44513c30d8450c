// What a disk, another process and a kill can do to the store.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <thread>

#include "contract/store/faulty_vfs.hpp"
#include "contract/store/raw_database.hpp"
#include "store/sqlite/writer.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

namespace {

task make_task(transaction& tx, user_id owner, const std::string& title) {
    task made;
    made.id = tx.new_id<task_id>();
    made.owner = owner;
    made.series = made.id;
    made.title = title;
    made.created_at = made.updated_at = tx.now();
    return made;
}

/// Waits for something another thread brings about by itself.
template <class Condition>
bool comes_true(Condition condition, std::chrono::seconds within = 20s) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

}  // namespace

class sqlite_faults : public ::testing::Test {
protected:
    sqlite_faults() { disk(); }
    ~sqlite_faults() override { heal(); }

    static void heal() {
        disk().sync_fails = false;
        disk().is_full = false;
        disk().write_fails = false;
    }

    static std::future<void> submit(scratch_store& db, store::write_job job) {
        std::promise<void> ended;
        auto end = ended.get_future();
        db->submit_write(std::move(job), [ended = std::move(ended)](std::exception_ptr failure) mutable {
            failure ? ended.set_exception(failure) : ended.set_value();
        });
        return end;
    }
    static task add(scratch_store& db, user_id owner, const std::string& title) {
        return db.write([&](transaction& tx) {
            const task made = make_task(tx, owner, title);
            EXPECT_TRUE(tx.insert_task(made));
            return made;
        });
    }
    static std::vector<std::string> titles(scratch_store& db, user_id owner) {
        return db.read([&](const transaction& tx) {
            std::vector<std::string> found;
            for (const task& each :
                 tx.list_tasks(owner, {}, {.sort = sort_key::title, .descending = false, .limit = 100, .after = {}})
                     .tasks)
                found.push_back(each.title);
            return found;
        });
    }

    /// Three jobs share a commit that fails: none is acknowledged, none has happened, reads go on, and the store heals by
    /// itself when the disk does.
    void expect_whole_group_fails_and_store_heals(std::atomic<bool>& fault, const char* reason) {
        scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
        const user ann = db.add_user();
        add(db, ann.id, "before");
        EXPECT_EQ(db->trouble(), std::nullopt);

        std::promise<void> started;
        std::promise<void> go;
        auto held = submit(db, [&](transaction&) {
            started.set_value();
            go.get_future().wait();
            return store::verdict::keep;
        });
        started.get_future().wait();
        std::vector<std::future<void>> ends;
        for (const char* title : {"lost 1", "lost 2", "lost 3"})
            ends.push_back(submit(db, [&ann, title](transaction& tx) {
                tx.insert_task(make_task(tx, ann.id, title));
                return store::verdict::keep;
            }));
        ends.push_back(submit(db, [&ann](transaction& tx) {
            // What it saw was never there.
            tx.list_tasks(ann.id, {}, {});
            return store::verdict::roll_back;
        }));
        const long opens_before = disk().opens;
        fault = true;
        go.set_value();
        EXPECT_NO_THROW(held.get()) << "nothing to write, so nothing to fail";
        for (auto& end : ends)
            EXPECT_THROW(end.get(), unavailable);
        EXPECT_THAT(db->trouble(), Optional(HasSubstr(reason)));
        EXPECT_THAT(titles(db, ann.id), ElementsAre("before")) << "reads go on";
        EXPECT_THROW(add(db, ann.id, "lost 4"), unavailable);

        fault = false;
        EXPECT_TRUE(comes_true([&] { return db->trouble() == std::nullopt; })) << "the writer tries by itself";
        EXPECT_GT(disk().opens, opens_before) << "the connection was not trusted any more";
        add(db, ann.id, "after");
        EXPECT_THAT(titles(db, ann.id), ElementsAre("after", "before"));
        task_filter filter;
        filter.text = "lost";
        EXPECT_TRUE(db.read([&](const transaction& tx) { return tx.list_tasks(ann.id, filter, {}).tasks.empty(); }));
        db.reopen();
        EXPECT_THAT(titles(db, ann.id), ElementsAre("after", "before"));
        db.close();
        EXPECT_THAT(raw_database{db.file()}.integrity(), ElementsAre("ok"));
    }
};

TEST_F(sqlite_faults, AFailedSyncFailsTheWholeGroup) {
    expect_whole_group_fails_and_store_heals(disk().sync_fails, "gives errors");
}

TEST_F(sqlite_faults, AFullDiskFailsTheWholeGroup) {
    expect_whole_group_fails_and_store_heals(disk().is_full, "full");
}

TEST_F(sqlite_faults, AFailedWriteFailsTheWholeGroup) {
    expect_whole_group_fails_and_store_heals(disk().write_fails, "gives errors");
}

TEST_F(sqlite_faults, WhatWasNotAcknowledgedIsNotThereAfterAKill) {
    // The failed group's frames lie in the log; a later, shorter commit and a kill must not bring them back.
    scratch_folder folder;
    const auto file = folder.path() / "todo.db";
    const pid_t child = ::fork();
    if (child == 0) {
        manual_clock time;
        seeded_random random;
        const auto opened = sqlite::open_store({.file = file, .encode_event = encode_nothing}, time, random);
        const auto add_user = [&](const std::string& email) {
            return write_and_wait(*opened, [&](transaction& tx) {
                return tx.insert_user({.id = tx.new_id<user_id>(),
                                       .email = email,
                                       .name = {},
                                       .zone = {},
                                       .password_hash = std::string(20'000, 'x'),
                                       .created_at = tx.now()});
            });
        };
        add_user("first");
        disk().sync_fails = true;
        try {
            add_user("lost");
            ::_exit(1);
        } catch (const unavailable&) {
        }
        disk().sync_fails = false;
        write_and_wait(*opened, [&](transaction& tx) { return tx.clear_login_throttle("nobody"), 0; });
        add_user("second");
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_THAT(raw_database{file}.run("SELECT email FROM users ORDER BY id"), ElementsAre("first", "second"));
}

TEST_F(sqlite_faults, AJobAloneFailsAndHealsToo) {
    scratch_store db{scratch_in::file, scratch_jobs::at_once};
    const user ann = db.add_user();
    disk().sync_fails = true;
    EXPECT_THROW(add(db, ann.id, "lost"), unavailable);
    EXPECT_TRUE(db->trouble());
    EXPECT_THAT(titles(db, ann.id), ElementsAre());
    disk().sync_fails = false;
    add(db, ann.id, "after");
    EXPECT_EQ(db->trouble(), std::nullopt);
    EXPECT_THAT(titles(db, ann.id), ElementsAre("after"));
}

TEST_F(sqlite_faults, ARealFullDiskHealsWhenThereIsSpaceAgain) {
    scratch_folder folder;
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=4m") != 0)
        GTEST_SKIP() << "needs the right to mount a small disk";
    {
        manual_clock time;
        seeded_random random;
        const auto opened =
            sqlite::open_store({.file = folder.path() / "todo.db", .encode_event = encode_nothing}, time, random);
        int added = 0;
        const auto add_user = [&] {
            write_and_wait(*opened, [&](transaction& tx) {
                return tx.insert_user({.id = tx.new_id<user_id>(),
                                       .email = std::to_string(added),
                                       .name = {},
                                       .zone = {},
                                       .password_hash = std::string(20'000, 'x'),
                                       .created_at = tx.now()});
            });
            ++added;
        };
        const auto ballast = folder.path() / "ballast";
        std::ofstream{ballast} << std::string(2'000'000, 'b');
        EXPECT_THROW(
            {
                for (int i = 0; i < 500; ++i)
                    add_user();
            },
            unavailable);
        EXPECT_THAT(opened->trouble(), Optional(HasSubstr("full")));
        EXPECT_GT(added, 5);
        const auto found = [&](const std::string& email) {
            return read_and_wait(*opened,
                                 [&](const transaction& tx) { return tx.find_user_by_email(email).has_value(); });
        };
        EXPECT_TRUE(found("0"));
        EXPECT_TRUE(found(std::to_string(added - 1)));
        EXPECT_FALSE(found(std::to_string(added)));

        std::filesystem::remove(ballast);
        EXPECT_TRUE(comes_true([&] { return opened->trouble() == std::nullopt; }));
        add_user();
        EXPECT_TRUE(found(std::to_string(added - 1)));
    }
    EXPECT_THAT(raw_database{folder.path() / "todo.db"}.integrity(), ElementsAre("ok"));
    ::umount(folder.path().c_str());
}

TEST_F(sqlite_faults, EveryAcknowledgedWriteSurvivesAKill) {
    for (int run = 0; run < 5; ++run) {
        scratch_folder folder;
        const auto file = folder.path() / "todo.db";
        int reports[2];
        ASSERT_EQ(::pipe(reports), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(reports[0]);
            const manual_clock time;
            system_random random;
            const auto opened = sqlite::open_store({.file = file, .encode_event = encode_nothing}, time, random);
            std::atomic<int> waiting{0};
            for (;;) {
                while (waiting >= 64)
                    std::this_thread::yield();
                ++waiting;
                auto id = std::make_shared<user_id>();
                opened->submit_write(
                    [id](transaction& tx) {
                        *id = tx.new_id<user_id>();
                        tx.insert_user({.id = *id,
                                        .email = to_string(*id),
                                        .name = {},
                                        .zone = {},
                                        .password_hash = "",
                                        .created_at = tx.now()});
                        return store::verdict::keep;
                    },
                    [id, &waiting, to = reports[1]](std::exception_ptr failure) {
                        if (!failure)
                            (void)!::write(to, id->value.bytes.data(), 16);
                        --waiting;
                    });
            }
        }
        ::close(reports[1]);
        std::vector<user_id> acknowledged;
        user_id reported;
        while (acknowledged.size() < 200 + 150 * static_cast<std::size_t>(run) &&
               ::read(reports[0], reported.value.bytes.data(), 16) == 16)
            acknowledged.push_back(reported);
        ::kill(child, SIGKILL);
        while (::read(reports[0], reported.value.bytes.data(), 16) == 16)
            acknowledged.push_back(reported);
        ::close(reports[0]);
        ::waitpid(child, nullptr, 0);
        ASSERT_GE(acknowledged.size(), 200u);

        const manual_clock time;
        seeded_random random;
        const auto opened = sqlite::open_store({.file = file, .encode_event = encode_nothing}, time, random);
        const auto missing = read_and_wait(*opened, [&](const transaction& tx) {
            return std::ranges::count_if(acknowledged, [&](user_id id) { return !tx.find_user(id); });
        });
        EXPECT_EQ(missing, 0) << "of " << acknowledged.size();
        EXPECT_THAT(raw_database{file}.integrity(), ElementsAre("ok"));
    }
}

TEST_F(sqlite_faults, WritesWaitForALockThatAnotherProcessHolds) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    raw_database other{db.file()};
    other.run("BEGIN IMMEDIATE");
    auto waits = submit(db, [&](transaction& tx) {
        tx.insert_task(make_task(tx, ann.id, "waited"));
        return store::verdict::keep;
    });
    EXPECT_EQ(waits.wait_for(200ms), std::future_status::timeout);
    EXPECT_THAT(titles(db, ann.id), ElementsAre()) << "reads go on";
    other.run("COMMIT");
    EXPECT_NO_THROW(waits.get());
    EXPECT_THAT(titles(db, ann.id), ElementsAre("waited"));
}

TEST_F(sqlite_faults, WritesGiveUpWhenALockIsHeldTooLong) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    raw_database other{db.file()};
    other.run("BEGIN IMMEDIATE");
    const auto submit_task = [&](const char* title) {
        return submit(db, [&ann, title](transaction& tx) {
            tx.insert_task(make_task(tx, ann.id, title));
            return store::verdict::keep;
        });
    };
    const auto began = std::chrono::steady_clock::now();
    // The first is tried at once; the others share the commit after it, though they came seconds apart.
    auto first = submit_task("first");
    EXPECT_EQ(first.wait_for(500ms), std::future_status::timeout);
    auto early = submit_task("early");
    EXPECT_EQ(early.wait_for(sqlite::lock_wait_max / 2), std::future_status::timeout);
    auto late = submit_task("late");
    EXPECT_THROW(first.get(), unavailable);
    EXPECT_GE(std::chrono::steady_clock::now() - began, sqlite::lock_wait_max - 100ms);
    EXPECT_THAT(db->trouble(), Optional(HasSubstr("lock")));
    EXPECT_THROW(early.get(), unavailable);
    EXPECT_EQ(late.wait_for(0ms), std::future_status::timeout) << "it has not waited as long";
    other.run("COMMIT");
    EXPECT_NO_THROW(late.get());
    EXPECT_THAT(titles(db, ann.id), ElementsAre("late"));
    EXPECT_EQ(db->trouble(), std::nullopt);
}

TEST_F(sqlite_faults, ADamagedPageIsReportedAndStaysSo) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    db.write([&](transaction& tx) {
        for (int i = 0; i < 500; ++i)
            tx.insert_task(make_task(tx, ann.id, "task " + std::to_string(i)));
        return 0;
    });
    db.close();
    const auto page = std::stol(
        raw_database{db.file()}.run("SELECT rootpage FROM sqlite_schema WHERE name = 'tasks_by_title'").at(0));
    {
        std::fstream damaged{db.file(), std::ios::binary | std::ios::in | std::ios::out};
        damaged.seekp((page - 1) * 4096);
        damaged << std::string(64, '\xa5');
    }
    db.reopen();
    EXPECT_THROW(titles(db, ann.id), unavailable);
    EXPECT_THAT(db->trouble(), Optional(HasSubstr("damaged")));
    db.write([](transaction& tx) { tx.clear_login_throttle("x"); });
    EXPECT_THAT(db->trouble(), Optional(HasSubstr("damaged"))) << "a write elsewhere does not mend it";
}

TEST_F(sqlite_faults, AFileThatIsTakenAwayIsReported) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    EXPECT_EQ(db->trouble(), std::nullopt);
    std::filesystem::rename(db.file(), db.file().string() + ".away");
    EXPECT_THAT(db->trouble(), Optional(HasSubstr("removed or replaced")));
    std::filesystem::rename(db.file().string() + ".away", db.file());
    EXPECT_EQ(db->trouble(), std::nullopt);
}

TEST_F(sqlite_faults, TheLogStaysBoundedWhileReadersComeAndGo) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    std::atomic<bool> stop{false};
    std::thread reading{[&] {
        while (!stop)
            titles(db, ann.id);
    }};
    const std::string long_text(200'000, 'x');
    for (int i = 0; i < 600; ++i)  // 120 MB through the log
        db.write([&](transaction& tx) {
            tx.save_login_throttle(
                {.key = std::to_string(i % 3) + long_text, .failures = i, .last_failure_at = {}, .blocked_until = {}});
        });
    stop = true;
    reading.join();
    EXPECT_LT(std::filesystem::file_size(db.file().string() + "-wal"), 100'000'000u);
}

TEST_F(sqlite_faults, JobsThatWaitAreDoneBeforeTheStoreCloses) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    int answered = 0;
    for (int i = 0; i < 50; ++i)
        db->submit_write(
            [&ann, i](transaction& tx) {
                tx.insert_task(make_task(tx, ann.id, std::to_string(i)));
                return store::verdict::keep;
            },
            [&](std::exception_ptr failure) { answered += failure == nullptr; });
    db.close();
    EXPECT_EQ(answered, 50);
    db.reopen();
    EXPECT_EQ(titles(db, ann.id).size(), 50u);
}

TEST_F(sqlite_faults, AChildThatIsDeletedPastTheStoreIsMissed) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    const auto completed = db.write([&](transaction& tx) {
        task done = make_task(tx, ann.id, "water the plants");
        done.status = task_status::done;
        done.repeat.type = recurring_type::daily;
        done.completed_at = tx.now();
        task child = make_task(tx, ann.id, "water the plants");
        child.source = done.id;
        EXPECT_TRUE(tx.insert_task(done));
        EXPECT_TRUE(tx.insert_task(child));
        return done.id;
    });
    const auto missing = [&] { return db.read([](const transaction& tx) { return tx.missing_children(10); }); };
    EXPECT_TRUE(missing().empty());
    raw_database{db.file()}.run("DELETE FROM tasks WHERE source IS NOT NULL");
    EXPECT_THAT(missing(), ElementsAre(std::pair{ann.id, completed}));
}

TEST_F(sqlite_faults, AStoreThatIsClosedLeavesOneFile) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const user ann = db.add_user();
    add(db, ann.id, "one");
    EXPECT_THAT(titles(db, ann.id), ElementsAre("one"));
    EXPECT_TRUE(std::filesystem::exists(db.file().string() + "-wal"));
    db.close();
    EXPECT_FALSE(std::filesystem::exists(db.file().string() + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(db.file().string() + "-shm"));
}

TEST_F(sqlite_faults, ThreadsThatEndLeaveTheirConnectionToTheNext) {
    scratch_store db{scratch_in::file, scratch_jobs::on_a_thread};
    const auto open_files = [] {
        return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"},
                             std::filesystem::directory_iterator{});
    };
    const auto read_elsewhere = [&] {
        std::thread{[&] { db.read([](const transaction& tx) { return tx.outbox().pending; }); }}.join();
    };
    read_elsewhere();
    const auto before = open_files();
    for (int i = 0; i < 20; ++i)
        read_elsewhere();
    EXPECT_EQ(open_files(), before);
}

}  // namespace rondo::test
