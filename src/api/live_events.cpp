#include "api/live_events.hpp"

#include <atomic>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rondo {

struct live_events::bell {
    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

    explicit bell(const executor& on) : waiting{on} {}

    std::atomic<bool> is_ringing = false;  ///< its thread will hear it soon: no need to ring again
    // What follows belongs to its thread.
    timer waiting;
    bool rung = true;
    bool cancelled = false;
};

void live_events::ring(const std::shared_ptr<bell>& one) {
    if (one->is_ringing.exchange(true))
        return;
    asio::post(one->waiting.get_executor(), [one] {
        one->is_ringing = false;
        one->rung = true;
        one->waiting.cancel();
    });
}

void live_events::tell(std::span<const user_id> owners) {
    const std::lock_guard lock{mutex_};
    if (owners.empty())
        for (const auto& [owner, one] : bells_)
            ring(one);
    for (const user_id owner : owners) {
        const auto [first, last] = bells_.equal_range(owner);
        for (auto at = first; at != last; ++at)
            ring(at->second);
    }
}

std::unique_ptr<live_events::follower> live_events::follow(user_id owner, const executor& on) {
    const std::lock_guard lock{mutex_};
    if (bells_.count(owner) >= followers_per_user_max)
        return nullptr;
    return std::make_unique<follower>(*this, bells_.emplace(owner, std::make_shared<bell>(on)));
}

live_events::follower::follower(live_events& home, bells::iterator place)
    : home_{home}, place_{place}, bell_{place->second} {}

live_events::follower::~follower() {
    const std::lock_guard lock{home_.mutex_};
    home_.bells_.erase(place_);
}

async<bool> live_events::follower::wait(std::chrono::milliseconds at_most) {
    if (!bell_->rung && !bell_->cancelled) {
        bell_->waiting.expires_after(at_most);
        co_await bell_->waiting.async_wait(asio::as_tuple(asio::use_awaitable_t<executor>{}));
    }
    co_return std::exchange(bell_->rung, false) && !bell_->cancelled;
}

void live_events::follower::cancel() {
    bell_->cancelled = true;
    bell_->waiting.cancel();
}

}  // namespace rondo
