#include "store/postgres/moving/take_over.hpp"

#include "store/postgres/moving/kept_rows.hpp"
#include "store/postgres/schema/changing_schema.hpp"
#include "store/postgres/schema/migrations.hpp"
#include "store/postgres/text_keys.hpp"

namespace rondo::postgres {

namespace {

/// Times without a zone are in UTC, as is the session.
class foreign_schema final : public foreign_reader {
public:
    explicit foreign_schema(connection& db) : db_{db} {}

    std::vector<std::string> columns_of(std::string_view table) override {
        auto rows = db_.query(
            "SELECT column_name::text FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
            table);
        std::vector<std::string> names;
        while (rows.step())
            names.emplace_back(rows.text(0));
        return names;
    }

    std::vector<foreign_row> rows_of(const foreign_table& table, const std::vector<std::string>& matched) override {
        std::string columns;
        for (std::size_t i = 0; i < matched.size(); ++i)
            columns += (i == 0 ? "" : ", ") + selected(table.columns[i], matched[i]);
        return texts_of(db_.query("SELECT " + columns + " FROM " + std::string{table.name} + " ORDER BY ctid"),
                        matched.size());
    }

    std::vector<foreign_row> tag_names() override {
        auto broken = db_.query(
            "SELECT id::text FROM tasks WHERE tags IS NOT NULL"
            " AND json_typeof(tags::json) NOT IN ('array', 'null') LIMIT 1");
        if (broken.step())
            refuse_row("tasks", foreign_row{broken.optional_text(0)}, "has tags that are no list");
        return texts_of(db_.query("SELECT t.id::text, each.value FROM tasks t CROSS JOIN LATERAL"
                                  " json_array_elements_text(CASE WHEN json_typeof(t.tags::json) = 'array'"
                                  " THEN t.tags::json ELSE '[]'::json END)"
                                  " WITH ORDINALITY each (value, place) ORDER BY t.ctid, each.place"),
                        2);
    }

private:
    static std::string selected(const foreign_column& column, const std::string& name) {
        if (name.empty())
            return "NULL::text";
        if (column.is_time)
            return "to_char(\"" + name + R"("::timestamptz, 'YYYY-MM-DD"T"HH24:MI:SS.MS'))";
        return "\"" + name + "\"::text";
    }

    connection& db_;
};

/// Nobody else changes the old tables from here on. One that they are in use by is waited for as long as requests take.
std::vector<std::string> lock_tables(connection& db, foreign_schema& old) {
    std::vector<std::string> there;
    db.query("SELECT set_config('lock_timeout', '10s', true), set_config('TimeZone', 'UTC', true)");
    for (const char* table : {"users", "tasks", "tags", "task_tags", "alembic_version"})
        if (!old.columns_of(table).empty()) {
            db.query("LOCK TABLE " + std::string{table} + " IN ACCESS EXCLUSIVE MODE");
            there.emplace_back(table);
        }
    return there;
}

void rename(connection& db, const std::string& table) {
    db.query("ALTER TABLE " + table + " RENAME TO fastapi_" + table);
}

void write_all(connection& db, const taken_over& taken) {
    db.query("SELECT set_config('rondo.user', '*', true)");
    write_rows(db, shape_of(kept_table::users), taken.users);
    write_rows(db, shape_of(kept_table::tags), taken.tags);
    write_rows(db, shape_of(kept_table::tasks), taken.tasks);
    write_rows(db, shape_of(kept_table::task_tags), taken.links);
    db.query("CREATE TABLE fastapi_report (line text NOT NULL)");
    for (const std::string& line : lines_of(taken.report, true))
        db.queue("INSERT INTO fastapi_report (line) VALUES ($1)", line);
    db.finish();
}

std::optional<take_over_outcome> take_over_with(connection& db, const std::string& url) {
    db.queue("BEGIN");
    lock_schema(db);
    if (!inspect(db, url).is_foreign)
        return std::nullopt;
    foreign_schema old{db};
    const auto tables = lock_tables(db, old);
    const taken_over taken = take_over_now(old);
    for (const std::string& table : tables)
        rename(db, table);
    make_migrations_table(db);
    for (const migration& step : known_migrations())
        apply(db, step);
    write_all(db, taken);
    mark_text_keys_made(db);
    db.query("COMMIT");
    return take_over_outcome{.report = taken.report,
                             .copy = "the tables fastapi_users, fastapi_tasks and so on",
                             .kept_in = "the table fastapi_report"};
}

}  // namespace

std::optional<take_over_outcome> take_over(const std::string& url) {
    return connected(url, [&](connection& db) -> std::optional<take_over_outcome> {
        if (!inspect(db, url).is_foreign)
            return std::nullopt;
        try {
            return take_over_with(db, url);
        } catch (const refusal& found) {
            throw fatal{configuration_exit, "Cannot take over the database " + shown(url) + ": " + found.why +
                                                ". Nothing was written to it."};
        }
    });
}

}  // namespace rondo::postgres
