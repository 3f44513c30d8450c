// The schema, up and down, by hand. The server brings it up by itself when it starts.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/commands.hpp"

namespace rondo::cli {
namespace {

namespace json = boost::json;

constexpr int usage_exit = 64;

struct options {
    bool as_json = false;
    int steps = 1;
    bool confirmed = false;
    bool dry_run = false;
};

void print_line(const std::string& line) {
    if (std::fprintf(stdout, "%s\n", line.c_str()) < 0 || std::fflush(stdout) != 0)
        throw fatal{74, "Cannot write to the standard output."};
}

/// How a database was taken over, if it was.
void print_taken_over(const take_over_outcome& taken) {
    for (const std::string& line : lines_of(taken.report, false))
        print_line(line);
    print_line("The old tables are kept in " + taken.copy + ", this report, row by row, in " + taken.kept_in + ".");
}

json::object json_of(const take_over_outcome& taken) {
    json::array notes;
    for (const take_over_note& note : taken.report.notes)
        notes.push_back(json::object{{"what", note.what},
                                     {"count", note.count},
                                     {"details", json::array(note.details.begin(), note.details.end())}});
    return {{"users", taken.report.users}, {"tasks", taken.report.tasks},
            {"tags", taken.report.tags},   {"tags_on_tasks", taken.report.links},
            {"notes", std::move(notes)},   {"copy", taken.copy},
            {"report", taken.kept_in}};
}

void print_done(const std::vector<std::string>& names, const char* word, const char* nothing, bool as_json) {
    if (as_json) {
        print_line(json::serialize(json::object{{word, json::array(names.begin(), names.end())}}));
        return;
    }
    for (const std::string& name : names)
        print_line(std::string{word} + " " + name);
    if (names.empty())
        print_line(nothing);
}

void bring_up(const database_place& place, bool as_json) {
    const auto done = migrate_up(place);
    if (as_json) {
        json::object told{{"applied", json::array(done.applied.begin(), done.applied.end())}};
        if (done.taken_over)
            told["taken_over"] = json_of(*done.taken_over);
        print_line(json::serialize(told));
    } else if (done.taken_over) {
        print_taken_over(*done.taken_over);
    } else {
        print_done(done.applied, "applied", "Nothing is pending.", false);
    }
}

void print_status(const std::vector<migration_state>& states, bool as_json) {
    json::array rows;
    for (const auto& each : states) {
        const char* const state = each.applied_at ? "applied" : "pending";
        if (as_json)
            rows.push_back(
                json::object{{"version", each.version},
                             {"name", each.name},
                             {"state", state},
                             {"applied_at", each.applied_at ? json::value(*each.applied_at) : json::value()}});
        else
            print_line(each.name + "  " + state + (each.applied_at ? " " + *each.applied_at : ""));
    }
    if (as_json)
        print_line(json::serialize(json::object{{"migrations", std::move(rows)}}));
}

/// The newest of those that are applied, at most `steps`, newest first.
std::vector<migration_state> newest_applied(const database_place& place, int steps) {
    auto states = migration_status(place);
    std::erase_if(states, [](const auto& each) { return !each.applied_at; });
    std::ranges::reverse(states);
    states.resize(std::min(states.size(), static_cast<std::size_t>(steps)));
    return states;
}

/// What taking these back would lose, for a person: a line for each migration that loses anything, table and column.
std::vector<std::string> told_losses(const std::vector<migration_state>& going, const std::vector<lost_data>& lost) {
    std::vector<std::string> lines;
    for (const auto& each : going)
        if (!each.loses.empty())
            lines.push_back("Taking back " + each.name + " " + each.loses);
    for (const lost_data& each : lost)
        lines.push_back(
            "  " + (each.column.empty() ? "table " + each.table : "column " + each.table + "." + each.column) + ": " +
            std::to_string(each.rows) + (each.column.empty() ? " rows" : " rows have something in it"));
    return lines;
}

void print_taken_back(const std::vector<std::string>& names, const char* word, const std::vector<lost_data>& lost,
                      bool as_json) {
    if (!as_json)
        return print_done(names, word, "Nothing is applied.", false);
    json::array gone;
    for (const lost_data& each : lost)
        gone.push_back(json::object{{"table", each.table},
                                    {"column", each.column.empty() ? json::value() : json::value(each.column)},
                                    {"rows", each.rows}});
    print_line(
        json::serialize(json::object{{word, json::array(names.begin(), names.end())}, {"lost", std::move(gone)}}));
}

/// Asks on the terminal; anything but a yes is a no.
bool is_answered_yes() {
    std::fprintf(stderr, "Type yes to do it all the same: ");
    std::fflush(stderr);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

int take_back(const database_place& place, const options& given) {
    const auto lost = lost_by_going_down(place, given.steps);
    const auto going = newest_applied(place, given.steps);
    const auto told = told_losses(going, lost);
    for (const std::string& line : told)
        std::fprintf(stderr, "%s\n", line.c_str());
    if (given.dry_run) {
        std::vector<std::string> names(going.size());
        std::ranges::transform(going, names.begin(), &migration_state::name);
        print_taken_back(names, given.as_json ? "would_revert" : "would revert", lost, given.as_json);
        return told.empty() || given.confirmed ? 0 : usage_exit;
    }
    if (!told.empty()) {
        const auto* const file = std::get_if<std::filesystem::path>(&place);
        std::fprintf(stderr, "%s\n",
                     file != nullptr ? ("A copy is made beside " + file->string() + " before.").c_str()
                                     : "No copy is made: make one before, with pg_dump or rondo copy.");
        const bool may_ask = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
        if (!given.confirmed && !(may_ask && is_answered_yes())) {
            std::fprintf(stderr, "Nothing was changed. To do it all the same, say --yes.\n");
            return usage_exit;
        }
    }
    print_taken_back(migrate_down(place, given.steps), "reverted", lost, given.as_json);
    return 0;
}

}  // namespace

void add_migrate(CLI::App& app, invocation& call) {
    CLI::App* const migrate =
        app.add_subcommand("migrate", "Bring the database's schema up or down, or show where it is");
    migrate->require_subcommand(1);
    migrate->fallthrough();
    migrate->footer(
        "Example:\n  rondo migrate status --database-url sqlite:///todo.db\n\n"
        "Of a SQLite file a copy is kept beside it as it was: todo.db.before-0002. Of PostgreSQL, pg_dump makes one.");
    const auto given = std::make_shared<options>();
    const auto add = [&](const char* name, const char* help) {
        CLI::App* const command = migrate->add_subcommand(name, help);
        command->fallthrough();
        command->add_flag("--json", given->as_json, "Print JSON");
        return command;
    };

    add("up", "Apply what is pending, or take over the FastAPI backend's database")->callback([given, &call] {
        bring_up(read_database_url(call.settings.database_url), given->as_json);
    });

    CLI::App* const down = add("down", "Take back the newest migrations");
    down->add_option("--steps", given->steps, "How many")->check(CLI::Range(1, 9999))->capture_default_str();
    down->add_flag("--yes", given->confirmed, "Also when that loses data; do not ask");
    down->add_flag("--dry-run", given->dry_run, "Only say what would go; the exit code is that of the same without");
    down->callback(
        [given, &call] { call.exit_code = take_back(read_database_url(call.settings.database_url), *given); });

    add("status", "Show every migration and when it was applied; changes nothing")->callback([given, &call] {
        print_status(migration_status(read_database_url(call.settings.database_url)), given->as_json);
    });
}

}  // namespace rondo::cli
