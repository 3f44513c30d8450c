#include "store/sqlite/schema/migrations.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "store/sqlite/database_file.hpp"
#include "store/sqlite/schema/changing_file.hpp"
#include "store/sqlite/text_keys.hpp"

namespace rondo::sqlite {

namespace {

constexpr int io_error_exit = 74;
constexpr std::chrono::seconds read_lock_wait_max{10};

std::string four_digits(int version) {
    const std::string digits = std::to_string(version);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

void refuse_newer(const file_state& found, const std::filesystem::path& file) {
    refuse_unfit(found, file);
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

std::unique_ptr<connection> open_for_migration(const std::filesystem::path& file) {
    auto db = open_to_change(file, connection::mode::create);
    refuse_newer(inspect(*db, file), file);
    keep_log(*db, file);
    return db;
}

bool has_text_keys(connection& db) {
    return db.query("SELECT 1 FROM sqlite_schema WHERE name = 'text_keys'").step();
}

void take_back(connection& db, const migration& step) {
    const bool had_text_keys = has_text_keys(db);
    db.execute(std::string{step.down});
    if (had_text_keys && !has_text_keys(db))
        restore_simple_tag_keys(db);
    db.run("DELETE FROM schema_migrations WHERE version = ?", step.version);
}

/// Runs one step after another, each chosen from what is applied under the lock, until none is chosen, and then `finish`,
/// which says whether it has changed anything. What was there before the first of them is copied.
std::vector<std::string> migrate(const std::filesystem::path& file, const std::string& copy_suffix,
                                 const std::function<const migration*(const file_state&)>& choose,
                                 void (*run)(connection&, const migration&), bool (*finish)(connection&)) {
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
                db->execute(finish(*db) ? "COMMIT" : "ROLLBACK");
                return done;
            }
            if (found.has_tables && done.empty())
                back_up(file, copy_suffix + four_digits(step->version));
            run(*db, *step);
            check_references(*db, "the migration " + std::string{step->name});
            db->execute("COMMIT");
            done.emplace_back(step->name);
        }
    } catch (const database_error& why) {
        throw cannot_use(file, why);
    } catch (const std::filesystem::filesystem_error& why) {
        throw fatal{io_error_exit, std::string{"Cannot make a copy of the database before changing it: "} + why.what()};
    }
}

/// Of the tables that hold data: not what a search looks in, which is made of them.
std::vector<schema_column> columns_of(connection& db) {
    return read_columns(db.query(
        "SELECT t.name, c.name, coalesce(c.dflt_value, '') FROM sqlite_schema t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND NOT EXISTS (SELECT 1 FROM sqlite_schema v WHERE v.sql LIKE 'CREATE VIRTUAL%'"
        " AND substr(t.name, 1, length(v.name) + 1) = v.name || '_') ORDER BY t.name, c.cid"));
}

}  // namespace

std::vector<lost_data> lost_by_going_down(const std::filesystem::path& file, int steps) {
    const file_state found = inspect(file);
    refuse_newer(found, file);
    // The way down is gone in memory, without data.
    connection tried{":memory:", connection::mode::create};
    for (const migration& each : known_migrations())
        if (std::ranges::find(found.applied, each.version, &applied_migration::version) != found.applied.end())
            apply(tried, each);
    const auto before = columns_of(tried);
    for (const migration& each : newest_applied(known_migrations(), found.applied, steps))
        take_back(tried, each);
    auto lost = lost_between(before, columns_of(tried));
    if (lost.empty())
        return lost;
    try {
        connection db{std::filesystem::absolute(file).string(), connection::mode::read_only};
        db.wait_for_lock(read_lock_wait_max);
        for (lost_data& each : lost) {
            auto row = db.query(counting_lost(each, before));
            row.step();
            each.rows = row.integer(0);
        }
    } catch (const database_error& why) {
        throw cannot_use(file, why);
    }
    return lost;
}

std::vector<migration_state> migration_status(const std::filesystem::path& file) {
    const file_state found = inspect(file);
    refuse_newer(found, file);
    return states_of(known_migrations(), found.applied);
}

std::vector<std::string> migrate_up(const std::filesystem::path& file) {
    make_folder(file);
    return migrate(
        file, ".before-", [](const file_state& now) { return first_pending(known_migrations(), now.applied); }, apply,
        adopt_text_rules);
}

std::vector<std::string> migrate_down(const std::filesystem::path& file, int steps) {
    if (!std::filesystem::exists(file))
        return {};
    return migrate(
        file, ".before-down-",
        [left = steps](const file_state& now) mutable {
            return left-- > 0 ? last_applied(known_migrations(), now.applied) : nullptr;
        },
        take_back, [](connection&) { return false; });
}

void migrate_memory(connection& db) {
    for (const migration& each : known_migrations())
        apply(db, each);
    adopt_text_rules(db);
}

}  // namespace rondo::sqlite
