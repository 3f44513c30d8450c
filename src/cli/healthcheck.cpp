// Asks the server on this machine whether it is ready: what a container's health check runs.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "http/client/client.hpp"

namespace rondo::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds answer_within{4};  // a container's engine gives up after 5

/// Where a server that listens on `host` is reached from its own machine.
std::string reached_at(const std::string& host) {
    if (host == "0.0.0.0")
        return "127.0.0.1";
    return host == "::" ? "::1" : host;
}

/// The reason in a problem's answer; empty when there is none to read.
std::string reason_in(std::string_view body) {
    boost::system::error_code broken;
    const json::value read = json::parse(body, broken);
    const auto* problem = broken ? nullptr : read.if_object();
    const auto* detail = problem == nullptr ? nullptr : problem->if_contains("detail");
    return detail != nullptr && detail->is_string() ? std::string{detail->get_string()} : std::string{};
}

int check_health(const config& given) {
    const std::string host = reached_at(given.host);
    const http::client_options to{.host = host, .port = given.port, .timeout = answer_within};
    const auto answer = http::client{to}.send({.verb = "GET", .target = "/readyz", .headers = {}, .body = {}});
    if (!answer) {
        std::fprintf(stderr, "No answer from %s port %s (%s). Is the server started with the same HOST and PORT?\n",
                     host.c_str(), given.port.c_str(), answer.error().reason.c_str());
        return 1;
    }
    if (answer->status != 200) {
        std::fprintf(stderr, "Not ready (%u). %s\n", answer->status, reason_in(answer->body).c_str());
        return 1;
    }
    std::puts("ready");
    return 0;
}

}  // namespace

void add_healthcheck(CLI::App& app, invocation& call) {
    CLI::App* command = app.add_subcommand("healthcheck", "Ask the server on this machine whether it is ready");
    command->footer(
        "Ends with 0 when it is, with 1 when not, and says why. HOST and PORT are those of the server.\n\n"
        "Example:\n  rondo healthcheck --port 8000");
    command->callback([&call] { call.exit_code = check_health(call.settings); });
}

}  // namespace rondo::cli
