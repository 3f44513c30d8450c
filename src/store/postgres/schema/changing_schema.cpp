#include "store/postgres/schema/changing_schema.hpp"

#include <algorithm>

#include "store/moving/foreign_tables.hpp"
#include "store/postgres/database_url.hpp"
#include "store/postgres/schema/migrations.hpp"

namespace rondo::postgres {

namespace {

constexpr int server_version_min = 140'000;

}  // namespace

std::string shown(const std::string& url) {
    const auto read = read_url(url);
    return read ? read->shown : std::string{"given by DATABASE_URL"};
}

void refuse(const std::string& url, int code, const std::string& why) {
    throw fatal{code, "Cannot use the database " + shown(url) + ": " + why};
}

void refuse_old_server(connection& db, const std::string& url) {
    if (PQserverVersion(db.handle()) < server_version_min)
        refuse(url, configuration_exit, "its server is older than PostgreSQL 14. Use that or a newer one.");
}

schema_state inspect(connection& db, const std::string& url) {
    auto schema = db.query("SELECT current_schema()::text");
    schema.step();
    if (schema.is_null(0))
        refuse(url, configuration_exit, "none of the schemas in its search_path exists. Make one, or name another.");
    // What extensions have put there is nobody's data.
    auto found = db.query(
        "SELECT c.relname::text FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
        " AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (SELECT 1 FROM pg_depend d"
        " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')");
    std::vector<std::string> tables;
    while (found.step())
        tables.emplace_back(found.text(0));
    if (tables.empty())
        return {};
    if (std::ranges::find(tables, "rondo_migrations") == tables.end()) {
        if (is_foreign_system(tables))
            return {.is_foreign = true, .copy_of = {}, .applied = {}};
        refuse(
            url, configuration_exit,
            "its schema " + std::string{schema.text(0)} +
                " holds another program's tables. Nothing was written to it. Set DATABASE_URL to another database, or"
                " add ?options=-csearch_path%3Dname with a schema of Rondo's own.");
    }
    schema_state state{.is_ours = true, .copy_of = {}, .applied = {}};
    auto applied = db.query("SELECT version, applied_at FROM rondo_migrations ORDER BY version");
    while (applied.step())
        state.applied.push_back({.version = static_cast<int>(applied.integer(0)), .at = std::string{applied.text(1)}});
    refuse_newer(known_migrations(), state.applied, shown(url));
    if (std::ranges::find(tables, "unfinished_copy") != tables.end()) {
        auto copy = db.query("SELECT source FROM unfinished_copy");
        state.copy_of = copy.step() ? std::string{copy.text(0)} : std::string{};
    }
    return state;
}

void refuse_unfit(const schema_state& found, const std::string& url) {
    if (found.is_foreign)
        refuse(url, configuration_exit,
               "it is the FastAPI backend's. Start the server with it, or say rondo migrate up: it is taken over, and "
               "its tables are kept under other names.");
    if (found.copy_of)
        refuse(url, configuration_exit,
               "it is an unfinished copy of " + *found.copy_of +
                   ". Say rondo copy again with the same --from and --to: it goes on.");
}

void lock_schema(connection& db) {
    db.query("SELECT pg_advisory_xact_lock(hashtextextended('rondo migrations ' || current_schema(), 3))");
}

void make_migrations_table(connection& db) {
    db.query(
        "CREATE TABLE rondo_migrations (version integer PRIMARY KEY, name text NOT NULL,"
        " applied_at text NOT NULL)");
}

void apply(connection& db, const migration& step) {
    db.execute(std::string{step.up});
    db.query(
        "INSERT INTO rondo_migrations (version, name, applied_at) VALUES ($1, $2,"
        " to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))",
        step.version, step.name);
}

}  // namespace rondo::postgres
