// A user's own events, in order: GET /api/events, and as they happen: GET /api/events/stream.

#include <string>
#include <utility>
#include <vector>

#include "api/events/event_stream.hpp"
#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/query_fields.hpp"
#include "api/wire/responses.hpp"
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

/// A stream begins after the event that was seen last; now, where none was named, or, with a reset, where that is unknown.
event_stream::beginning find_begin(const transaction& tx, user_id owner, std::string_view last_seen) {
    const auto id = parse_id<event_id>(last_seen);
    if (const auto last = id ? tx.find_event(owner, *id) : std::nullopt)
        return {.after = last->sequence};
    const auto events = tx.list_events(owner, {.newest_first = true}, 1);
    event_stream::beginning now{.is_reset = !last_seen.empty()};
    if (!events.empty()) {
        now.after = events.front().sequence;
        now.newest = events.front().id;
    }
    return now;
}

async<http::response> stream_events(const services& with, const caller& asking, http::request& asked) {
    if (const auto fits = query_fields{asked}.finish(); !fits)
        co_return problem_response(fits.error());
    // First listen, then look where to begin: nothing happens in between.
    auto news = with.followers.follow(asking.user.id, co_await asio::this_coro::executor);
    if (!news)
        co_return problem_response({.code = errc::too_many_requests,
                                    .detail = "You have too many streams open; close some.",
                                    .retry_after = std::chrono::seconds{60}});
    const std::string last_seen{asked.find_header("last-event-id").value_or("")};
    const auto begin = co_await read(with.data, [owner = asking.user.id, &last_seen](const transaction& tx) {
        return find_begin(tx, owner, last_seen);
    });
    http::response answer{.content_type = "text/event-stream"};
    answer.with("Cache-Control", "no-store").with("X-Accel-Buffering", "no");  // the latter for nginx
    const event_stream::listener who{.user = asking.user.id, .session = asking.session, .until = asking.until};
    answer.stream = std::make_shared<event_stream>(with, who, std::move(news), begin);
    co_return answer;
}

}  // namespace

void add_event_feed_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/events", list_events);
    on_get(routes, with, "/api/events/stream", stream_events);
}

}  // namespace rondo
