#include "store/sqlite/schema/changing_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "store/sqlite/database_file.hpp"

namespace rondo::sqlite {

namespace {

constexpr int io_error_exit = 74;
constexpr std::chrono::seconds migration_lock_wait_max{10};
constexpr std::chrono::milliseconds lock_poll_interval{20};
constexpr int backups_max = 1000;  // of one name
// Where SQLite locks bytes of the file, see its file format: one gigabyte from the beginning.
constexpr off_t sqlite_locks_begin = 0x40000000;
constexpr off_t sqlite_locks_size = 512;

/// A name that no file has: an older copy may be the only good one.
std::filesystem::path free_name(const std::filesystem::path& wanted) {
    std::filesystem::path name = wanted;
    for (int i = 2; std::filesystem::exists(name) && i < backups_max; ++i)
        name = wanted.string() + "-" + std::to_string(i);
    return name;
}

}  // namespace

folder_lock::folder_lock(const std::filesystem::path& file) {
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

folder_lock::~folder_lock() {
    if (folder_ >= 0)
        ::close(folder_);
}

std::optional<int> process_with(const std::filesystem::path& file) {
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0)
        return std::nullopt;
    struct flock wanted{};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    wanted.l_start = sqlite_locks_begin;
    wanted.l_len = sqlite_locks_size;
    const bool told = ::fcntl(opened, F_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK;
    ::close(opened);
    return told ? std::optional{static_cast<int>(wanted.l_pid)} : std::nullopt;
}

std::unique_ptr<connection> open_to_change(const std::filesystem::path& file, connection::mode how) {
    auto db = std::make_unique<connection>(std::filesystem::absolute(file).string(), how);
    if (sqlite3_db_readonly(db->handle(), "main") == 1)
        throw database_error{SQLITE_READONLY, "The file is read-only for this user"};
    // A log that is not ours to copy stays as it is when we find another program's tables.
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    db->wait_for_lock(migration_lock_wait_max);
    return db;
}

void keep_log(connection& db, const std::filesystem::path& file) {
    std::string mode;
    {
        auto row = db.query("PRAGMA journal_mode = WAL");
        row.step();
        mode = row.text(0);
    }
    if (mode != "wal")
        throw fatal{io_error_exit, "Cannot use the database " + file.string() +
                                       ": its file system has no shared memory for a write-ahead log. Set DATABASE_URL "
                                       "to a file on a local disk."};
    sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    db.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF");
}

std::filesystem::path back_up(const std::filesystem::path& file, const std::string& suffix) {
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
    return target;
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

void check_references(connection& db, std::string_view who) {
    if (db.query("PRAGMA foreign_key_check").step())
        throw std::logic_error{std::string{who} + " leaves rows that refer to nothing"};
}

}  // namespace rondo::sqlite
