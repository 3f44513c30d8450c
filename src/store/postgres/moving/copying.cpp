#include "store/postgres/moving/copying.hpp"

#include "store/postgres/moving/kept_rows.hpp"
#include "store/postgres/schema/changing_schema.hpp"
#include "store/postgres/schema/migrations.hpp"

namespace rondo::postgres {

namespace {

constexpr int in_use_exit = 75;

class source_schema final : public row_reader {
public:
    explicit source_schema(const std::string& url) : db_{url} {
        db_.wait_at_most(migration_wait_max);
        db_.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");  // one snapshot
        db_.query("SELECT set_config('rondo.user', '*', true), set_config('statement_timeout', '0', true)");
    }

    std::int64_t count(const table_shape& of) override { return count_rows(db_, of); }
    std::vector<kept_row> read(const table_shape& of, const std::optional<kept_row>& after,
                               std::size_t limit) override {
        return read_rows(db_, of, after, limit);
    }

private:
    connection db_;
};

class target_schema final : public row_writer {
public:
    target_schema(const std::string& url, const std::string& source) : url_{url}, db_{url} {
        db_.wait_at_most(migration_wait_max);
        db_.query("SELECT set_config('rondo.user', '*', false), set_config('statement_timeout', '0', false)");
        auto alone = db_.query("SELECT pg_try_advisory_lock(hashtextextended('rondo copy ' || current_schema(), 4))");
        alone.step();
        if (!alone.truth(0))
            refuse(url_, in_use_exit, "another process is copying into it.");
        db_.query("BEGIN");
        if (const auto begun = inspect(db_, url_).copy_of; !begun)
            begin(source);
        else if (*begun != source)
            refuse(url_, configuration_exit,
                   "it holds an unfinished copy of another database, " + *begun + ". Copy that, or into a new schema.");
        db_.query("COMMIT");
    }

    std::int64_t count(const table_shape& of) override { return count_rows(db_, of); }
    std::vector<kept_row> read(const table_shape& of, const std::optional<kept_row>& after,
                               std::size_t limit) override {
        return read_rows(db_, of, after, limit);
    }
    std::optional<kept_row> last(const table_shape& of) override { return last_row(db_, of); }

    void write(const table_shape& of, std::span<const kept_row> rows) override {
        db_.queue("BEGIN");
        write_rows(db_, of, rows);
        db_.query("COMMIT");
    }

    void finish() override {
        db_.queue("BEGIN");
        set_sequences(db_);
        db_.queue("DROP TABLE unfinished_copy");
        db_.query("COMMIT");
        db_.query("ANALYZE");
    }

private:
    void begin(const std::string& source) {
        for (const table_shape& table : table_shapes())
            if (count_rows(db_, table) > 0)
                refuse(url_, configuration_exit,
                       "it holds data already (table " + std::string{table.name} + "). Copy into an empty schema.");
        db_.query("CREATE TABLE unfinished_copy (source text NOT NULL)");
        db_.query("INSERT INTO unfinished_copy (source) VALUES ($1)", source);
    }

    std::string url_;
    connection db_;
};

}  // namespace

std::unique_ptr<row_reader> open_copy_source(const std::string& url) {
    for (const auto& each : migration_status(url))
        if (!each.applied_at)
            refuse(url, configuration_exit, "its schema is older than this program's. Say rondo migrate up first.");
    return reached(url, [&] { return std::make_unique<source_schema>(url); });
}

std::unique_ptr<row_writer> open_copy_target(const std::string& url, const std::string& source) {
    if (!connected(url, [&](connection& db) { return inspect(db, url).copy_of; }))
        migrate_up(url);
    return reached(url, [&] { return std::make_unique<target_schema>(url, source); });
}

}  // namespace rondo::postgres
