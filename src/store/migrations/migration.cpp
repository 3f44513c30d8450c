#include "store/migrations/migration.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace rondo {

namespace {

constexpr int configuration_exit = 78;

std::string four_digits(int version) {
    const std::string digits = std::to_string(version);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

const applied_migration* find(const std::vector<applied_migration>& applied, int version) {
    const auto found = std::ranges::find(applied, version, &applied_migration::version);
    return found == applied.end() ? nullptr : &*found;
}

/// Made of the other columns by the program, and made again on the way up: nothing is lost with it.
bool is_made_by_the_program(const schema_column& one) {
    static constexpr std::string_view made[] = {"title_order", "folded_words", "keys_stale"};
    return one.table == "text_keys" || std::ranges::find(made, one.column) != std::end(made);
}

/// "-- Loses every user." at the head of a migration's way down.
std::string loses(const migration& step) {
    constexpr std::string_view mark = "-- Loses ";
    if (!step.down.starts_with(mark))
        return {};
    return "loses " + std::string{step.down.substr(mark.size(), step.down.find('\n') - mark.size())};
}

}  // namespace

std::vector<lost_data> lost_between(const std::vector<schema_column>& before, const std::vector<schema_column>& after) {
    const auto has_table = [&](const std::string& name) {
        return std::ranges::find(after, name, &schema_column::table) != after.end();
    };
    const auto has_column = [&](const schema_column& one) {
        return std::ranges::any_of(
            after, [&](const schema_column& left) { return left.table == one.table && left.column == one.column; });
    };
    std::vector<lost_data> lost;
    for (const schema_column& each : before) {
        if (has_column(each) || is_made_by_the_program(each))
            continue;
        if (has_table(each.table))
            lost.push_back({.table = each.table, .column = each.column, .rows = 0});
        else if (lost.empty() || lost.back().table != each.table)
            lost.push_back({.table = each.table, .column = {}, .rows = 0});
    }
    return lost;
}

std::string counting_lost(const lost_data& lost, const std::vector<schema_column>& before) {
    std::string sql = "SELECT count(*) FROM " + lost.table;
    const auto column = std::ranges::find_if(
        before, [&](const schema_column& one) { return one.table == lost.table && one.column == lost.column; });
    if (column != before.end())
        sql += " WHERE " + lost.column + " IS DISTINCT FROM (" +
               (column->unwritten.empty() ? "NULL" : column->unwritten) + ")";
    return sql;
}

std::vector<migration> newest_applied(const std::vector<migration>& known,
                                      const std::vector<applied_migration>& applied, int steps) {
    std::vector<migration> newest;
    for (auto each = known.rbegin(); each != known.rend() && std::cmp_less(newest.size(), steps); ++each)
        if (find(applied, each->version) != nullptr)
            newest.push_back(*each);
    return newest;
}

std::vector<migration_state> states_of(const std::vector<migration>& known,
                                       const std::vector<applied_migration>& applied) {
    std::vector<migration_state> states;
    for (const migration& each : known) {
        const applied_migration* const done = find(applied, each.version);
        states.push_back({.version = each.version,
                          .name = std::string{each.name},
                          .applied_at = done ? std::optional{done->at} : std::nullopt,
                          .loses = loses(each)});
    }
    return states;
}

const migration* first_pending(const std::vector<migration>& known, const std::vector<applied_migration>& applied) {
    const auto found =
        std::ranges::find_if(known, [&](const migration& each) { return find(applied, each.version) == nullptr; });
    return found == known.end() ? nullptr : &*found;
}

const migration* last_applied(const std::vector<migration>& known, const std::vector<applied_migration>& applied) {
    for (auto each = known.rbegin(); each != known.rend(); ++each)
        if (find(applied, each->version) != nullptr)
            return &*each;
    return nullptr;
}

void refuse_newer(const std::vector<migration>& known, const std::vector<applied_migration>& applied,
                  const std::string& database) {
    const int newest_known = known.back().version;
    if (!applied.empty() && applied.back().version > newest_known)
        throw fatal{configuration_exit, "Cannot use the database " + database +
                                            ": it was made by a newer Rondo (its schema is " +
                                            four_digits(applied.back().version) + ", this program knows " +
                                            four_digits(newest_known) + "). Use that version."};
}

}  // namespace rondo
