#pragma once
// Which database DATABASE_URL names, and how it is opened and migrated: the only place that knows which engines there are.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/migrations/migration.hpp"
#include "store/moving/copy_rows.hpp"
#include "store/moving/take_over.hpp"
#include "store/postgres/database_url.hpp"
#include "store/store.hpp"

namespace rondo {

/// A SQLite file or a PostgreSQL server.
using database_place = std::variant<std::filesystem::path, postgres::database_url>;

/// Reads a URL. Throws `fatal` (78) with one line that says what is allowed, without the URL's password; `name` is the
/// setting it was given as.
database_place read_database_url(const std::string& given, std::string_view name = "DATABASE_URL");

/// A URL without its password.
std::string without_password(std::string_view url);

/// Opens the server's database, which it makes or migrates; the FastAPI backend's is taken over, and the log tells what
/// was changed on the way. Throws `fatal`.
std::unique_ptr<store> open_database(const database_place& place, const clock& time, random_source& random);

/// Opens it for a command that asks one thing after the other. Throws `fatal` also if there is no file.
std::unique_ptr<store> open_database_for_command(const database_place& place, const clock& time, random_source& random);

/// What bringing a database up has done.
struct brought_up {
    std::optional<take_over_outcome> taken_over;  ///< it was the FastAPI backend's
    std::vector<std::string> applied;  ///< migrations
};

std::vector<migration_state> migration_status(const database_place& place);
/// Takes over the FastAPI backend's database, or applies what is pending.
brought_up migrate_up(const database_place& place);
/// What taking back the newest `steps` migrations would delete.
std::vector<lost_data> lost_by_going_down(const database_place& place, int steps);
std::vector<std::string> migrate_down(const database_place& place, int steps);

/// Copies everything that one database of ours holds into another, empty one; goes on with a copy that was broken off. The
/// URLs are as they were given. Throws `fatal`.
std::vector<copied_table> copy_database(const std::string& from, const std::string& to,
                                        const std::function<void(const copy_progress&)>& tell);

}  // namespace rondo
