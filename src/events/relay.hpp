#pragma once
// Moves events from the outbox to the publisher.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "events/publisher.hpp"
#include "store/store.hpp"
#include "telemetry/metrics.hpp"

namespace rondo {

inline constexpr std::size_t relay_batch_max = 256;
inline constexpr std::chrono::milliseconds relay_backoff_min{100};
inline constexpr std::chrono::seconds relay_backoff_max{30};
inline constexpr std::chrono::seconds relay_store_wait_max{
    2};  ///< the longest wait for a database that does not answer

/// How long an event waits after `attempts` failed ones: doubling from the least to the most, less a random part of up to a half.
std::chrono::milliseconds relay_backoff(int attempts, random_source& random);

/// One loop on one thread: woken by the commit, oldest first per key; a failed key waits with jittered, doubling back-off; what is rejected goes to
/// the dead letters. Idle, it sleeps until the next commit or the next attempt. Start after the store, stop before it.
class relay {
public:
    relay(store& outbox, publisher& out, metrics& meters, const clock& time, random_source& random);
    ~relay();

    void start();
    /// Thread-safe and cheap: called after every commit that appended events.
    void wake();
    /// Ends the loop after the batch in hand and joins the thread.
    void stop();

    /// One pass, on the caller's thread: for the simulation and the tests. True if there may be more to do at once. Throws `unavailable` when the
    /// database cannot be reached; what was published without being marked is published again, with the same id.
    bool run_once();

private:
    void run();
    /// Waits for work or the end, at most so long.
    void sleep(std::chrono::milliseconds at_most);
    /// Waits so long, or for the end.
    void pause(std::chrono::milliseconds lasting);
    std::chrono::milliseconds until_next_attempt();

    store& outbox_;
    publisher& out_;
    metrics& metrics_;
    const clock& time_;
    random_source& random_;
    std::mutex mutex_;
    std::condition_variable woken_;
    std::atomic<bool> work_{true};
    bool stopping_ = false;  // under mutex_
    std::thread thread_;
};

}  // namespace rondo
