#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/tasks/task_answers.hpp"
#include "api/tasks/task_fields.hpp"
#include "api/tasks/task_query.hpp"
#include "api/wire/begin_change.hpp"
#include "api/wire/json_reader.hpp"
#include "api/wire/query_fields.hpp"
#include "telemetry/log.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

namespace {

/// Gives `change` the version that If-Match asks for: any with `*`; one that no task has when none of its entity tags
/// is the present one.
template <class Change>
auto change_if(const transaction& tx, const actor& who, task_id id, const etag_condition& if_match, Change change)
    -> std::invoke_result_t<Change, std::optional<std::int64_t>> {
    static constexpr std::int64_t of_no_task = 0;
    if (if_match.any)
        return change(std::nullopt);
    const auto present = tx.find_task(who.user, id);
    const result<bool> held = present ? holds(if_match, etag_of(*present)) : false;
    if (!held)
        return std::unexpected(held.error());
    return change(*held ? present->version : of_no_task);
}

void tell_completion(const http::request& asked, const changed_task& changed) {
    if (!changed.completion)
        return;
    log(log_level::info, "Task completed, publishing event",
        {{"event_id", to_string(*changed.completion)},
         {"task_id", to_string(changed.task.id)},
         {"user_id", to_string(changed.task.owner)},
         {"trace_id", std::string{asked.trace_id()}}});
}

/// The answer to a change of a task: the task.
result<done_change> answer_with_task(const http::request& asked, result<changed_task> changed) {
    if (!changed)
        return std::unexpected(std::move(changed.error()));
    done_change done{.answer = task_response(200, changed->task)};
    if (changed->completion)
        done.committed = [&asked, changed = *std::move(changed)] { tell_completion(asked, changed); };
    return done;
}

async<http::response> list(const services& with, const caller& asking, http::request& asked) {
    const auto query = read_task_query(asked, asking.user, with);
    if (!query)
        co_return problem_response(query.error());
    auto page = co_await read(with.data, [owner = asking.user.id, &query](const transaction& tx) {
        page_request from_first_row = query->page;
        from_first_row.limit += query->offset;
        return tx.list_tasks(owner, query->filter, from_first_row);
    });
    page.tasks.erase(page.tasks.begin(),
                     page.tasks.begin() + static_cast<std::ptrdiff_t>(std::min(query->offset, page.tasks.size())));
    auto answer = json_response(200, to_json(page.tasks));
    if (page.next)
        answer.with("Link", link_to_next_page(asked, asking.user, query->page, *page.next, with));
    co_return answer;
}

/// What is wrong with a new task whose fields could not all be read.
async<http::response> refuse_creation(const services& with, const caller& asking, const task_fields& fields) {
    const task empty{.owner = asking.user.id, .zone = asking.user.zone};
    const auto refusal = co_await read(with.data, [&empty, &fields](const transaction& tx) {
        return every_fault(fields, judge_changes(tx, empty, fields.changes, fields.tags));
    });
    co_return problem_response(refusal);
}

async<planned_change> create(const services& with, const caller& asking, http::request& asked) {
    const auto body = read_json_object(asked);
    if (!body)
        co_return problem_response(body.error());
    auto fields = read_task_fields(*body, task_body::of_new_task);
    if (!fields.changes.zone)
        fields.changes.zone = asking.user.zone;
    if (!fields.faults.empty())
        co_return co_await refuse_creation(with, asking, fields);

    co_return [&with, &asked, who = asking.who, fields = std::move(fields)](transaction& tx) -> result<done_change> {
        auto created = create_task(tx, who, fields.changes, fields.tags);
        if (!created)
            return std::unexpected(std::move(created.error()));
        auto answer = task_response(201, created->task);
        answer.with("Location", "/api/tasks/" + to_string(created->task.id));
        return done_change{.answer = std::move(answer), .committed = [&with, &asked, created = *std::move(created)] {
                               with.meters.task_created_by_user();
                               tell_completion(asked, created);
                           }};
    };
}

async<http::response> show(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (!id)
        co_return no_such_task();
    const auto found = co_await read(
        with.data, [owner = asking.user.id, id = *id](const transaction& tx) { return tx.find_task(owner, id); });
    if (!found)
        co_return no_such_task();
    const std::string etag = etag_of(*found);
    if (is_known(asked, etag))
        co_return http::response{.status = 304}.with("ETag", etag);
    co_return task_response(200, *found);
}

/// The same for a change: told of the task as it would become.
async<http::response> refuse_change(const services& with, const caller& asking, task_id id, const task_fields& fields) {
    const auto refusal =
        co_await read(with.data, [owner = asking.user.id, id, &fields](const transaction& tx) -> std::optional<error> {
            const auto before = tx.find_task(owner, id);
            if (!before)
                return std::nullopt;
            return every_fault(fields, judge_changes(tx, *before, fields.changes, fields.tags));
        });
    co_return refusal ? problem_response(*refusal) : no_such_task();
}

async<planned_change> change(const services& with, const caller& asking, http::request& asked) {
    const auto begun = begin_change<task_id>(asked, "task", body_kind::required);
    if (!begun)
        co_return problem_response(begun.error());
    auto fields = read_task_fields(begun->body, task_body::of_change);
    if (!fields.faults.empty())
        co_return co_await refuse_change(with, asking, begun->id, fields);

    co_return [&asked, who = asking.who, id = begun->id, fields = std::move(fields),
               if_match = begun->if_match](transaction& tx) {
        return answer_with_task(asked, change_if(tx, who, id, if_match, [&](auto version) {
                                    return change_task(tx, who, id, fields.changes, fields.tags, version);
                                }));
    };
}

async<planned_change> toggle(const services& with, const caller& asking, http::request& asked) {
    const auto begun = begin_change<task_id>(asked, "task", body_kind::optional);
    if (!begun)
        co_return problem_response(begun.error());
    const auto completed_at = read_completed_at(begun->body);
    if (!completed_at)
        co_return problem_response(completed_at.error());
    co_return [&asked, who = asking.who, id = begun->id, completed_at = *completed_at,
               if_match = begun->if_match](transaction& tx) {
        return answer_with_task(asked, change_if(tx, who, id, if_match, [&](auto version) {
                                    return toggle_task(tx, who, id, completed_at, version);
                                }));
    };
}

async<planned_change> skip(const services& with, const caller& asking, http::request& asked) {
    const auto begun = begin_change<task_id>(asked, "task", body_kind::optional);
    if (!begun)
        co_return problem_response(begun.error());
    if (auto nothing_else = object_reader{begun->body}.finish(); !nothing_else)
        co_return problem_response(nothing_else.error());
    co_return [&asked, who = asking.who, id = begun->id, if_match = begun->if_match](transaction& tx) {
        return answer_with_task(
            asked, change_if(tx, who, id, if_match, [&](auto version) { return skip_task(tx, who, id, version); }));
    };
}

/// Whether the descendants go too. A mistyped parameter must not delete more than was meant.
result<bool> read_scope(const http::request& asked) {
    query_fields query{asked};
    const auto scopes = query.texts("scope");
    if (std::ranges::any_of(scopes, [](std::string_view scope) { return scope != "task"; }))
        query.refuse("scope", "must be task, or left out to delete the descendants too");
    if (auto fits = query.finish(); !fits)
        return std::unexpected(std::move(fits.error()));
    return scopes.empty();
}

async<planned_change> remove(const services& with, const caller& asking, http::request& asked) {
    const auto begun = begin_change<task_id>(asked, "task", body_kind::none);
    if (!begun)
        co_return problem_response(begun.error());
    const auto with_descendants = read_scope(asked);
    if (!with_descendants)
        co_return problem_response(with_descendants.error());
    co_return [who = asking.who, id = begun->id, all = *with_descendants, if_match = begun->if_match](transaction& tx) {
        return answered(
            change_if(tx, who, id, if_match, [&](auto version) { return delete_task(tx, who, id, all, version); }),
            no_content);
    };
}

}  // namespace

void add_task_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/tasks", list);
    on_change(routes, with, http::method::post, "/api/tasks", create);
    on_get(routes, with, "/api/tasks/{id}", show);
    on_change(routes, with, http::method::put, "/api/tasks/{id}", change);
    on_change(routes, with, http::method::patch, "/api/tasks/{id}", change);
    on_change(routes, with, http::method::del, "/api/tasks/{id}", remove);
    on_change(routes, with, http::method::patch, "/api/tasks/{id}/toggle", toggle);
    on_change(routes, with, http::method::post, "/api/tasks/{id}/skip", skip);
}

}  // namespace rondo
