// One line to a running server, which reads it as a task.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/wire/text.hpp"
#include "base/error.hpp"
#include "cli/commands.hpp"
#include "domain/words/date_order.hpp"
#include "http/client/client.hpp"

namespace rondo::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t column_max = 60;  // characters; what is longer does not push the columns after it away

struct flags {
    std::vector<std::string> words;
    std::string url = "http://127.0.0.1:8000";
    std::string locale;
    bool dry_run = false;
    bool as_json = false;
};

/// The language tag of a locale as the C library names it: `de_DE.UTF-8@euro` is de-DE; nothing for C and POSIX.
std::string language_tag_of(std::string_view locale) {
    std::string tag{locale.substr(0, locale.find_first_of(".@"))};
    std::ranges::replace(tag, '_', '-');
    return tag == "C" || tag == "POSIX" || !is_language_tag(tag) ? std::string{} : tag;
}

/// That of the dates the user reads elsewhere in the terminal.
std::string locale_of_environment() {
    for (const char* name : {"LC_ALL", "LC_TIME", "LANG"})
        if (const char* given = std::getenv(name); given != nullptr && *given != '\0')
            return language_tag_of(given);
    return {};
}

std::string how_to_get_a_token(std::string_view url) {
    return "Log in, and try again:\n  export RONDO_TOKEN=$(curl -s " + std::string{url} +
           "/api/auth/login -H 'Content-Type: application/json' \\\n"
           "    -d '{\"email\": \"you@example.com\", \"password\": \"your password\"}' |\n"
           "    sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')";
}

/// From the environment alone: a flag could be read in the list of processes.
std::string token_for(std::string_view url) {
    const char* given = std::getenv("RONDO_TOKEN");
    const std::string token = given != nullptr ? given : "";
    if (token.empty())
        throw fatal{77, "RONDO_TOKEN is not set. " + how_to_get_a_token(url)};  // EX_NOPERM
    if (std::ranges::any_of(token, [](char c) { return c <= ' ' || c >= 0x7f; }))
        throw fatal{77, "RONDO_TOKEN is not a token. " + how_to_get_a_token(url)};
    return token;
}

struct server_address {
    http::client_options to;
    std::string target;
};

server_address parse_url(const std::string& url) {
    const auto wrong = [&](std::string_view why) {
        return fatal{64, "--url " + url + ": " + std::string{why} + ", such as http://127.0.0.1:8000"};
    };
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->encoded_host().empty() || parsed->has_userinfo() || parsed->has_query() ||
        parsed->has_fragment())
        throw wrong("must be the address of a server");
    if (parsed->scheme() != "http")
        throw wrong(
            "must begin with http://: this command speaks no TLS, so name the server itself and not the proxy before "
            "it");
    std::string path{parsed->encoded_path()};
    while (path.ends_with('/'))
        path.pop_back();
    const bool has_port = parsed->has_port() && !parsed->port().empty();
    return {.to = {.host = parsed->host_address(), .port = has_port ? std::string{parsed->port()} : "80"},
            .target = path + "/api/tasks/quick"};
}

/// The text of a member, harmless to a terminal; empty for null and for none.
std::string text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string())
        return {};
    std::string text{value->as_string()};
    std::ranges::replace_if(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, ' ');
    // U+0080 to U+009F, which some terminals obey as well
    for (std::size_t at = 0; (at = text.find('\xc2', at)) != text.npos && at + 1 < text.size(); ++at)
        if (static_cast<unsigned char>(text[at + 1]) < 0xa0)
            text.replace(at, 2, " ");
    return text;
}

/// What an error's answer says, in sentences.
std::string complaint_of(const http::incoming_answer& answer) {
    boost::system::error_code broken;
    const json::value body = json::parse(answer.body, broken);
    const auto* problem = broken ? nullptr : body.if_object();
    if (problem == nullptr)
        return {};
    std::string faults;
    if (const auto* errors = problem->if_contains("errors"); errors != nullptr && errors->is_array())
        for (const json::value& one : errors->as_array())
            if (const auto* fault = one.if_object())
                faults += std::string{faults.empty() ? "" : "\n"} +
                          (text_in(*fault, "pointer") == "/locale" ? "--locale " : "The line ") +
                          text_in(*fault, "message") + '.';
    return faults.empty() ? text_in(*problem, "detail") : faults;
}

/// The answer's JSON, or an error that says what to do next.
json::object ask(const flags& given) {
    const auto [to, target] = parse_url(given.url);
    std::string line;
    for (const std::string& word : given.words)
        line += (line.empty() ? "" : " ") + word;
    if (!is_clean_text(line))
        throw fatal{65, "The line is not UTF-8 text."};
    json::object body{{"text", line}};
    if (const std::string locale = given.locale.empty() ? locale_of_environment() : given.locale; !locale.empty())
        body["locale"] = locale;
    if (given.dry_run)
        body["dry_run"] = true;
    const std::string sent = json::serialize(body);
    const std::vector<http::header> headers{{.name = "Authorization", .value = "Bearer " + token_for(given.url)},
                                            {.name = "Content-Type", .value = "application/json"}};
    const auto answer = http::client{to}.send({.target = target, .headers = headers, .body = sent});
    if (!answer)
        throw fatal{69, "No answer from " + given.url + " (" + answer.error().reason +
                            "). Start a server with rondo serve, or name another with --url or RONDO_URL."};
    const std::string complaint = complaint_of(*answer);
    switch (answer->status) {
        case 200:
        case 201:
            break;
        case 401:
            throw fatal{77, "The server does not take the token in RONDO_TOKEN. " + how_to_get_a_token(given.url)};
        case 422:
            throw fatal{65, complaint};  // EX_DATAERR
        case 404:
        case 405:
            throw fatal{69,
                        "What answers at " + given.url + " has no quick add: is it a Rondo server of this version?"};
        default:
            throw fatal{69, "The server answered " + std::to_string(answer->status) +
                                (complaint.empty() ? std::string{"."} : ": " + complaint)};
    }
    boost::system::error_code broken;
    json::value found = json::parse(answer->body, broken);
    if (broken || !found.is_object() || !found.as_object().contains("read"))
        throw fatal{69, "What answers at " + given.url + " is not a Rondo server."};
    return std::move(found.as_object());
}

