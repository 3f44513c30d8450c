#pragma once
// The database as a file: whether it is ours, and how its connections are opened.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/migrations/migration.hpp"
#include "store/sqlite/connection.hpp"

namespace rondo::sqlite {

/// In the file's header: "Rond".
inline constexpr std::int64_t our_application_id = 0x526f6e64;

/// What a file is, found out without leaving a trace on it or beside it.
struct file_state {
    bool has_tables = false;
    bool is_foreign = false;  ///< the tables are those of the FastAPI backend; else all of them are ours
    std::optional<std::string> copy_of;      ///< it is an unfinished copy of that database
    std::vector<applied_migration> applied;  ///< oldest first
};

/// Throws `fatal` if it is something else than a database of ours, one to be taken over, or one without tables. A file that is not there is
/// an empty one.
file_state inspect(const std::filesystem::path& file);

/// The same question to an open connection: throws `fatal` if it sees another program's tables.
file_state inspect(connection& db, const std::filesystem::path& file);

/// Throws `fatal` if it is the FastAPI backend's database or an unfinished copy, with the way on.
void refuse_unfit(const file_state& found, const std::filesystem::path& file);

/// The line for a database that cannot be used, with the way out.
fatal cannot_use(const std::filesystem::path& file, const database_error& why);

/// Sets what every connection of the server has; `mode::create` also makes the file keep a write-ahead log.
void set_up(connection& db, connection::mode how);

}  // namespace rondo::sqlite
