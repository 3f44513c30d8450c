#include "store/sqlite/schema/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "contract/store/faulty_vfs.hpp"
#include "contract/store/raw_database.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

namespace fs = std::filesystem;

std::string read_all(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Every file of a folder with its bytes.
std::map<std::string, std::string> contents(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& each : fs::directory_iterator{folder})
        files[each.path().filename()] = each.is_regular_file() ? read_all(each.path()) : "";
    return files;
}

const int every_step = static_cast<int>(sqlite::known_migrations().size());

/// The names of all migrations, oldest first.
std::vector<std::string> all_steps() {
    std::vector<std::string> names;
    for (const migration& each : sqlite::known_migrations())
        names.emplace_back(each.name);
    return names;
}

/// "0007", of the newest one.
std::string newest() {
    return all_steps().back().substr(0, 4);
}

std::unique_ptr<store> open(const fs::path& file) {
    static const manual_clock time;
    static seeded_random random;
    return sqlite::open_store({.file = file, .encode_event = encode_nothing}, time, random);
}

struct refusal {
    int code = 0;
    std::string line;
};

refusal refused(const fs::path& file) {
    try {
        open(file);
    } catch (const fatal& why) {
        return {.code = why.exit_code(), .line = why.what()};
    }
    ADD_FAILURE() << file << " was opened";
    return {};
}

