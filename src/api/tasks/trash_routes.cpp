#include <utility>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/tasks/task_answers.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

namespace {

inline constexpr std::size_t trash_listed_max = 10'000;

async<http::response> list_trash(const services& with, const caller& asking, http::request&) {
    const instant since = with.time.now() - trash_kept;
    const auto trashed = co_await read(with.data, [owner = asking.user.id, since](const transaction& tx) {
        return tx.list_trash(owner, since, trash_listed_max);
    });
    co_return json_response(200, to_json(trashed));
}

async<planned_change> restore(const services&, const caller& asking, http::request& asked) {
    const auto id = parse_id<task_id>(asked.params.at(0));
    if (!id)
        co_return no_such_task();
    co_return [who = asking.who, id = *id](transaction& tx) {
        return answered(restore_task(tx, who, id), [](const task& back) { return task_response(200, back); });
    };
}

}  // namespace

void add_trash_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/trash", list_trash);
    on_change(routes, with, http::method::post, "/api/tasks/{id}/restore", restore);
}

}  // namespace rondo
