// What has become of a task: the tasks of its series, what was done to it, and why it is there.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/tasks/page_cursor.hpp"
#include "api/tasks/task_answers.hpp"
#include "api/tasks/task_query.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/query_fields.hpp"
#include "api/wire/text.hpp"
#include "base/rfc3339.hpp"
#include "domain/words/describe.hpp"
#include "events/history.hpp"
#include "events/origin.hpp"

namespace rondo {

namespace {

constexpr std::size_t entries_max = 1000;  // of a history, in one answer

// --- series ---

async<http::response> list_series(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    page_request page{.sort = sort_key::created_at, .descending = false};
    query_fields query{asked};
    page.limit = query.count("limit", 1, page_limit_max).value_or(page.limit);
    if (const auto cursor = query.text("cursor")) {
        page.after = open_cursor(*cursor, {asking.user.id, page.sort, page.descending}, with.secret_key);
        if (!page.after)
            query.refuse("cursor", "must be one from a Link header of this series");
    }
    if (const auto fits = query.finish(); !fits)
        co_return problem_response(fits.error());
    if (!id)
        co_return no_such_task();
    const auto found = co_await read(
        with.data, [owner = asking.user.id, id = *id, &page](const transaction& tx) -> std::optional<task_page> {
            const auto member = tx.find_task(owner, id);
            if (!member)
                return std::nullopt;
            return tx.list_tasks(owner, {.series = member->series, .now = tx.now()}, page);
        });
    if (!found)
        co_return no_such_task();
    auto answer = json_response(200, to_json(found->tasks));
    if (found->next)
        answer.with("Link", link_to_next_page(asked, asking.user, page, *found->next, with));
    co_return answer;
}

// --- history ---

std::string_view name_of(bool by_rondo) {
    return by_rondo ? "rondo" : "you";
}

void append_entry(std::string& json, const history_entry& entry) {
    json += R"({"event_id":")" + to_string(entry.id) + R"(","type":")";
    json += to_string(entry.type);
    json += R"(","at":")" + format_instant(entry.at) + R"(","by":")";
    json += name_of(entry.by_rondo);
    json += R"(","version":)" + std::to_string(entry.version) + R"(,"changes":[)";
    for (const field_change& change : entry.changes) {
        json += json.back() == '[' ? R"({"field":")" : R"(,{"field":")";
        json += change.field;
        json += R"(","from":)" + change.from + R"(,"to":)" + change.to + '}';
    }
    json += ']';
    if (entry.note) {
        json += R"(,"note":)";
        append_json_string(json, *entry.note);
    }
    json += '}';
}

struct history_page {
    std::vector<history_entry> entries;
    bool more;
};

/// Says with the last completion why it made no next occurrence, where that is known.
void note_end(const transaction& tx, const task& of, std::vector<history_entry>& entries) {
    if (!of.ended)
        return;
    const auto last =
        tx.list_events(of.owner, {.subject = of.id, .type = event_type::completed, .newest_first = true}, 1);
    for (history_entry& entry : entries)
        if (!last.empty() && entry.id == last.front().id)
            entry.note = "The series stopped here: " + describe(*of.ended) + ".";
}

/// Nothing where there is no such task; also from the trash.
result<std::optional<history_page>> read_history(const transaction& tx, user_id owner, task_id id,
                                                 const std::optional<event_id>& after, std::size_t limit) {
    const auto found = tx.find_task_anywhere(owner, id);
    if (!found)
        return std::nullopt;
    std::optional<stored_event> before;
    if (after) {
        before = tx.find_event(owner, *after);
        if (!before || before->subject != id)
            return refuse_query("after", "is not the id of one of the task's events");
    }
    auto events = tx.list_events(owner, {.subject = id, .after = before ? before->sequence : 0}, limit + 1);
    const bool more = events.size() > limit;
    if (more)
        events.pop_back();
    history_page page{.entries = history_of(before, events), .more = more};
    note_end(tx, found->task, page.entries);
    return page;
}

async<http::response> show_history(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    query_fields query{asked};
    const auto after = query.id<event_id>("after");
    const std::size_t limit = query.count("limit", 1, entries_max).value_or(entries_max);
    if (const auto fits = query.finish(); !fits)
        co_return problem_response(fits.error());
    if (!id)
        co_return no_such_task();
    const auto found =
        co_await read(with.data, [owner = asking.user.id, id = *id, after, limit](const transaction& tx) {
            return read_history(tx, owner, id, after, limit);
        });
    if (!found)
        co_return problem_response(found.error());
    if (!*found)
        co_return no_such_task();
    const history_page& page = **found;
    std::string json = "[";
    for (const history_entry& entry : page.entries) {
        json += json.back() == '[' ? "" : ",";
        append_entry(json, entry);
    }
    auto answer = json_response(200, json + ']');
    if (page.more)
        answer.with("Link", "</api/tasks/" + to_string(*id) + "/history?after=" + to_string(page.entries.back().id) +
                                "&limit=" + std::to_string(limit) + ">; rel=\"next\"");
    co_return answer;
}

// --- why ---

std::string shown_id(const std::optional<event_id>& id) {
    return id ? '"' + to_string(*id) + '"' : "null";
}

std::string shown_parent(const std::optional<task>& parent) {
    if (!parent)
        return "null";
    std::string json = R"({"id":")" + to_string(parent->id) + R"(","title":)";
    append_json_string(json, parent->title);
    json += R"(,"due_date":)";
    json += parent->due ? '"' + due_text(*parent->due, parent->zone) + '"' : "null";
    json += R"(,"completed_at":")" + format_instant(*parent->completed_at) + R"("})";
    return json;
}

std::string to_json(const origin& found) {
    const task& made = found.made;
    std::string json = R"({"made_by":")";
    json += name_of(found.by_rondo);
    json += R"(","sentence":)";
    append_json_string(json, found.sentence);
    json += R"(,"parent":)" + shown_parent(found.parent) + R"(,"rule":)" + rule_to_json(made) + R"(,"description":)";
    append_json_string(json, describe(made.repeat, made.series_start, made.zone));
    json += R"(,"steps":[)";
    for (const std::string& step : found.steps) {
        json += json.back() == '[' ? "" : ",";
        append_json_string(json, step);
    }
    return json + R"(],"event_id":)" + shown_id(found.event) + R"(,"completed_event_id":)" + shown_id(found.completed) +
           '}';
}

async<http::response> show_why(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (const auto fits = query_fields{asked}.finish(); !fits)
        co_return problem_response(fits.error());
    if (!id)
        co_return no_such_task();
    const auto found =
        co_await read(with.data, [owner = asking.user.id, id = *id](const transaction& tx) -> std::optional<origin> {
            return tx.find_task(owner, id).transform([&](const task& of) { return origin_of(tx, of); });
        });
    co_return found ? json_response(200, to_json(*found)) : no_such_task();
}

}  // namespace

void add_past_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/tasks/{id}/series", list_series);
    on_get(routes, with, "/api/tasks/{id}/history", show_history);
    on_get(routes, with, "/api/tasks/{id}/why", show_why);
}

}  // namespace rondo
