#include "api/events/event_stream.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "events/event_json.hpp"

namespace rondo {

namespace {

std::string to_text(const std::vector<stored_event>& events) {
    std::string text;
    for (const stored_event& one : events) {
        text.append("id: ").append(to_string(one.id));
        text.append("\nevent: ").append(to_string(one.type));
        text.append("\ndata: ").append(to_cloud_event(one)).append("\n\n");  // JSON of ours has no line breaks
    }
    return text;
}

/// What a stream begins with. An id without a value makes a client that keeps no event begin anew next time.
std::string greeting(const event_stream::beginning& begin) {
    std::string text = "retry: 2000\n\n";
    if (begin.is_reset)
        text.append("id: ")
            .append(begin.newest ? to_string(*begin.newest) : "")
            .append(
                "\nevent: reset\ndata: {\"reason\":\"Last-Event-ID is not the id of one of your events that are kept;")
            .append(" read everything again.\"}\n\n");
    return text;
}

}  // namespace

struct event_stream::found {
    bool may_listen = false;
    std::vector<stored_event> events;
};

event_stream::event_stream(const services& with, listener who, std::unique_ptr<live_events::follower> news,
                           beginning begin)
    : with_{with}, who_{who}, news_{std::move(news)}, last_{begin.after}, greeting_{greeting(begin)} {}

async<std::optional<std::string>> event_stream::next() {
    if (!std::exchange(begun_, true))
        co_return greeting_;
    while (!cancelled_) {
        const bool has_news = more_ || co_await news_->wait(patience());
        if (cancelled_ || with_.time.now() >= who_.until)
            break;
        auto seen = co_await read(with_.data, [this](const transaction& tx) { return look(tx); });
        if (!seen.may_listen)
            break;
        more_ = seen.events.size() == stream_batch_max;
        if (!seen.events.empty()) {
            last_ = seen.events.back().sequence;
            co_return to_text(seen.events);
        }
        if (!has_news)
            co_return ":\n\n";
    }
    co_return std::nullopt;
}

event_stream::found event_stream::look(const transaction& tx) const {
    const auto user = tx.find_session_user(who_.session);
    if (!user || user->id != who_.user)
        return {};
    return {.may_listen = true, .events = tx.list_events(who_.user, {.after = last_}, stream_batch_max)};
}

std::chrono::milliseconds event_stream::patience() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(who_.until - with_.time.now());
    return std::clamp(left, std::chrono::milliseconds{1}, stream_heartbeat);
}

void event_stream::cancel() {
    cancelled_ = true;
    news_->cancel();
}

}  // namespace rondo
