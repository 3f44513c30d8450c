#pragma once
// Wakes those who follow a user's events.

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>

#include "base/async.hpp"
#include "base/ids.hpp"

namespace rondo {

/// A user who has so many streams open has forgotten some.
inline constexpr std::size_t followers_per_user_max = 32;

class live_events {
public:
    class follower;

    /// Events of these owners were committed; nobody named: perhaps anybody's. Any thread; waits for nothing.
    void tell(std::span<const user_id> owners);

    /// Nothing if the owner has too many already. The follower lives no longer than this.
    std::unique_ptr<follower> follow(user_id owner, const executor& on);

private:
    struct bell;
    using bells = std::unordered_multimap<user_id, std::shared_ptr<bell>>;

    static void ring(const std::shared_ptr<bell>& one);

    std::mutex mutex_;
    bells bells_;
};

/// To be used on the thread of its executor.
class live_events::follower {
public:
    follower(live_events& home, bells::iterator place);
    ~follower();
    follower(const follower&) = delete;
    follower& operator=(const follower&) = delete;

    /// True as soon as the owner has events that came after the last call that gave true; the first time at once. False when
    /// the time is over, or after `cancel`.
    async<bool> wait(std::chrono::milliseconds at_most);
    void cancel();

private:
    live_events& home_;
    bells::iterator place_;
    std::shared_ptr<bell> bell_;
};

}  // namespace rondo
