#pragma once
// The binary's commands. Each adds its flags and its action (CLI::App::callback) to the command line; the action runs after
// parsing and sets `exit_code`.

#include <string>

#include "app/config.hpp"

namespace CLI {
class App;
}

namespace rondo::cli {

struct invocation {
    config settings;  ///< filled from flags, environment, .env and --config before the action runs
    int exit_code = 0;
};

/// Runs the server until SIGTERM or SIGINT; gives the exit code. Throws `fatal` when it cannot start.
int serve(const config& given);

void add_serve(CLI::App& app, invocation& call);  // serve.cpp
void add_migrate(CLI::App& app, invocation& call);  // migrate.cpp: migrate up|down|status
void add_copy(CLI::App& app, invocation& call);  // copy.cpp: copy a database into another
void add_events(CLI::App& app, invocation& call);  // dead_letters.cpp: events dead-letters list|show|replay|drop
void add_add(CLI::App& app, invocation& call);  // add.cpp: add a task that is written in one line
void add_next(CLI::App& app, invocation& call);  // next.cpp: the next due date, as a sum
void add_healthcheck(CLI::App& app, invocation& call);  // healthcheck.cpp: is the server on this machine ready

}  // namespace rondo::cli