/// Runs `job` in a process of its own; gives how it ended, as waitpid does.
template <class Job>
int in_child(Job job) {
    const pid_t child = ::fork();
    if (child == 0) {
        int code = 1;
        try {
            code = job();
        } catch (...) {
        }
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

}  // namespace

class sqlite_migrations : public ::testing::Test {
protected:
    sqlite_migrations() { disk(); }

    std::vector<std::string> own_tables() {
        return raw_database{file_}.run("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'");
    }

    scratch_folder folder_;
    fs::path file_ = folder_.path() / "todo.db";
};

TEST_F(sqlite_migrations, MakeANewFileAndItsFolder) {
    const fs::path deep = folder_.path() / "a" / "b" / "todo.db";
    EXPECT_EQ(sqlite::migration_status(deep).front().applied_at, std::nullopt);
    EXPECT_FALSE(fs::exists(folder_.path() / "a")) << "a look at the status writes nothing";
    EXPECT_THAT(sqlite::migrate_up(deep), ElementsAreArray(all_steps()));
    EXPECT_THAT(sqlite::migrate_up(deep), IsEmpty());
    EXPECT_TRUE(sqlite::migration_status(deep).front().applied_at);
    EXPECT_EQ(sqlite::migration_status(deep).front().name, "0001_initial");
    EXPECT_THAT(sqlite::migration_status(deep).front().loses, HasSubstr("every user"));
    EXPECT_THAT(contents(deep.parent_path()), ElementsAre(::testing::Key("todo.db"))) << "no copy of nothing";
    EXPECT_THAT(raw_database{deep}.run("PRAGMA application_id"), ElementsAre(std::to_string(0x526f6e64)));
    EXPECT_THAT(raw_database{deep}.run("PRAGMA journal_mode"), ElementsAre("wal"));
}

TEST_F(sqlite_migrations, TakeAnEmptyFileForANewOne) {
    std::ofstream{file_};
    EXPECT_THAT(sqlite::migrate_up(file_), ElementsAreArray(all_steps()));
}

TEST_F(sqlite_migrations, GiveTheSameSchemaUpDownAndUpAgain) {
    sqlite::migrate_up(file_);
    const auto first = raw_database{file_}.schema();
    EXPECT_GT(first.size(), 30u);
    for (auto step = all_steps().size(); step > 0; --step)
        EXPECT_THAT(sqlite::migrate_down(file_, 1), ElementsAre(all_steps()[step - 1]));
    EXPECT_THAT(own_tables(), ElementsAre("schema_migrations"));
    EXPECT_THAT(sqlite::migrate_down(file_, 1), IsEmpty());
    EXPECT_THAT(sqlite::migrate_up(file_), ElementsAreArray(all_steps()));
    EXPECT_EQ(raw_database{file_}.schema(), first);
    EXPECT_THAT(raw_database{file_}.integrity(), ElementsAre("ok"));
}

TEST_F(sqlite_migrations, LeaveACopyOfWhatWasThereBefore) {
    {
        const auto opened = open(file_);
        write_and_wait(*opened, [](transaction& tx) {
            return tx.insert_user({.id = tx.new_id<user_id>(),
                                   .email = "ann@example.org",
                                   .name = {},
                                   .zone = {},
                                   .password_hash = "",
                                   .created_at = tx.now()});
        });
        // While the store is open: what is in the log only is copied too.
        sqlite::migrate_down(file_, 1);
    }
    const fs::path copy = file_.string() + ".before-down-" + newest();
    EXPECT_THAT(raw_database{copy}.run("SELECT email FROM users"), ElementsAre("ann@example.org"));
    EXPECT_THAT(raw_database{copy}.integrity(), ElementsAre("ok"));
    sqlite::migrate_up(file_);
    EXPECT_TRUE(fs::exists(file_.string() + ".before-" + newest()));
    sqlite::migrate_down(file_, every_step);
    EXPECT_TRUE(fs::exists(copy.string() + "-2")) << "an older copy is never overwritten";
    EXPECT_THAT(raw_database{copy}.run("SELECT email FROM users"), ElementsAre("ann@example.org"));
}

TEST_F(sqlite_migrations, LeaveTheFileWholeWhenKilledAtAnyWrite) {
    int survived = 0;
    for (long write = 1; survived == 0 && write < 400; write += 3) {
        const fs::path file = folder_.path() / ("killed-" + std::to_string(write) + ".db");
        const int ended = in_child([&] {
            disk().writes = 0;
            disk().kill_after_writes = write;
            sqlite::migrate_up(file);
            return 0;
        });
        if (WIFEXITED(ended))
            ++survived;
        else
            ASSERT_EQ(WTERMSIG(ended), SIGKILL);
        ASSERT_NO_THROW(sqlite::migration_status(file)) << write;
        ASSERT_NO_THROW(sqlite::migrate_up(file)) << write;
        ASSERT_TRUE(sqlite::migration_status(file).front().applied_at) << write;
        ASSERT_THAT(raw_database{file}.integrity(), ElementsAre("ok")) << write;
        ASSERT_FALSE(fs::exists(file.string() + ".before-0001")) << write;
    }
    EXPECT_EQ(survived, 1) << "the last run was not killed, so all writes before were tried";
}

TEST_F(sqlite_migrations, LeaveTheFileAsItWasWhenTheWayDownIsKilled) {
    sqlite::migrate_up(file_);
    const auto schema = raw_database{file_}.schema();
    int survived = 0;
    for (long write = 1; survived == 0 && write < 1000; write += 17) {
        const int ended = in_child([&] {
            disk().writes = 0;
            disk().kill_after_writes = write;
            sqlite::migrate_down(file_, every_step);
            return 0;
        });
        if (WIFEXITED(ended))
            ++survived;
        else
            ASSERT_THAT(raw_database{file_}.integrity(), ElementsAre("ok"));
        for (const auto& each : contents(folder_.path())) {
            const std::string& name = each.first;
            if (!name.contains("before-down") || name.ends_with(".partial") || name.ends_with("-journal"))
                continue;
            ASSERT_THAT(raw_database{folder_.path() / name}.integrity(), ElementsAre("ok")) << "a named copy is whole";
            if (name.contains(newest()))
                ASSERT_EQ(raw_database{folder_.path() / name}.schema(), schema);
        }
    }
    EXPECT_EQ(survived, 1);
    EXPECT_THAT(own_tables(), ElementsAre("schema_migrations"));
}

TEST_F(sqlite_migrations, RunOnceWhenSeveralProcessesStartTogether) {
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            int code = 1;
            try {
                sqlite::migrate_up(file_);
                code = 0;
            } catch (const std::exception& why) {
                std::fprintf(stderr, "%s\n", why.what());
            }
            ::_exit(code);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    EXPECT_THAT(raw_database{file_}.run("SELECT count(*) FROM schema_migrations"),
                ElementsAre(std::to_string(every_step)));
}

TEST_F(sqlite_migrations, RefuseAnotherProgramsTablesWithoutATrace) {
    for (const char* mode : {"DELETE", "WAL"}) {
        SCOPED_TRACE(mode);
        fs::remove(file_);
        raw_database{file_}.run(std::string{"PRAGMA journal_mode="} + mode +
                                "; CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')");
        const auto before = contents(folder_.path());
        const refusal got = refused(file_);
        EXPECT_EQ(got.code, 78);
        EXPECT_THAT(got.line, AllOf(HasSubstr(file_.string()), HasSubstr("another program's tables"),
                                    HasSubstr("DATABASE_URL"), ::testing::Not(HasSubstr("\n"))));
        EXPECT_THROW(sqlite::migrate_up(file_), fatal);
        EXPECT_THROW(sqlite::migrate_down(file_, 1), fatal);
        EXPECT_THROW(sqlite::migration_status(file_), fatal);
        EXPECT_EQ(contents(folder_.path()), before);
    }
}

TEST_F(sqlite_migrations, RefuseAnotherProgramsTablesThatAreInItsLogOnly) {
    // As it lies after a crash: the main file has no tables yet.
    const int ended = in_child([&] {
        raw_database other{file_};
        other.run("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE notes (text)");
        ::kill(::getpid(), SIGKILL);
        return 0;
    });
    ASSERT_TRUE(WIFSIGNALED(ended));
    const std::string file_before = read_all(file_);
    const std::string log_before = read_all(file_.string() + "-wal");
    EXPECT_THAT(refused(file_).line, HasSubstr("another program's tables"));
    EXPECT_EQ(read_all(file_), file_before);
    EXPECT_EQ(read_all(file_.string() + "-wal"), log_before);
    EXPECT_THAT(raw_database{file_}.run("SELECT count(*) FROM notes"), ElementsAre("0"));
}

TEST_F(sqlite_migrations, RefuseWhatIsNotADatabase) {
    std::ofstream{file_}
        << "Dear diary, this is a text that is longer than the header of a database file, which has 100 bytes.";
    const auto before = contents(folder_.path());
    const refusal got = refused(file_);
    EXPECT_EQ(got.code, 74);
    EXPECT_THAT(got.line, AllOf(HasSubstr(file_.string()), HasSubstr("damaged or not a database")));
    EXPECT_EQ(contents(folder_.path()), before);

    EXPECT_EQ(refused(folder_.path()).code, 78) << "a folder";
}

TEST_F(sqlite_migrations, RefuseAFileTooShortForADatabase) {
    for (const std::size_t size : {1u, 99u, 511u}) {
        std::ofstream{file_} << std::string(size, 'x');
        const auto before = contents(folder_.path());
        EXPECT_EQ(refused(file_).code, 74) << size;
        EXPECT_EQ(contents(folder_.path()), before) << size;
    }
}

TEST_F(sqlite_migrations, RefuseADamagedHeader) {
    sqlite::migrate_up(file_);
    const std::string whole = read_all(file_);
    for (const std::size_t at : {0u, 5u, 16u, 21u, 22u, 47u, 100u, 103u}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
        std::ofstream{file_, std::ios::binary} << damaged;
        const refusal got = refused(file_);
        EXPECT_THAT(got.line, HasSubstr(file_.string())) << at;
        EXPECT_EQ(read_all(file_), damaged) << at;
    }
}

TEST_F(sqlite_migrations, RefuseTheSchemaOfANewerProgram) {
    sqlite::migrate_up(file_);
    raw_database{file_}.run("INSERT INTO schema_migrations VALUES (9001, '9001_future', '2030-01-01T00:00:00.000Z')");
    const auto before = contents(folder_.path());
    const refusal got = refused(file_);
    EXPECT_EQ(got.code, 78);
    EXPECT_THAT(got.line, AllOf(HasSubstr("newer Rondo"), HasSubstr("9001"), HasSubstr(newest())));
    EXPECT_EQ(contents(folder_.path()), before);
    EXPECT_THROW(sqlite::migrate_down(file_, 1), fatal);
    EXPECT_THROW(sqlite::migration_status(file_), fatal);
}

TEST_F(sqlite_migrations, SayWhatToDoWhenTheFileMayNotBeWritten) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root, to become someone else";
    sqlite::migrate_up(file_);
    fs::permissions(folder_.path(), fs::perms{0755});
    const auto line_as_nobody = [&](const fs::path& file) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        in_child([&] {
            if (::setuid(65534) != 0)
                return 2;
            try {
                open(file);
            } catch (const fatal& why) {
                const std::string line = std::to_string(why.exit_code()) + " " + why.what();
                return ::write(ends[1], line.data(), line.size()) > 0 ? 0 : 3;
            }
            return 4;
        });
        ::close(ends[1]);
        char line[1000];
        const ssize_t size = ::read(ends[0], line, sizeof line);
        ::close(ends[0]);
        return std::string(line, static_cast<std::size_t>(size));
    };
    EXPECT_THAT(line_as_nobody(file_),
                AllOf(HasSubstr("74 Cannot use the database " + file_.string()), HasSubstr("permission")));
    EXPECT_THAT(line_as_nobody(folder_.path() / "new.db"), AllOf(HasSubstr("74 "), HasSubstr("permission")));
    EXPECT_THAT(line_as_nobody(folder_.path() / "new" / "new.db"),
                AllOf(HasSubstr("74 Cannot make the folder"), HasSubstr("Permission denied")));
    fs::permissions(file_, fs::perms{0});
    EXPECT_THAT(line_as_nobody(file_), AllOf(HasSubstr("74 "), HasSubstr(file_.string())));
}

TEST_F(sqlite_migrations, SayThatTheDiskIsFull) {
    const fs::path small = folder_.path() / "small";
    fs::create_directory(small);
    if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=64k") != 0)
        GTEST_SKIP() << "needs the right to mount a small disk";
    const refusal got = refused(small / "todo.db");
    ::umount(small.c_str());
    EXPECT_EQ(got.code, 74);
    EXPECT_THAT(got.line,
                AllOf(HasSubstr((small / "todo.db").string()), HasSubstr("full"), HasSubstr("Free some space")));
}

}  // namespace rondo::test
