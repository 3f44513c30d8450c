#include "store/sqlite/moving/take_over.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "store/sqlite/database_file.hpp"
#include "store/sqlite/moving/kept_rows.hpp"
#include "store/sqlite/schema/changing_file.hpp"
#include "store/sqlite/schema/migrations.hpp"
#include "store/sqlite/text_keys.hpp"

namespace rondo::sqlite {

namespace {

constexpr int configuration_exit = 78;
constexpr int io_error_exit = 74;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
    throw fatal{configuration_exit,
                "Cannot take over the database " + file.string() + ": " + why + ". Nothing was written to it."};
}

/// Every value as text. SQLAlchemy has stored times as text as well, in UTC.
class foreign_file final : public foreign_reader {
public:
    explicit foreign_file(connection& db) : db_{db} {}

    std::vector<std::string> columns_of(std::string_view table) override {
        auto rows = db_.query("SELECT name FROM pragma_table_info($1)", table);
        std::vector<std::string> names;
        while (rows.step())
            names.emplace_back(rows.text(0));
        return names;
    }

    std::vector<foreign_row> rows_of(const foreign_table& table, const std::vector<std::string>& matched) override {
        std::string selected;
        for (const std::string& column : matched)
            selected += (selected.empty() ? "" : ", ") + (column.empty() ? "NULL" : "CAST(\"" + column + "\" AS TEXT)");
        return texts_of(db_.query("SELECT " + selected + " FROM " + std::string{table.name} + " ORDER BY rowid"),
                        matched.size());
    }

    std::vector<foreign_row> tag_names() override {
        auto broken = db_.query(
            "SELECT CAST(id AS TEXT) FROM tasks WHERE tags IS NOT NULL AND CASE WHEN json_valid(tags)"
            " THEN json_type(tags) NOT IN ('array', 'null') ELSE 1 END LIMIT 1");
        if (broken.step())
            refuse_row("tasks", {broken.optional_text(0)}, "has tags that are no list");
        return texts_of(
            db_.query("SELECT CAST(t.id AS TEXT), CAST(each.value AS TEXT) FROM tasks t, json_each(t.tags) each"
                      " WHERE json_type(t.tags) = 'array' ORDER BY t.rowid, each.key"),
            2);
    }

private:
    connection& db_;
};

/// Changes when another connection has written.
std::int64_t data_version(connection& db) {
    auto row = db.query("PRAGMA data_version");
    row.step();
    return row.integer(0);
}

void replace_tables(connection& db, const taken_over& with) {
    for (const char* table : {"task_tags", "tags", "tasks", "users", "alembic_version"})
        db.execute("DROP TABLE IF EXISTS " + std::string{table});
    for (const migration& step : known_migrations())
        apply(db, step);
    write_rows(db, shape_of(kept_table::users), with.users);
    write_rows(db, shape_of(kept_table::tags), with.tags);
    write_rows(db, shape_of(kept_table::tasks), with.tasks);
    write_rows(db, shape_of(kept_table::task_tags), with.links);
    mark_text_keys_made(db);
    check_references(db, "taking over");
}

/// Readable for this user alone: it may hold e-mail addresses. Gives the file's name, or why there is none.
std::string keep_report(const std::filesystem::path& file, const take_over_report& report) {
    const std::string name = file.string() + ".taken-over.txt";
    std::string text;
    for (const std::string& line : lines_of(report, true))
        text += line + "\n";
    const int opened = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = opened >= 0;
    for (std::string_view left = text; written && !left.empty();) {
        const ssize_t taken = ::write(opened, left.data(), left.size());
        written = taken > 0;
        left.remove_prefix(written ? static_cast<std::size_t>(taken) : 0);
    }
    if (opened >= 0)
        ::close(opened);
    return written ? name : "(it could not be written to " + name + ")";
}

take_over_outcome take_over_alone(const std::filesystem::path& file) {
    if (const auto other = process_with(file))
        refuse(file, "process " + std::to_string(*other) + " has it open; end it first");
    const auto db = open_to_change(file, connection::mode::read_write);
    const std::int64_t before = data_version(*db);
    db->execute("BEGIN");
    foreign_file old{*db};
    const taken_over taken = take_over_now(old);
    db->execute("COMMIT");
    keep_log(*db, file);
    db->execute("BEGIN EXCLUSIVE");
    if (data_version(*db) != before)
        refuse(file, "another process has written to it meanwhile; end that first");
    const auto copy = back_up(file, ".before-taking-over");
    replace_tables(*db, taken);
    db->execute("COMMIT");
    return {.report = taken.report, .copy = copy.string(), .kept_in = keep_report(file, taken.report)};
}

}  // namespace

std::optional<take_over_outcome> take_over(const std::filesystem::path& file) {
    if (!inspect(file).is_foreign)
        return std::nullopt;
    try {
        const folder_lock alone{file};
        // Another process that started with it may have been quicker.
        return inspect(file).is_foreign ? std::optional{take_over_alone(file)} : std::nullopt;
    } catch (const refusal& found) {
        refuse(file, found.why);
    } catch (const database_error& why) {
        throw cannot_use(file, why);
    } catch (const std::filesystem::filesystem_error& why) {
        throw fatal{io_error_exit,
                    std::string{"Cannot make a copy of the database before taking it over: "} + why.what()};
    }
}

}  // namespace rondo::sqlite
