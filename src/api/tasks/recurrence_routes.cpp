// What comes: of a task, and of a rule that is not saved yet.

#include <string>
#include <utility>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/tasks/task_answers.hpp"
#include "api/tasks/task_fields.hpp"
#include "api/wire/json_reader.hpp"
#include "api/wire/query_fields.hpp"
#include "api/wire/request_body.hpp"
#include "api/wire/responses.hpp"
#include "api/wire/text.hpp"
#include "domain/recurrence/upcoming.hpp"
#include "domain/words/describe.hpp"

namespace rondo {

namespace {

constexpr int default_count = 10;

std::string note_of(const upcoming_occurrence& one, const time_zone& zone) {
    std::string note;
    for (const std::string& sentence : describe_exceptions(one.step, zone))
        note += (note.empty() ? "" : " ") + sentence;
    if (one.last)
        note += (note.empty() ? "" : " ") + std::string{"This is the last one."};
    return note;
}

std::string with_capital(std::string sentence) {
    if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z')
        sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    return sentence + ".";
}

std::string to_json(const task& of, const upcoming& found) {
    std::string json = R"({"description":)";
    append_json_string(json, describe(of.repeat, of.series_start, of.zone));
    json += R"(,"occurrences":[)";
    for (const upcoming_occurrence& one : found.occurrences) {
        if (json.back() != '[')
            json += ',';
        json += R"({"due_date":")" + due_text(one.step.at, of.zone) + '"';
        if (const auto note = note_of(one, of.zone); !note.empty()) {
            json += R"(,"note":)";
            append_json_string(json, note);
        }
        json += '}';
    }
    json += R"(],"ends":)";
    if (found.ends)
        append_json_string(json, with_capital(describe(*found.ends)));
    else
        json += "null";
    return json + '}';
}

async<http::response> list_occurrences(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (!id)
        co_return no_such_task();
    query_fields query{asked};
    const std::size_t count = query.count("count", 1, upcoming_max).value_or(default_count);
    if (const auto fits = query.finish(); !fits)
        co_return problem_response(fits.error());
    const auto found = co_await read(
        with.data, [owner = asking.user.id, id = *id](const transaction& tx) { return tx.find_task(owner, id); });
    if (!found)
        co_return no_such_task();
    co_return json_response(200,
                            to_json(*found, upcoming_occurrences(*found, static_cast<int>(count), with.time.now())));
}

struct preview_fields {
    task_fields of_task;
    int count = default_count;
};

/// The body of a new task, in which nothing but the rule has to be there, and `count`.
preview_fields read_preview(boost::json::object object) {
    preview_fields read;
    boost::json::object own;
    if (const auto* count = object.if_contains("count"))
        own["count"] = *count;
    object.erase("count");
    object_reader body{own, object_reader::nulls::are_absent};
    if (const auto count = body.integer("count", 1, upcoming_max))
        read.count = static_cast<int>(*count);
    read.of_task = read_task_fields(object, task_body::of_new_task);
    if (auto ended = body.finish(); !ended)
        read.of_task.faults.insert(read.of_task.faults.end(), ended.error().faults.begin(), ended.error().faults.end());
    read.of_task.changes.title = "preview";  // a form may not have a whole one yet
    return read;
}

async<planned_change> preview(const services& with, const caller& asking, http::request& asked) {
    auto body = read_json_object(asked);
    if (!body)
        co_return problem_response(body.error());
    auto fields = read_preview(*std::move(body));
    const instant now = with.time.now();
    auto planned = apply({.zone = asking.user.zone}, fields.of_task.changes, now);
    if (!fields.of_task.faults.empty() || !planned) {
        result<judged_task> judged;
        if (!planned)
            judged = std::unexpected(planned.error());
        co_return problem_response(every_fault(fields.of_task, judged));
    }
    co_return json_response(200, to_json(*planned, upcoming_occurrences(*planned, fields.count, now)));
}

}  // namespace

void add_recurrence_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/tasks/{id}/occurrences", list_occurrences);
    on_change(routes, with, http::method::post, "/api/recurrence/preview", preview);
}

}  // namespace rondo
