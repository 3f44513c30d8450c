#include "store/postgres/schema/migrations.hpp"

#include <functional>
#include <utility>

#include "store/postgres/schema/changing_schema.hpp"
#include "store/postgres/text_keys.hpp"
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

bool has_text_keys(connection& db) {
    auto row = db.query("SELECT to_regclass('text_keys') IS NOT NULL");
    row.step();
    return row.truth(0);
}

void take_back(connection& db, const migration& step) {
    const bool had_text_keys = has_text_keys(db);
    db.execute(std::string{step.down});
    if (had_text_keys && !has_text_keys(db)) {
        db.query("SELECT set_config('rondo.user', '*', true)");
        restore_simple_tag_keys(db);
    }
    db.query("DELETE FROM rondo_migrations WHERE version = $1", step.version);
}

/// Runs one step after another, each chosen from what is applied under the lock and how many were run, until none is chosen,
/// and then `finish`.
std::vector<std::string> migrate(const std::string& url,
                                 const std::function<const migration*(const schema_state&, std::size_t)>& choose,
                                 void (*run)(connection&, const migration&), void (*finish)(connection&)) {
    return connected(url, [&](connection& db) {
        warn_of_superuser(db);
        std::vector<std::string> done;
        db.queue("BEGIN");
        lock_schema(db);
        schema_state state = inspect(db, url);
        refuse_unfit(state, url);
        while (const migration* const step = choose(state, done.size())) {
            if (!state.is_ours)
                make_migrations_table(db);
            run(db, *step);
            done.emplace_back(step->name);
            state = inspect(db, url);
        }
        finish(db);
        db.query("COMMIT");
        return done;
    });
}

std::vector<schema_column> columns_of(connection& db) {
    return read_columns(
        db.query("SELECT c.table_name::text, c.column_name::text, coalesce(c.column_default, '')::text"
                 " FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)"
                 " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
                 " ORDER BY c.table_name, c.ordinal_position"));
}

}  // namespace

std::vector<lost_data> lost_by_going_down(const std::string& url, int steps) {
    return connected(url, [&](connection& db) {
        db.queue("BEGIN");
        lock_schema(db);
        const schema_state found = inspect(db, url);
        refuse_unfit(found, url);
        db.query("SELECT set_config('rondo.user', '*', true), set_config('lock_timeout', '10s', true)");
        const auto before = columns_of(db);
        db.query("SAVEPOINT tried");
        for (const migration& each : newest_applied(known_migrations(), found.applied, steps))
            take_back(db, each);
        auto lost = lost_between(before, columns_of(db));
        db.query("ROLLBACK TO SAVEPOINT tried");
        for (lost_data& each : lost) {
            auto row = db.query(counting_lost(each, before));
            row.step();
            each.rows = row.integer(0);
        }
        db.query("ROLLBACK");
        return lost;
    });
}

std::vector<migration_state> migration_status(const std::string& url) {
    return connected(url, [&](connection& db) {
        const schema_state found = inspect(db, url);
        refuse_unfit(found, url);
        return states_of(known_migrations(), found.applied);
    });
}

std::vector<std::string> migrate_up(const std::string& url) {
    return migrate(
        url, [](const schema_state& now, std::size_t) { return first_pending(known_migrations(), now.applied); }, apply,
        [](connection& db) {
            db.query("SELECT set_config('rondo.user', '*', true)");
            adopt_text_rules(db);
        });
}

std::vector<std::string> migrate_down(const std::string& url, int steps) {
    return migrate(
        url,
        [steps](const schema_state& now, std::size_t done) {
            return std::cmp_less(done, steps) ? last_applied(known_migrations(), now.applied) : nullptr;
        },
        take_back, [](connection&) {});
}

}  // namespace rondo::postgres
