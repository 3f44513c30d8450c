// /api/auth/sessions: where a user is logged in, and the end of that.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/responses.hpp"
#include "base/rfc3339.hpp"
#include "usecases/accounts/accounts.hpp"

namespace rondo {
namespace {

namespace json = boost::json;

async<http::response> list(const services& with, const caller& asking, http::request&) {
    const auto found = co_await read(
        with.data, [&](const transaction& tx) { return tx.live_sessions_of(asking.user.id, with.time.now()); });
    json::array shown;
    for (const live_session& one : found)
        shown.push_back({{"id", to_string(one.session.id)},
                         {"agent", one.session.agent ? json::value(*one.session.agent) : json::value(nullptr)},
                         {"created_at", format_instant(one.session.created_at)},
                         {"last_used_at", format_instant(one.last_used_at)},
                         {"expires_at", format_instant(one.expires_at)},
                         {"current", one.session.id == asking.session}});
    co_return json_response(200, json::serialize(shown));
}

async<planned_change> end(const services&, const caller& asking, http::request& asked) {
    const auto id = parse_id<session_id>(asked.params.at(0));
    if (!id)
        co_return problem_response({.code = errc::not_found, .detail = "There is no such session."});
    co_return [owner = asking.user.id, id = *id](transaction& tx) {
        return answered(end_session(tx, owner, id), no_content);
    };
}

}  // namespace

void add_session_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/auth/sessions", list);
    on_change(routes, with, http::method::del, "/api/auth/sessions/{id}", end);
}

}  // namespace rondo
