#include "store/moving/foreign_tables.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "store/moving/foreign_values.hpp"
#include "store/moving/kept_rows.hpp"

namespace rondo {

const foreign_table foreign_users{.name = "users",
                                  .columns = {{"id"},
                                              {"email"},
                                              {"name", false},
                                              {"hashed_password", true, false, "password_hash"},
                                              {"created_at", true, true}},
                                  .left_behind = {"updated_at"}};
const foreign_table foreign_tasks{.name = "tasks",
                                  .columns = {{"id"},
                                              {"user_id"},
                                              {"title"},
                                              {"description"},
                                              {"status"},
                                              {"priority"},
                                              {"due_date", true, true},
                                              {"recurring_type"},
                                              {"recurring_interval", false},
                                              {"recurring_end_date", true, true},
                                              {"parent_task_id"},
                                              {"created_at", true, true},
                                              {"updated_at", true, true},
                                              {"completed_at", true, true}},
                                  .left_behind = {"tags"}};  // read apart, as names
const foreign_table foreign_tags{.name = "tags",
                                 .columns = {{"id"}, {"user_id"}, {"name"}, {"color"}, {"created_at", false, true}},
                                 .left_behind = {"updated_at"}};
const foreign_table foreign_links{
    .name = "task_tags", .columns = {{"task_id"}, {"tag_id"}}, .left_behind = {"created_at"}};

bool is_foreign_system(const std::vector<std::string>& tables) {
    const auto has = [&](std::string_view name) { return std::ranges::find(tables, name) != tables.end(); };
    constexpr std::array<std::string_view, 5> known{"users", "tasks", "tags", "task_tags", "alembic_version"};
    return has("users") && has("tasks") && has("tags") == has("task_tags") &&
           std::ranges::all_of(tables,
                               [&](const std::string& each) { return std::ranges::find(known, each) != known.end(); });
}

std::expected<std::vector<std::string>, std::string> match_columns(const foreign_table& table,
                                                                   const std::vector<std::string>& there) {
    std::set<std::string_view> left{there.begin(), there.end()};
    std::vector<std::string> matched;
    for (const foreign_column& each : table.columns) {
        std::string_view found;
        for (const std::string_view name : {each.name, each.or_name})
            if (found.empty() && !name.empty() && left.erase(name) > 0)
                found = name;
        if (found.empty() && each.required)
            return std::unexpected("its table " + std::string{table.name} + " has no column " + std::string{each.name});
        matched.emplace_back(found);
    }
    for (const std::string_view name : table.left_behind)
        left.erase(name);
    if (!left.empty())
        return std::unexpected("its table " + std::string{table.name} + " has a column that has no place here, " +
                               std::string{*left.begin()} +
                               "; drop it from a copy of the database, and take that over");
    return matched;
}

foreign_data read_all(foreign_reader& from) {
    const auto read = [&](const foreign_table& table) {
        const auto matched = match_columns(table, from.columns_of(table.name));
        if (!matched)
            throw refusal{matched.error()};
        return from.rows_of(table, *matched);
    };
    foreign_data all{.users = read(foreign_users), .tasks = read(foreign_tasks)};
    if (!from.columns_of(foreign_tags.name).empty()) {
        all.tags = read(foreign_tags);
        all.links = read(foreign_links);
    }
    const auto columns = from.columns_of(foreign_tasks.name);
    if (std::ranges::find(columns, "tags") != columns.end())
        all.tag_names = from.tag_names();
    return all;
}

void refuse_row(std::string_view table, const foreign_row& row, const std::string& why) {
    throw refusal{"its table " + std::string{table} + " has a row that cannot be understood: " +
                  (row.front() ? clean_text(*row.front()).substr(0, 60) : "one without an id") + " " + why};
}

uuid id_in(std::string_view table, const foreign_row& row, std::size_t column, const char* called) {
    const auto id = row[column] ? read_foreign_id(*row[column]) : std::nullopt;
    if (!id)
        refuse_row(table, row, std::string{"has no "} + called + " that is a UUID");
    return *id;
}

std::optional<instant> time_in(std::string_view table, const foreign_row& row, std::size_t column) {
    if (!row[column] || row[column]->empty())
        return std::nullopt;
    const auto at = read_foreign_time(*row[column]);
    if (!at)
        refuse_row(table, row, "has a time that is none: " + clean_text(*row[column]).substr(0, 40));
    return at;
}

instant needed_time_in(std::string_view table, const foreign_row& row, std::size_t column) {
    const auto at = time_in(table, row, column);
    if (!at)
        refuse_row(table, row, "does not say when it was made");
    return *at;
}

}  // namespace rondo
