// The next due date as a sum, for a person, for a program, and for many at once. The sum itself is the domain's.

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/rfc3339.hpp"
#include "cli/commands.hpp"
#include "domain/task.hpp"
#include "domain/words/describe.hpp"

namespace rondo::cli {
namespace {

namespace json = boost::json;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;

/// What is asked, as text: the names of a task's fields in the HTTP interface.
struct question {
    std::optional<std::string> due_date;
    std::optional<std::string> series_start;
    std::optional<std::string> completed_at;
    std::optional<std::string> recurring_type;
    std::optional<std::string> recurrence_rule;
    std::optional<std::string> repeat_mode;
    std::optional<std::string> recurring_end_date;
    std::optional<std::string> timezone;
    int recurring_interval = 1;
};

/// The task that the question describes, and what completing it leads to.
struct answer {
    task of;
    instant completed_at;
    std::expected<next_step, series_end> next;
};

/// Turns the texts into values and collects those that are none.
class reading {
public:
    template <class Parse>
    auto read(const std::optional<std::string>& text, const char* pointer, const char* expected, Parse parse)
        -> decltype(parse(*text)) {
        if (!text)
            return std::nullopt;
        auto value = parse(*text);
        if (!value)
            faults.push_back({.pointer = pointer, .message = std::string{"must be "} + expected});
        return value;
    }

