#pragma once
// What every change of a whole file needs: to be alone with it, a copy of it as it was, and its schema.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "store/migrations/migration.hpp"
#include "store/sqlite/connection.hpp"

namespace rondo::sqlite {

/// Keeps other processes from looking at the file while this one makes or migrates it: a lock on its folder, which leaves
/// no file behind and ends with the process. SQLite's own locks do not cover the switch to a write-ahead log.
class folder_lock {
public:
    /// Waits for 10 s at most; throws `database_error`.
    explicit folder_lock(const std::filesystem::path& file);
    ~folder_lock();
    folder_lock(const folder_lock&) = delete;
    folder_lock& operator=(const folder_lock&) = delete;

private:
    int folder_;
};

/// A process that has the file open, as far as locks tell: one with a write-ahead log has one as long as it is open. Call
/// it before this process opens the file, whose locks it would undo.
std::optional<int> process_with(const std::filesystem::path& file);

/// A connection that waits for locks, and leaves a log that is there as it is. Writes nothing. Throws `database_error`.
std::unique_ptr<connection> open_to_change(const std::filesystem::path& file, connection::mode how);
/// Gives the file a write-ahead log, and the connection the settings for a change. Throws `fatal`.
void keep_log(connection& db, const std::filesystem::path& file);

/// Copies the file as it is for readers, to a name that no file has. The copy gets its name when it is whole.
std::filesystem::path back_up(const std::filesystem::path& file, const std::string& suffix);

/// Within a transaction.
void apply(connection& db, const migration& step);
/// Throws `std::logic_error` if rows refer to nothing; `who` has left them.
void check_references(connection& db, std::string_view who);

}  // namespace rondo::sqlite
