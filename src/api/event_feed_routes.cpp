// A user's own events, in order: GET /api/events.

#include <string>
#include <utility>
#include <vector>

#include "api/for_users.hpp"
#include "api/query_fields.hpp"
#include "api/responses.hpp"
#include "api/routes.hpp"
#include "events/event_json.hpp"

namespace rondo {

namespace {

constexpr std::size_t default_limit = 100;
constexpr std::size_t limit_max = 1000;

result<std::vector<stored_event>> events_after(const transaction& tx, user_id owner,
                                               const std::optional<event_id>& after, std::size_t limit) {
    event_filter filter;
    if (after) {
        const auto last = tx.find_event(owner, *after);
        if (!last)
            return refuse_query("after", "is not the id of one of your events");
        filter.after = last->sequence;
    }
    return tx.list_events(owner, filter, limit);
}

std::string to_json(const std::vector<stored_event>& events) {
    std::string json = "[";
    for (const stored_event& one : events) {
        if (json.back() != '[')
            json += ',';
        json += to_cloud_event(one);
    }
    return json + ']';
}

async<http::response> list_events(const services& with, const caller& asking, http::request& asked) {
    query_fields query{asked};
    const auto after = query.id<event_id>("after");
    const std::size_t limit = query.count("limit", 1, limit_max).value_or(default_limit);
    if (const auto fits = query.finish(); !fits)
        co_return problem_response(fits.error());
    auto found = co_await read(with.data, [owner = asking.user.id, after, limit](const transaction& tx) {
        return events_after(tx, owner, after, limit + 1);
    });
    if (!found)
        co_return problem_response(found.error());
    const bool more = found->size() > limit;
    if (more)
        found->pop_back();
    auto answer = json_response(200, to_json(*found));
    if (more)
        answer.with("Link", "</api/events?after=" + to_string(found->back().id) + "&limit=" + std::to_string(limit) +
                                ">; rel=\"next\"");
    co_return answer;
}

}  // namespace

void add_event_feed_routes(http::router& routes, const services& with) {
    routes.add(http::method::get, "/api/events", for_users(with, list_events));
}

}  // namespace rondo
