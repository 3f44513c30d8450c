#include "store/sqlite/migrations.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

#include "store/sqlite/database_file.hpp"
#include "store/sqlite/known_migrations.hpp"

namespace rondo::sqlite {

namespace {

constexpr int io_error_exit = 74;
constexpr std::chrono::seconds migration_lock_wait_max{10};
constexpr std::chrono::milliseconds lock_poll_interval{20};
constexpr int backups_max = 1000;  // of one name

std::string four_digits(int version) {
    const std::string digits = std::to_string(version);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

void refuse_newer(const file_state& found, const std::filesystem::path& file) {
    rondo::refuse_newer(known_migrations(), found.applied, file.string());
}

void make_folder(const std::filesystem::path& file) {
    const auto folder = std::filesystem::absolute(file).parent_path();
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        throw fatal{io_error_exit, "Cannot make the folder " + folder.string() +
                                       " for the database: " + failure.message() +
                                       ". Make it, writable for this user, or set DATABASE_URL to another file."};
}

/// Keeps other processes from looking at the file while this one makes or migrates it: a lock on its folder, which leaves
/// no file behind and ends with the process. SQLite's own locks do not cover the switch to a write-ahead log.
class folder_lock {
public:
    explicit folder_lock(const std::filesystem::path& file) {
        const auto folder = std::filesystem::absolute(file).parent_path();
        folder_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const auto deadline = std::chrono::steady_clock::now() + migration_lock_wait_max;
        // Where folders cannot be locked, SQLite's locks have to do.
        while (folder_ >= 0 && ::flock(folder_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            if (std::chrono::steady_clock::now() > deadline) {
                ::close(folder_);
                throw database_error{SQLITE_BUSY, "Another process is starting with the database"};
            }
            std::this_thread::sleep_for(lock_poll_interval);
        }
    }
    ~folder_lock() {
        if (folder_ >= 0)
            ::close(folder_);
    }
    folder_lock(const folder_lock&) = delete;
    folder_lock& operator=(const folder_lock&) = delete;

private:
    int folder_;
};

std::unique_ptr<connection> open_for_migration(const std::filesystem::path& file) {
    auto db = std::make_unique<connection>(std::filesystem::absolute(file).string(), connection::mode::create);
    if (sqlite3_db_readonly(db->handle(), "main") == 1)
        throw database_error{SQLITE_READONLY, "The file is read-only for this user"};
    // A log that is not ours to copy stays as it is when we find another program's tables.
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    db->wait_for_lock(migration_lock_wait_max);
    inspect(*db, file);
    std::string mode;
    {
        auto row = db->query("PRAGMA journal_mode = WAL");
        row.step();
        mode = row.text(0);
    }
    if (mode != "wal")
        throw fatal{io_error_exit, "Cannot use the database " + file.string() +
                                       ": its file system has no shared memory for a write-ahead log. Set DATABASE_URL "
                                       "to a file on a local disk."};
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    db->execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF");
    return db;
}

/// A name that no file has: an older copy may be the only good one.
std::filesystem::path free_name(const std::filesystem::path& wanted) {
    std::filesystem::path name = wanted;
    for (int i = 2; std::filesystem::exists(name) && i < backups_max; ++i)
        name = wanted.string() + "-" + std::to_string(i);
    return name;
}

/// Copies the file as it is for readers. It gets its name when it is whole.
void back_up(const std::filesystem::path& file, const std::string& suffix) {
    const auto target = free_name(file.string() + suffix);
    const auto partial = target.string() + ".partial";
    std::filesystem::remove(partial);
    {
        connection from{std::filesystem::absolute(file).string(), connection::mode::read_write};
        connection to{std::filesystem::absolute(partial).string(), connection::mode::create};
        sqlite3_backup* const copy = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
        if (copy == nullptr)
            throw_failure(to.handle(), sqlite3_extended_errcode(to.handle()));
        const int stepped = sqlite3_backup_step(copy, -1);
        const int finished = sqlite3_backup_finish(copy);
        if (stepped != SQLITE_DONE || finished != SQLITE_OK)
            throw_failure(to.handle(), finished != SQLITE_OK ? finished : stepped);
    }
    std::filesystem::rename(partial, target);
}

void apply(connection& db, const migration& step) {
    db.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
        " applied_at TEXT NOT NULL) STRICT; PRAGMA application_id = " +
        std::to_string(our_application_id));
    db.execute(std::string{step.up});
    db.run(
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', "
        "'now'))",
        step.version, step.name);
}

void take_back(connection& db, const migration& step) {
    db.execute(std::string{step.down});
    db.run("DELETE FROM schema_migrations WHERE version = ?", step.version);
}

void check_references(connection& db, const migration& step) {
    if (db.query("PRAGMA foreign_key_check").step())
        throw std::logic_error{"the migration " + std::string{step.name} + " leaves rows that refer to nothing"};
}

/// Runs one step after another, each chosen from what is applied under the lock, until none is chosen. What was there
/// before the first of them is copied.
std::vector<std::string> migrate(const std::filesystem::path& file, const std::string& copy_suffix,
                                 const std::function<const migration*(const file_state&)>& choose,
                                 void (*run)(connection&, const migration&)) {
    std::vector<std::string> done;
    try {
        const folder_lock alone{file};
        refuse_newer(inspect(file), file);
        const auto db = open_for_migration(file);
        for (;;) {
            db->execute("BEGIN EXCLUSIVE");
            const file_state found = inspect(*db, file);
            refuse_newer(found, file);
            const migration* const step = choose(found);
            if (step == nullptr) {
                db->execute("ROLLBACK");
                return done;
            }
            if (found.has_tables && done.empty())
                back_up(file, copy_suffix + four_digits(step->version));
            run(*db, *step);
            check_references(*db, *step);
            db->execute("COMMIT");
            done.emplace_back(step->name);
        }
    } catch (const database_error& why) {
        throw cannot_use(file, why);
    } catch (const std::filesystem::filesystem_error& why) {
        throw fatal{io_error_exit, std::string{"Cannot make a copy of the database before changing it: "} + why.what()};
    }
}

}  // namespace

std::vector<migration_state> migration_status(const std::filesystem::path& file) {
    const file_state found = inspect(file);
    refuse_newer(found, file);
    return states_of(known_migrations(), found.applied);
}

std::vector<std::string> migrate_up(const std::filesystem::path& file) {
    make_folder(file);
    return migrate(
        file, ".before-", [](const file_state& now) { return first_pending(known_migrations(), now.applied); }, apply);
}

std::vector<std::string> migrate_down(const std::filesystem::path& file, int steps) {
    if (!std::filesystem::exists(file))
        return {};
    return migrate(
        file, ".before-down-",
        [left = steps](const file_state& now) mutable {
            return left-- > 0 ? last_applied(known_migrations(), now.applied) : nullptr;
        },
        take_back);
}

void migrate_memory(connection& db) {
    for (const migration& each : known_migrations())
        apply(db, each);
}

}  // namespace rondo::sqlite