void print_line(const std::string& line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    if (std::fputc('\n', stdout) == EOF)
        throw fatal{74, "Cannot write to the standard output."};
}

/// Rows whose columns begin below each other; the last one is as wide as it is.
void print_table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i + 1 < row.size(); ++i)
            widths[i] = std::max(widths[i], std::min(character_count(row[i]), column_max));
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::size_t width = character_count(row[i]);
            line += (i == 0 ? "  " : "") + row[i];
            line.append(widths[i] > width ? widths[i] - width + 2 : 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        print_line(line);
    }
}

std::string tags_of(const json::object& of) {
    std::string names;
    const auto* tags = of.if_contains("tags");
    if (tags == nullptr || !tags->is_array())
        return names;
    for (const json::value& one : tags->as_array()) {
        const auto* made = one.if_object();  // of a dry run, the name alone
        names += (names.empty() ? "#" : ", #") +
                 (made != nullptr ? text_in(*made, "name") : text_in({{"name", one}}, "name"));
    }
    return names;
}

std::string describe(std::string_view mode) {
    if (mode == "after_completion")
        return "counted from the day it is done";
    return mode == "on_schedule" ? "skipping missed ones" : "keeping missed ones";
}

/// What a server of an older version does not tell is nothing.
void print_unread(const json::object& found) {
    const auto* unread = found.if_contains("unread");
    if (unread == nullptr || !unread->is_array() || unread->as_array().empty())
        return;
    std::vector<std::vector<std::string>> rows;
    for (const json::value& one : unread->as_array())
        if (const auto* part = one.if_object())
            rows.push_back({text_in(*part, "text"), text_in(*part, "why") + '.'});
    print_line("\nNot read, and left in the title:");
    print_table(rows);
}

void print_found(const json::object& found) {
    const auto* made = found.at("task").if_object();
    const json::object& of = made != nullptr ? *made : found.at("fields").as_object();
    const std::string title = text_in(of, "title");
    print_line((made != nullptr ? "Added: " : "Would add: ") +
               (title.empty() ? "(no title: add what is to be done)" : title));

    const auto& read = found.at("read").as_array();
    std::string repeats;
    std::vector<std::vector<std::string>> words;
    for (const json::value& one : read) {
        const json::object& part = one.as_object();
        const std::string as = text_in(part, "as");
        if (as == "repeat")
            repeats = text_in(part, "value");
        words.push_back({text_in(part, "text"), as, as == "title" ? "" : text_in(part, "value")});
    }
    std::vector<std::vector<std::string>> rows;
    const auto add = [&](const char* label, std::string value) {
        if (!value.empty())
            rows.push_back({label, std::move(value)});
    };
    add("due", text_in(of, "due_date"));
    if (!repeats.empty())
        add("repeats", repeats + ", " + describe(text_in(of, "repeat_mode")));
    add("until", text_in(of, "recurring_end_date"));
    add("priority", text_in(of, "priority"));
    add("tags", tags_of(of));
    if (made != nullptr)
        add("id", text_in(of, "id"));
    print_table(rows);
    print_line("\nHow it was read:");
    print_table(words);
    print_unread(found);
}

void run_add(const flags& given) {
    const json::object found = ask(given);
    if (given.as_json)
        print_line(json::serialize(found));
    else
        print_found(found);
    if (std::fflush(stdout) != 0)
        throw fatal{74, "Cannot write to the standard output."};
}

}  // namespace

void add_add(CLI::App& app, invocation&) {
    CLI::App* add = app.add_subcommand("add", "Add a task that is written in one line");
    auto given = std::make_shared<flags>();  // lives as long as the callback
    add->add_option("words", given->words, "The line; in single quotes, so that the shell leaves # and ! alone")
        ->required();
    add->add_option("--url", given->url, "The server")->envname("RONDO_URL")->capture_default_str();
    add->add_option(
        "--locale", given->locale,
        "The language tag whose order dates in digits have, such as en-GB; by default that of LC_TIME or LANG");
    add->add_flag("--dry-run", given->dry_run, "Only show how the line is read; add nothing");
    add->add_flag("--json", given->as_json, "Print the server's answer");
    add->footer(
        "Example:\n  rondo add 'Pay rent every month on the 1st at 9am until June #home !high'\n\n"
        "The environment variable RONDO_TOKEN holds your access token. " +
        how_to_get_a_token("http://127.0.0.1:8000"));
    add->callback([given] { run_add(*given); });
}

}  // namespace rondo::cli
