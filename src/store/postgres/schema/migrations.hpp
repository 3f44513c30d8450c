#pragma once
// The schema's history, inside the binary (src/store/migrations), and the way up and down it.

#include <string>
#include <vector>

#include "store/migrations/migration.hpp"

namespace rondo::postgres {

/// This engine's history, oldest first: the files of src/store/migrations/postgres, and those beside that folder, which are
/// both engines'.
const std::vector<migration>& known_migrations();

/// Every migration this binary knows, oldest first. Nothing is written.
std::vector<migration_state> migration_status(const std::string& url);

/// Applies what is pending in one transaction, under a lock that replicas which start together wait for. Gives what was
/// applied. Throws `fatal`; a failed migration leaves the schema as it was.
std::vector<std::string> migrate_up(const std::string& url);

/// What taking back the newest `steps` migrations would delete. It is tried and undone, for which tables are locked.
std::vector<lost_data> lost_by_going_down(const std::string& url, int steps);

/// Takes back the newest `steps` migrations in the same way. No copy is made: that is pg_dump's business.
std::vector<std::string> migrate_down(const std::string& url, int steps);

}  // namespace rondo::postgres
