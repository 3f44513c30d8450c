#pragma once
// The schema's history, inside the binary (src/store/migrations), and the way up and down it.

#include <filesystem>
#include <string>
#include <vector>

#include "store/migrations/migration.hpp"

namespace rondo::sqlite {

class connection;

/// This engine's history, oldest first: the files of src/store/migrations/sqlite, and those beside that folder, which are
/// both engines'.
const std::vector<migration>& known_migrations();

/// Every migration this binary knows, oldest first. The file is not written; one that is not there has all of them pending.
std::vector<migration_state> migration_status(const std::filesystem::path& file);

/// Applies what is pending, each in one transaction, under the file's lock, after a backup copy beside the file
/// (`todo.db.before-0002`). Gives what was applied. Throws `fatal`; a failed migration leaves the file as it was.
std::vector<std::string> migrate_up(const std::filesystem::path& file);

/// What taking back the newest `steps` migrations would delete. Nothing is written.
std::vector<lost_data> lost_by_going_down(const std::filesystem::path& file, int steps);

/// Takes back the newest `steps` migrations in the same way; the copies are called `todo.db.before-down-0002`.
std::vector<std::string> migrate_down(const std::filesystem::path& file, int steps);

/// Makes the newest schema in a database in memory.
void migrate_memory(connection& db);

}  // namespace rondo::sqlite