    std::vector<fault> faults;
};

constexpr const char* date_or_time_expected = "a date or a time, such as 2026-02-08 or 2026-02-08T09:00";

result<answer> work_out(const question& asked, instant now) {
    reading text;
    task_changes fields{.title = "next"};
    fields.interval = asked.recurring_interval;
    fields.zone = text.read(asked.timezone, "/timezone", "a time zone's name, such as Europe/Berlin", time_zone::find);
    fields.type = text.read(asked.recurring_type, "/recurring_type", "daily, weekly, monthly, yearly, custom or none",
                            parse_recurring_type);
    if (asked.repeat_mode)
        fields.mode = text.read(asked.repeat_mode, "/repeat_mode", "after_completion, on_schedule or every_occurrence",
                                parse_repeat_mode);
    if (asked.recurrence_rule)
        fields.rule = asked.recurrence_rule;
    if (asked.due_date)
        fields.due_date = text.read(asked.due_date, "/due_date", date_or_time_expected, parse_date_or_time);
    if (asked.recurring_end_date)
        fields.end_date =
            text.read(asked.recurring_end_date, "/recurring_end_date", date_or_time_expected, parse_date_or_time);
    const auto start = text.read(asked.series_start, "/series_start", date_or_time_expected, parse_date_or_time);
    const auto done =
        text.read(asked.completed_at, "/completed_at", "a time, such as 2026-02-08T17:30Z", [](std::string_view given) {
            const auto parsed = parse_date_or_time(given);
            return parsed && !std::holds_alternative<local_days>(*parsed) ? parsed : std::nullopt;
        });
    const auto refuse = [](std::vector<fault> faults) {
        return std::unexpected(error{.code = errc::invalid, .detail = {}, .faults = std::move(faults)});
    };
    if (!text.faults.empty())
        return refuse(std::move(text.faults));

    std::optional<due> current;
    if (start) {
        // Each is read as a due date is, by the same function; the rule is judged by the series it is of.
        const auto read = [&](const std::optional<std::optional<date_or_time>>& when) {
            return apply({}, {.title = "next", .due_date = when, .zone = fields.zone}, now);
        };
        if (const auto started = read(*start); !started)
            return refuse({{.pointer = "/series_start", .message = started.error().faults.front().message}});
        const auto due_now = read(fields.due_date);
        if (!due_now)
            return std::unexpected(due_now.error());
        current = due_now->due;
        if (current)
            fields.due_date = *start;
    }
    auto described = apply({}, fields, now);
    if (!described)
        return std::unexpected(std::move(described).error());
    if (current)
        described->due = current;

    instant completed_at = now;
    if (done) {
        const auto* wall = std::get_if<local_seconds>(&*done);
        completed_at = wall != nullptr ? instant{described->zone.to_instant(*wall).at} : std::get<instant>(*done);
    }
    auto next = next_occurrence(described->repeat, occurrence_of(*described), completed_at);
    return answer{.of = std::move(*described), .completed_at = completed_at, .next = std::move(next)};
}

/// The wall clock of the series, which has no offset: it is the same all year.
std::string shown_start(const due& start) {
    return start.all_day ? format_date(floor<days>(start.wall)) : format_wall(start.wall, seconds{0}).substr(0, 19);
}

std::string_view to_string(wall_kind kind) {
    static constexpr std::array<std::string_view, 3> names{"unique", "skipped", "repeated"};
    return names[static_cast<std::size_t>(kind)];
}

// For a program

json::object to_json(const answer& found) {
    json::object out;
    const auto& next = found.next;
    out["next_due_date"] = next ? json::value(due_text(next->at, found.of.zone)) : json::value(nullptr);
    out["ends"] = next ? json::value(nullptr) : json::value(rondo::to_string(next.error()));
    out["timezone"] = found.of.zone.name();
    if (next) {
        out["series_start"] = shown_start(next->series_start);
        out["clamped"] = next->clamped;
        out["wall_clock"] = to_string(next->kind);
    }
    return out;
}

json::object to_json(const error& refused) {
    json::array faults;
    for (const fault& one : refused.faults)
        faults.push_back({{"pointer", one.pointer}, {"message", one.message}});
    return {{"errors", std::move(faults)}};
}

result<question> read_question(const json::object& row) {
    question asked;
    std::vector<fault> faults;
    const std::pair<std::string_view, std::optional<std::string>*> texts[] = {
        {"due_date", &asked.due_date},
        {"series_start", &asked.series_start},
        {"completed_at", &asked.completed_at},
        {"recurring_type", &asked.recurring_type},
        {"recurrence_rule", &asked.recurrence_rule},
        {"repeat_mode", &asked.repeat_mode},
        {"recurring_end_date", &asked.recurring_end_date},
        {"timezone", &asked.timezone},
    };
    for (const auto& [key, value] : row) {
        const std::string pointer = "/" + std::string{key};
        const auto* text =
            std::ranges::find(texts, std::string_view{key}, [](const auto& known) { return known.first; });
        if (text != std::end(texts)) {
            if (const json::string* given = value.if_string())
                *text->second = std::string{*given};
            else if (!value.is_null())
                faults.push_back({.pointer = pointer, .message = "must be a text or null"});
        } else if (key == "recurring_interval") {
            const std::int64_t* given = value.if_int64();
            if (given != nullptr)
                asked.recurring_interval = static_cast<int>(std::clamp<std::int64_t>(*given, 0, interval_max + 1));
            else
                faults.push_back({.pointer = pointer, .message = "must be a whole number"});
        } else if (key != "name") {
            faults.push_back({.pointer = pointer, .message = "is not known"});
        }
    }
    if (!faults.empty())
        return std::unexpected(error{.code = errc::invalid, .detail = {}, .faults = std::move(faults)});
    return asked;
}

json::object answer_row(const std::string& line, instant now) {
    boost::system::error_code broken;
    const json::value row = json::parse(line, broken);
    if (broken || !row.is_object())
        return to_json(error{.code = errc::malformed,
                             .detail = {},
                             .faults = {{.pointer = "", .message = "must be a JSON object on one line"}}});
    const auto asked = read_question(row.as_object());
    const auto found = asked ? work_out(*asked, now) : std::unexpected(asked.error());
    json::object out = found ? to_json(*found) : to_json(found.error());
    if (const json::value* name = row.as_object().if_contains("name"))
        out["name"] = *name;
    return out;
}

void print_line(const std::string& line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    if (std::fputc('\n', stdout) == EOF)
        throw fatal{74, "Cannot write to the standard output."};
}

/// One answer a line, in order. Whether every question could be answered.
bool answer_batch(std::istream& questions, instant now) {
    bool all_answered = true;
    for (std::string line; std::getline(questions, line);) {
        const json::object row = answer_row(line, now);
        all_answered = all_answered && !row.contains("errors");
        print_line(json::serialize(row));
    }
    return all_answered;
}

// For a person

void print_sum(const answer& found) {
    for (const std::string& sentence : explain_next(found.of.repeat, occurrence_of(found.of), found.completed_at))
        print_line(sentence);
    if (found.next)
        print_line("Next due: " + due_text(found.next->at, found.of.zone));
}

/// The flag that a fault of the domain is about.
std::string flag_of(const std::string& pointer) {
    static constexpr std::pair<std::string_view, std::string_view> flags[] = {
        {"/due_date", "--due"},        {"/series_start", "--series-start"},   {"/completed_at", "--done"},
        {"/recurring_type", "--type"}, {"/recurring_interval", "--interval"}, {"/recurrence_rule", "--rule"},
        {"/repeat_mode", "--mode"},    {"/recurring_end_date", "--end"},      {"/timezone", "--timezone"}};
    for (const auto& [field, flag] : flags)
        if (field == pointer)
            return std::string{flag};
    return pointer;
}

struct flags {
    question asked;
    bool as_json = false;
    bool batch = false;
};

void run_next(const flags& given, invocation& call) {
    const instant now = system_clock{}.now();
    if (given.batch) {
        call.exit_code = answer_batch(std::cin, now) ? 0 : 65;  // EX_DATAERR
    } else {
        if (!given.asked.recurring_type)
            throw CLI::RequiredError{"--type"};
        const auto found = work_out(given.asked, now);
        if (!found) {
            std::string all;
            for (const fault& one : found.error().faults)
                all += (all.empty() ? "" : "\n") + flag_of(one.pointer) + " " + one.message;
            throw CLI::ValidationError{all};
        }
        if (given.as_json)
            print_line(json::serialize(to_json(*found)));
        else
            print_sum(*found);
    }
    if (std::fflush(stdout) != 0)
        throw fatal{74, "Cannot write to the standard output."};
}

}  // namespace

void add_next(CLI::App& app, invocation& call) {
    CLI::App* next = app.add_subcommand("next", "Work out the next due date of a repeating task");
    auto given = std::make_shared<flags>();  // lives as long as the callback
    question& asked = given->asked;
    next->add_option("--type", asked.recurring_type, "daily, weekly, monthly, yearly, custom or none");
    next->add_option("--rule", asked.recurrence_rule,
                     "With the type custom: a rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR");
    next->add_option("--due", asked.due_date,
                     "Due now: a date (all day) or a time in the task's zone; none if left out");
    next->add_option("--done", asked.completed_at, "When it was completed; now if left out");
    next->add_option("--interval", asked.recurring_interval, "Every so many days, weeks, months or years, 1 to 999");
    next->add_option("--mode", asked.repeat_mode,
                     "after_completion (custom: on_schedule) if left out, on_schedule or every_occurrence");
    next->add_option("--timezone", asked.timezone, "The task's zone, such as Europe/Berlin; UTC if left out");
    next->add_option("--series-start", asked.series_start, "The first due date of the series; --due if left out");
    next->add_option("--end", asked.recurring_end_date, "The end of the series: a date (included) or a time");
    next->add_flag("--json", given->as_json, "Answer with one JSON object");
    next->add_flag("--batch", given->batch,
                   "Read JSON objects from standard input, one a line, and answer each with one");
    next->footer(
        "Example:\n  rondo next --type daily --due 2026-02-08T09:00 --done 2026-02-08T17:30Z\n\n"
        "In a batch the fields are called as in the HTTP interface (due_date, completed_at, recurring_type, ...),\n"
        "and series_start; name is given back:\n"
        "  echo '{\"recurring_type\": \"daily\", \"due_date\": \"2026-02-08\", \"completed_at\": "
        "\"2026-02-08T17:30Z\"}' |\n"
        "    rondo next --batch");
    next->callback([given, &call] { run_next(*given, call); });
}

}  // namespace rondo::cli
