#include "store/postgres/migrations.hpp"

#include <functional>

#include "store/postgres/changing_schema.hpp"
#include "store/postgres/known_migrations.hpp"
#include "telemetry/log.hpp"

namespace rondo::postgres {

namespace {

void warn_of_superuser(connection& db) {
    auto role = db.query("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user");
    if (role.step() && role.truth(0))
        log(log_level::warning,
            "The database role bypasses row-level security, the second wall between users; give Rondo a role that is "
            "no "
            "superuser.");
}

void take_back(connection& db, const migration& step) {
    db.execute(std::string{step.down});
    db.query("DELETE FROM rondo_migrations WHERE version = $1", step.version);
}

/// Runs one step after another, each chosen from what is applied under the lock, until none is chosen.
std::vector<std::string> migrate(const std::string& url,
                                 const std::function<const migration*(const schema_state&)>& choose,
                                 void (*run)(connection&, const migration&)) {
    return connected(url, [&](connection& db) {
        warn_of_superuser(db);
        std::vector<std::string> done;
        db.queue("BEGIN");
        lock_schema(db);
        schema_state state = inspect(db, url);
        refuse_unfit(state, url);
        while (const migration* const step = choose(state)) {
            if (!state.is_ours)
                make_migrations_table(db);
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
    return connected(url, [&](connection& db) {
        const schema_state found = inspect(db, url);
        refuse_unfit(found, url);
        return states_of(known_migrations(), found.applied);
    });
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
