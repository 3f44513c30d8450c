// A whole database into another one, of the same engine or the other.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/database.hpp"
#include "base/error.hpp"
#include "cli/commands.hpp"

namespace rondo::cli {
namespace {

namespace json = boost::json;

constexpr int bar_width = 40;
constexpr int line_every_percent = 10;

struct options {
    std::string from, to;
    bool as_json = false;
};

/// A bar that grows on a terminal; a line now and then for anyone else.
class shown_progress {
public:
    explicit shown_progress(bool is_terminal) : is_terminal_{is_terminal} {}

    void show(const copy_progress& now) {
        const int percent = now.total == 0 ? 100 : static_cast<int>(100 * now.done / now.total);
        const bool is_new_phase = now.now != phase_;
        phase_ = now.now;
        const int step = is_terminal_ ? 1 : line_every_percent;
        if (!is_new_phase && percent < percent_ + step)
            return;
        percent_ = percent - percent % step;
        const char* const word = phase_ == copy_progress::phase::copying ? "copying " : "checking";
        if (is_terminal_) {
            const int filled = std::min(percent, 100) * bar_width / 100;
            std::fprintf(stderr, "\r%s [%s%s] %3d %%", word, std::string(filled, '#').c_str(),
                         std::string(bar_width - filled, '.').c_str(), percent);
        } else {
            std::fprintf(stderr, "%s %lld of %lld rows\n", word, static_cast<long long>(now.done),
                         static_cast<long long>(now.total));
        }
        std::fflush(stderr);
        is_shown_ = true;
    }

    ~shown_progress() {
        if (is_terminal_ && is_shown_)
            std::fputc('\n', stderr);
    }
    shown_progress(const shown_progress&) = delete;
    shown_progress& operator=(const shown_progress&) = delete;

private:
    bool is_terminal_;
    bool is_shown_ = false;
    copy_progress::phase phase_ = copy_progress::phase::copying;
    int percent_ = -100;
};

void print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw fatal{74, "Cannot write to the standard output."};
}

void copy(const options& given) {
    std::vector<copied_table> copied;
    {
        shown_progress progress{isatty(STDERR_FILENO) == 1};
        copied = copy_database(given.from, given.to, [&](const copy_progress& now) { progress.show(now); });
    }
    if (given.as_json) {
        json::array tables;
        for (const copied_table& each : copied)
            tables.push_back(
                json::object{{"table", json::string{each.name}}, {"rows", each.rows}, {"hash", each.hash}});
        print(json::serialize(json::object{{"from", without_password(given.from)},
                                           {"to", without_password(given.to)},
                                           {"tables", std::move(tables)}}) +
              "\n");
        return;
    }
    for (const copied_table& each : copied)
        print(std::string{each.name} + ": " + std::to_string(each.rows) + " rows, the same on both sides\n");
    print("Copied. Set DATABASE_URL to the new database, and start the server.\n");
}

}  // namespace

void add_copy(CLI::App& app, invocation&) {
    CLI::App* const command =
        app.add_subcommand("copy", "Copy a whole database into a new one, also of another engine");
    const auto given = std::make_shared<options>();
    command->add_option("--from", given->from, "URL of the database to copy; it is only read")->required();
    command->add_option("--to", given->to, "URL of the new one: a file that is not there, or an empty schema")
        ->required();
    command->add_flag("--json", given->as_json, "Print JSON");
    command->footer(
        "Stop the server first. When the copy is broken off, say the same again: it goes on.\n\nExample:\n"
        "  rondo copy --from sqlite:////data/todo.db --to postgresql://rondo:secret@db.example.org/rondo");
    command->callback([given] { copy(*given); });
}

}  // namespace rondo::cli
