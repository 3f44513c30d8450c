#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "app/running_server.hpp"
#include "app/version.hpp"
#include "base/tz_database.hpp"
#include "cli/commands.hpp"
#include "telemetry/log.hpp"

namespace rondo::cli {
namespace {

/// Signals that the main thread waits for; blocked in every thread.
class signals {
public:
    signals() {
        sigemptyset(&set_);
        for (const int number : {SIGTERM, SIGINT, drained})
            sigaddset(&set_, number);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }

    int wait() const {
        int number = 0;
        while (sigwait(&set_, &number) != 0) {
        }
        return number;
    }

    /// Sent by the draining thread to the waiting one.
    static constexpr int drained = SIGUSR2;

private:
    sigset_t set_{};
};

void wait_and_drain(const signals& asked, running_server& server) {
    while (asked.wait() == signals::drained) {
    }
    log(log_level::info, "Stopping: requests in flight end, new ones are refused. A second signal stops at once.");
    server.begin_drain();
    std::jthread draining{[&server, main = pthread_self()] {
        server.drain();
        pthread_kill(main, signals::drained);
    }};
    if (asked.wait() != signals::drained) {
        log(log_level::warning, "Stopped at once by a second signal. What was answered is kept.");
        stop_logging();
        std::_Exit(0);  // every answered write is on the disk; threads need not be waited for
    }
}

}  // namespace

int serve(const config& given) {
    const checked_config settings = check(given);
    const signals asked;
    start_logging(settings.production ? log_format::json_lines : log_format::readable, log_level::info);
    struct logging_end {
        ~logging_end() { stop_logging(); }
    } last;

    running_server server{settings};
    const std::string address = "http://" + settings.host + ":" + std::to_string(server.port());
    log(log_level::info, "Rondo " + std::string{version} + " on " + address + ", database " + settings.database_shown +
                             ", events " + std::string{server.transport_name()});
    const auto zones = tz_database_in_use();
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    log(log_level::info, "Time zones by tz database " + describe(zones, today));
    if (const auto warning = tz_warning(zones.version, tz_version_built_with(), today))
        log(log_level::warning, *warning);
    if (settings.assistant_asked_for)
        log(log_level::warning, "OPENAI_API_KEY is set, but this version has no assistant; the key is not used.");
    if (!settings.production && settings.secret_key == config{}.secret_key)
        log(log_level::warning,
            "SECRET_KEY is the well-known default: anyone can make tokens. Set your own before others can reach this "
            "server.");
    wait_and_drain(asked, server);
    return 0;
}

void add_serve(CLI::App& app, invocation& call) {
    CLI::App* command = app.add_subcommand("serve", "Run the server (what `rondo` does without a command)");
    command->footer(
        "Example:\n  rondo serve --database-url sqlite:///todo.db --port 8000\n\nAll settings: rondo --help");
    command->callback([&call] { call.exit_code = serve(call.settings); });
}

}  // namespace rondo::cli
