#include "store/postgres/migrations.hpp"

#include <functional>
#include <stdexcept>

#include "store/postgres/connection.hpp"
#include "store/postgres/database_url.hpp"
#include "store/postgres/known_migrations.hpp"
#include "telemetry/log.hpp"

namespace rondo::postgres {

namespace {

constexpr int service_exit = 69;
constexpr int configuration_exit = 78;
constexpr int server_version_min = 140'000;
constexpr std::chrono::seconds migration_wait_max{600};

std::string shown(const std::string& url) {
    const auto read = read_url(url);
    return read ? read->shown : std::string{"given by DATABASE_URL"};
}

[[noreturn]] void refuse(const std::string& url, int code, const std::string& why) {
    throw fatal{code, "Cannot use the database " + shown(url) + ": " + why};
}

struct schema_state {
    bool is_ours = false;                    ///< it has our list of migrations
    std::vector<applied_migration> applied;  ///< oldest first
};

/// Throws `fatal` if the schema holds another program's tables.
schema_state inspect(connection& db, const std::string& url) {
    auto schema = db.query("SELECT current_schema()::text");
    schema.step();
    if (schema.is_null(0))
        refuse(url, configuration_exit, "none of the schemas in its search_path exists. Make one, or name another.");
    // What extensions have put there is nobody's data.
    auto found = db.query(
        "SELECT count(*), count(*) FILTER (WHERE c.relname = 'rondo_migrations') FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
        " AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (SELECT 1 FROM pg_depend d"
        " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')");
    found.step();
    if (found.integer(0) == 0)
        return {};
    if (found.integer(1) == 0)
        refuse(
            url, configuration_exit,
            "its schema " + std::string{schema.text(0)} +
                " holds another program's tables. Nothing was written to it. Set DATABASE_URL to another database, or"
                " add ?options=-csearch_path%3Dname with a schema of Rondo's own.");
    schema_state state{.is_ours = true, .applied = {}};
    auto applied = db.query("SELECT version, applied_at FROM rondo_migrations ORDER BY version");
    while (applied.step())
        state.applied.push_back({.version = static_cast<int>(applied.integer(0)), .at = std::string{applied.text(1)}});
    refuse_newer(known_migrations(), state.applied, shown(url));
    return state;
}

void refuse_old_server(connection& db, const std::string& url) {
    if (PQserverVersion(db.handle()) < server_version_min)
        refuse(url, configuration_exit, "its server is older than PostgreSQL 14. Use that or a newer one.");
}

void warn_of_superuser(connection& db) {
    auto role = db.query("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user");
    if (role.step() && role.truth(0))
        log(log_level::warning,
            "The database role bypasses row-level security, the second wall between users; give Rondo a role that is "
            "no "
            "superuser.");
}

void apply(connection& db, const migration& step) {
    db.execute(std::string{step.up});
    db.query(
        "INSERT INTO rondo_migrations (version, name, applied_at) VALUES ($1, $2,"
        " to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))",
        step.version, step.name);
}

void take_back(connection& db, const migration& step) {
    db.execute(std::string{step.down});
    db.query("DELETE FROM rondo_migrations WHERE version = $1", step.version);
}

/// Runs `job` with a connection; gives what it gives. Throws `fatal`.
template <class Job>
auto connected(const std::string& url, Job job) {
    try {
        connection db{url};
        db.wait_at_most(migration_wait_max);
        refuse_old_server(db, url);
        return job(db);
    } catch (const database_error& why) {
        refuse(url, service_exit, std::string{why.what()} + ". Start the server, or set DATABASE_URL to another.");
    } catch (const std::logic_error& why) {
        refuse(url, configuration_exit,
               std::string{why.what()} + ". Rondo's role needs the right to make tables in its schema.");
    }
}

/// Runs one step after another, each chosen from what is applied under the lock, until none is chosen.
std::vector<std::string> migrate(const std::string& url,
                                 const std::function<const migration*(const schema_state&)>& choose,
                                 void (*run)(connection&, const migration&)) {
    return connected(url, [&](connection& db) {
        warn_of_superuser(db);
        std::vector<std::string> done;
        db.queue("BEGIN");
        db.query("SELECT pg_advisory_xact_lock(hashtextextended('rondo migrations ' || current_schema(), 3))");
        schema_state state = inspect(db, url);
        while (const migration* const step = choose(state)) {
            if (!state.is_ours)
                db.query(
                    "CREATE TABLE rondo_migrations (version integer PRIMARY KEY, name text NOT NULL,"
                    " applied_at text NOT NULL)");
            run(db, *step);
            done.emplace_back(step->name);
            state = inspect(db, url);
        }
        db.query("COMMIT");
        return done;
    });
}

}  // namespace

std::vector<migration_state> migration_status(const std::string& url) {
    return connected(url, [&](connection& db) { return states_of(known_migrations(), inspect(db, url).applied); });
}

std::vector<std::string> migrate_up(const std::string& url) {
    return migrate(url, [](const schema_state& now) { return first_pending(known_migrations(), now.applied); }, apply);
}

std::vector<std::string> migrate_down(const std::string& url, int steps) {
    return migrate(
        url,
        [left = steps](const schema_state& now) mutable {
            return left-- > 0 ? last_applied(known_migrations(), now.applied) : nullptr;
        },
        take_back);
}

}  // namespace rondo::postgres
