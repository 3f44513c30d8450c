#include "store/sqlite/database_file.hpp"

#include <stdexcept>
#include <string_view>

#include "store/moving/foreign_tables.hpp"

namespace rondo::sqlite {

namespace {

constexpr int io_error_exit = 74;
constexpr int configuration_exit = 78;
constexpr std::uintmax_t smallest_database = 512;  // bytes: one page of the smallest size
constexpr std::chrono::seconds recovery_wait_max{2};

/// A URI for a look at the file as it lies there: no lock is taken, no log read, nothing made beside it.
std::string immutable_uri(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(file).string()) {
        if (c == '%' || c == '?' || c == '#') {
            static constexpr char digits[] = "0123456789ABCDEF";
            uri += {'%', digits[static_cast<unsigned char>(c) >> 4], digits[c & 15]};
        } else {
            uri.push_back(c);
        }
    }
    return uri + "?immutable=1";
}

bool has_content(const std::filesystem::path& file) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file, ignored);
    return !ignored && size > 0;
}

std::int64_t single(connection& db, std::string_view sql) {
    auto row = db.query(sql);
    row.step();
    return row.integer(0);
}

/// The names of the tables, and of views and triggers, which are no less another program's.
std::vector<std::string> tables_of(connection& db) {
    auto rows =
        db.query("SELECT name FROM sqlite_schema WHERE type <> 'index' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
    std::vector<std::string> names;
    while (rows.step())
        names.emplace_back(rows.text(0));
    return names;
}

}  // namespace

file_state inspect(connection& db, const std::filesystem::path& file) {
    file_state found;
    try {
        found.has_tables = single(db, "SELECT count(*) FROM sqlite_schema") > 0;
    } catch (const std::logic_error& why) {  // so SQLite calls some damage of the header
        throw database_error{SQLITE_NOTADB, std::string{"The database file is damaged: "} + why.what()};
    }
    if (!found.has_tables)
        return found;
    const std::int64_t application = single(db, "PRAGMA application_id");
    if (application == 0 && is_foreign_system(tables_of(db))) {
        found.is_foreign = true;
        return found;
    }
    if (application != our_application_id)
        throw fatal{configuration_exit, "Cannot use the database " + file.string() +
                                            ": it holds another program's tables. Nothing was written to it. Set "
                                            "DATABASE_URL to another file."};
    if (single(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'") == 0)
        throw database_error{SQLITE_CORRUPT, "The database file is damaged: it has lost its table schema_migrations"};
    auto rows = db.query("SELECT version, applied_at FROM schema_migrations ORDER BY version");
    while (rows.step())
        found.applied.push_back({.version = static_cast<int>(rows.integer(0)), .at = std::string{rows.text(1)}});
    if (single(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'unfinished_copy'") != 0) {
        auto copy = db.query("SELECT source FROM unfinished_copy");
        found.copy_of = copy.step() ? std::string{copy.text(0)} : std::string{};
    }
    return found;
}

file_state inspect(const std::filesystem::path& file) {
    std::error_code failure;
    const auto status = std::filesystem::status(file, failure);
    if (status.type() == std::filesystem::file_type::not_found)
        return {};
    if (failure)
        throw fatal{io_error_exit, "Cannot read the database " + file.string() + ": " + failure.message() +
                                       ". Give this user access to it, or set DATABASE_URL to another file."};
    if (status.type() != std::filesystem::file_type::regular)
        throw fatal{configuration_exit,
                    "Cannot use the database " + file.string() + ": it is not a file. Set DATABASE_URL to a file."};
    if (!has_content(file))
        return {};
    if (std::filesystem::file_size(file) < smallest_database)  // SQLite would take it for an empty one, and fill it
        throw cannot_use(file, database_error{SQLITE_NOTADB, "The file is damaged or not a database"});
    const bool has_log = has_content(file.string() + "-wal");
    try {
        connection as_it_lies{immutable_uri(file), connection::mode::read_only};
        const file_state found = inspect(as_it_lies, file);
        if (!has_log)
            return found;
    } catch (const database_error& why) {
        // With a log beside it, the file may be half way through taking it up, and whole for those that read both.
        if (!has_log)
            throw cannot_use(file, why);
    }
    // What is in the log is seen by a connection that takes part.
    try {
        connection taking_part{std::filesystem::absolute(file).string(), connection::mode::read_only};
        sqlite3_db_config(taking_part.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        taking_part.wait_for_lock(recovery_wait_max);
        return inspect(taking_part, file);
    } catch (const database_error& why) {
        throw cannot_use(file, why);
    }
}

void refuse_unfit(const file_state& found, const std::filesystem::path& file) {
    if (found.is_foreign)
        throw fatal{configuration_exit,
                    "Cannot use the database " + file.string() +
                        ": it is the FastAPI backend's. Start the server with it, or say rondo migrate up: it is taken "
                        "over, and a copy of it kept."};
    if (found.copy_of)
        throw fatal{configuration_exit, "Cannot use the database " + file.string() + ": it is an unfinished copy of " +
                                            *found.copy_of +
                                            ". Say rondo copy again with the same --from and --to: it goes on."};
}

fatal cannot_use(const std::filesystem::path& file, const database_error& why) {
    std::string advice;
    switch (why.code() & 0xff) {
        case SQLITE_FULL:
            advice = "Free some space on it.";
            break;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            advice = "End that process (fuser " + file.string() + " names it).";
            break;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
            advice = "Put a backup in its place, or set DATABASE_URL to another file.";
            break;
        case SQLITE_IOERR:
            advice = "Check the disk and the space on it.";
            break;
        default:
            advice = "Give this user permission to write the file and its folder, or set DATABASE_URL to another file.";
    }
    return fatal{io_error_exit, "Cannot use the database " + file.string() + ": " + why.what() + ". " + advice};
}

void set_up(connection& db, connection::mode how) {
    // secure_delete: Debian's SQLite overwrites what is deleted; `fast` does so only where it costs no extra write.
    db.execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
        "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST; PRAGMA mmap_size = 268435456;");
    if (how == connection::mode::read_only) {
        db.execute("PRAGMA cache_size = -8192");
        return;
    }
    db.execute("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864");
}

}  // namespace rondo::sqlite
