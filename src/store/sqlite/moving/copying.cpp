#include "store/sqlite/moving/copying.hpp"

#include "store/sqlite/database_file.hpp"
#include "store/sqlite/moving/kept_rows.hpp"
#include "store/sqlite/schema/changing_file.hpp"
#include "store/sqlite/schema/migrations.hpp"

namespace rondo::sqlite {

namespace {

constexpr int configuration_exit = 78;
constexpr int no_input_exit = 66;
constexpr int in_use_exit = 75;

[[noreturn]] void refuse(int code, const std::filesystem::path& file, const std::string& why) {
    throw fatal{code, "Cannot use the database " + file.string() + ": " + why};
}

void refuse_in_use(const std::filesystem::path& file) {
    if (const auto other = process_with(file))
        refuse(in_use_exit, file,
               "process " + std::to_string(*other) + " has it open. End it first; what it writes would not be copied.");
}

class source_file final : public row_reader {
public:
    explicit source_file(const std::filesystem::path& file)
        : db_{std::filesystem::absolute(file).string(), connection::mode::read_only} {
        set_up(db_, connection::mode::read_only);
        db_.run("BEGIN");  // one snapshot
    }

    std::int64_t count(const table_shape& of) override { return count_rows(db_, of); }
    std::vector<kept_row> read(const table_shape& of, const std::optional<kept_row>& after,
                               std::size_t limit) override {
        return read_rows(db_, of, after, limit);
    }

private:
    connection db_;
};

class target_file final : public row_writer {
public:
    target_file(const std::filesystem::path& file, const std::string& source)
        : file_{file}, db_{open_to_change(file, connection::mode::read_write)} {
        db_->execute("PRAGMA locking_mode = EXCLUSIVE");
        keep_log(*db_, file);
        set_up(*db_, connection::mode::read_write);
        db_->execute("BEGIN EXCLUSIVE");
        if (const auto begun = inspect(*db_, file).copy_of; !begun)
            begin(source);
        else if (*begun != source)
            refuse(configuration_exit, file,
                   "it holds an unfinished copy of another database, " + *begun + ". Copy that, or into a new file.");
        db_->execute("COMMIT");
    }

    std::int64_t count(const table_shape& of) override { return count_rows(*db_, of); }
    std::vector<kept_row> read(const table_shape& of, const std::optional<kept_row>& after,
                               std::size_t limit) override {
        return read_rows(*db_, of, after, limit);
    }
    std::optional<kept_row> last(const table_shape& of) override { return last_row(*db_, of); }

    void write(const table_shape& of, std::span<const kept_row> rows) override {
        db_->execute("BEGIN");
        write_rows(*db_, of, rows);
        db_->execute("COMMIT; PRAGMA wal_checkpoint");
    }

    void finish() override {
        db_->execute("BEGIN");
        db_->execute("DROP TABLE unfinished_copy; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

private:
    void begin(const std::string& source) {
        for (const table_shape& table : table_shapes())
            if (count_rows(*db_, table) > 0)
                refuse(configuration_exit, file_,
                       "it holds data already (table " + std::string{table.name} + "). Copy into a new file.");
        db_->execute("CREATE TABLE unfinished_copy (source TEXT NOT NULL) STRICT");
        db_->run("INSERT INTO unfinished_copy (source) VALUES (?)", source);
    }

    std::filesystem::path file_;
    std::unique_ptr<connection> db_;
};

}  // namespace

std::unique_ptr<row_reader> open_copy_source(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        refuse(no_input_exit, file, "there is none. --from names it.");
    refuse_in_use(file);
    for (const auto& each : migration_status(file))
        if (!each.applied_at)
            refuse(configuration_exit, file, "its schema is older than this program's. Say rondo migrate up first.");
    try {
        return std::make_unique<source_file>(file);
    } catch (const database_error& why) {
        throw cannot_use(file, why);
    }
}

std::unique_ptr<row_writer> open_copy_target(const std::filesystem::path& file, const std::string& source) {
    if (!inspect(file).copy_of)
        migrate_up(file);
    try {
        return std::make_unique<target_file>(file, source);
    } catch (const database_error& why) {
        throw cannot_use(file, why);
    }
}

}  // namespace rondo::sqlite
