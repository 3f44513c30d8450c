#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "api/for_users.hpp"
#include "api/json_reader.hpp"
#include "api/post_once.hpp"
#include "api/request_body.hpp"
#include "api/routes.hpp"
#include "api/task_answers.hpp"
#include "api/task_fields.hpp"
#include "api/task_query.hpp"
#include "telemetry/log.hpp"
#include "usecases/tasks.hpp"

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

http::response answer_change(const http::request& asked, const result<changed_task>& changed) {
    if (!changed)
        return problem_response(changed.error());
    tell_completion(asked, *changed);
    return task_response(200, changed->task);
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

async<http::response> create(const services& with, const caller& asking, http::request& asked) {
    const auto body = read_json_object(asked);
    if (!body)
        co_return problem_response(body.error());
    auto fields = read_task_fields(*body, task_body::of_new_task);
    if (!fields.changes.zone)
        fields.changes.zone = asking.user.zone;
    if (!fields.faults.empty())
        co_return co_await refuse_creation(with, asking, fields);

    auto made = co_await post_once(
        with, asking, asked,
        [who = asking.who, fields = std::move(fields)](transaction& tx) {
            return create_task(tx, who, fields.changes, fields.tags);
        },
        [](const result<changed_task>& created) {
            if (!created)
                return problem_response(created.error());
            auto answer = task_response(201, created->task);
            answer.with("Location", "/api/tasks/" + to_string(created->task.id));
            return answer;
        });
    if (made.done) {
        with.meters.task_created_by_user();
        tell_completion(asked, *made.done);
    }
    co_return std::move(made.answer);
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

async<http::response> change(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (!id)
        co_return no_such_task();
    const auto if_match = read_if_match(asked);
    if (!if_match)
        co_return problem_response(if_match.error());
    const auto body = read_json_object(asked);
    if (!body)
        co_return problem_response(body.error());
    auto fields = read_task_fields(*body, task_body::of_change);
    if (!fields.faults.empty())
        co_return co_await refuse_change(with, asking, *id, fields);

    const auto changed = co_await write(
        with.data, [who = asking.who, id = *id, fields = std::move(fields), if_match = *if_match](transaction& tx) {
            return change_if(tx, who, id, if_match, [&](auto version) {
                return change_task(tx, who, id, fields.changes, fields.tags, version);
            });
        });
    co_return answer_change(asked, changed);
}

async<http::response> toggle(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (!id)
        co_return no_such_task();
    const auto if_match = read_if_match(asked);
    if (!if_match)
        co_return problem_response(if_match.error());
    const auto body = read_optional_json_object(asked);
    if (!body)
        co_return problem_response(body.error());
    const auto completed_at = read_completed_at(*body);
    if (!completed_at)
        co_return problem_response(completed_at.error());
    const auto toggled = co_await write(
        with.data, [who = asking.who, id = *id, completed_at = *completed_at, if_match = *if_match](transaction& tx) {
            return change_if(tx, who, id, if_match,
                             [&](auto version) { return toggle_task(tx, who, id, completed_at, version); });
        });
    co_return answer_change(asked, toggled);
}

async<http::response> skip(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (!id)
        co_return no_such_task();
    const auto if_match = read_if_match(asked);
    if (!if_match)
        co_return problem_response(if_match.error());
    const auto body = read_optional_json_object(asked);
    if (!body)
        co_return problem_response(body.error());
    if (auto nothing_else = object_reader{*body}.finish(); !nothing_else)
        co_return problem_response(nothing_else.error());
    auto skipped = co_await post_once(
        with, asking, asked,
        [who = asking.who, id = *id, if_match = *if_match](transaction& tx) {
            return change_if(tx, who, id, if_match, [&](auto version) { return skip_task(tx, who, id, version); });
        },
        [](const result<changed_task>& moved) {
            return moved ? task_response(200, moved->task) : problem_response(moved.error());
        });
    co_return std::move(skipped.answer);
}

/// Whether the descendants go too. A mistyped parameter must not delete more than was meant.
result<bool> read_scope(const http::request& asked) {
    std::vector<fault> faults;
    for (const http::header& one : asked.query) {
        const std::string name = is_clean_text(one.name) ? cut(one.name) : std::string{};
        if (one.name != "scope")
            faults.push_back({"?" + name, "is not a known parameter"});
        else if (one.value != "task")
            faults.push_back({"?scope", "must be task, or left out to delete the descendants too"});
    }
    if (!faults.empty())
        return std::unexpected(error{
            .code = errc::invalid, .detail = "Some parameters of the query do not fit.", .faults = std::move(faults)});
    return asked.query.empty();
}

async<http::response> remove(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (!id)
        co_return no_such_task();
    const auto if_match = read_if_match(asked);
    if (!if_match)
        co_return problem_response(if_match.error());
    const auto with_descendants = read_scope(asked);
    if (!with_descendants)
        co_return problem_response(with_descendants.error());
    const auto removed = co_await write(with.data, [who = asking.who, id = *id, all = *with_descendants,
                                                    if_match = *if_match](transaction& tx) {
        return change_if(tx, who, id, if_match, [&](auto version) { return delete_task(tx, who, id, all, version); });
    });
    co_return removed ? no_content() : problem_response(removed.error());
}

}  // namespace

void add_task_routes(http::router& routes, const services& with) {
    routes.add(http::method::get, "/api/tasks", for_users(with, list));
    routes.add(http::method::post, "/api/tasks", for_users(with, create));
    routes.add(http::method::get, "/api/tasks/{id}", for_users(with, show));
    routes.add(http::method::put, "/api/tasks/{id}", for_users(with, change));
    routes.add(http::method::patch, "/api/tasks/{id}", for_users(with, change));
    routes.add(http::method::del, "/api/tasks/{id}", for_users(with, remove));
    routes.add(http::method::patch, "/api/tasks/{id}/toggle", for_users(with, toggle));
    routes.add(http::method::post, "/api/tasks/{id}/skip", for_users(with, skip));
}

}  // namespace rondo
