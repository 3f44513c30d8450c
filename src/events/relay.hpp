#pragma once
// Moves events from the outbox to the publisher.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

#include "base/clock.hpp"
#include "events/consumer.hpp"
#include "events/publisher.hpp"
#include "store/store.hpp"
#include "telemetry/metrics.hpp"

namespace rondo {

inline constexpr std::size_t relay_batch_max = 256;
inline constexpr std::chrono::milliseconds relay_backoff_min{100};
inline constexpr std::chrono::seconds relay_backoff_max{5};
inline constexpr std::chrono::seconds relay_store_wait_max{
    2};  ///< the longest wait for a database that does not answer

/// How long a relay keeps the events it has in hand from those of other replicas: longer than any publisher waits for its
/// transport. What a replica that died had in hand goes to another when that time is over.
inline constexpr std::chrono::seconds relay_lease{8};

/// How long an event waits after `attempts` failed ones: doubling from the least to the most, less a random part of up to a half.
std::chrono::milliseconds relay_backoff(int attempts, random_source& random);

/// What handles events in-process while the transport has been out of reach for so long.
struct local_handling {
    consumer& events;
    std::chrono::milliseconds after;
};

/// One loop on one thread: woken by the commit, oldest first per key; a failed key waits with jittered, doubling back-off; what is rejected goes to
/// the dead letters. While the transport as a whole is out of reach, no key is blamed: the relay itself backs off, and after a while hands each event to the
/// consumer as well, which it marks; it is published all the same. Idle, it sleeps until the next commit or the next attempt. Start after the store, stop before it.
class relay {
public:
    relay(store& outbox, publisher& out, metrics& meters, const clock& time, random_source& random,
          std::optional<local_handling> while_down = {});
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
    struct outcome;
    static outcome sort_out(std::span<const stored_event> events, std::span<const publish_result> results);
    /// The events to publish now, which no other replica's relay has in hand.
    std::vector<stored_event> take_in_hand(instant now);
    void record(const outcome& sorted);
    void run();
    /// Waits for work or the end, at most so long.
    void sleep(std::chrono::milliseconds at_most);
    /// Waits so long, or for the end.
    void pause(std::chrono::milliseconds lasting);
    std::chrono::milliseconds until_next_attempt();
    void note_outage(instant now);
    void note_recovery(instant now);
    bool waits_for_transport(instant now) const;
    /// Hands events to the consumer if it is time for that; true if there may be more.
    bool handle_locally(instant now);

    store& outbox_;
    publisher& out_;
    metrics& metrics_;
    const clock& time_;
    random_source& random_;
    std::optional<local_handling> while_down_;
    struct outage {
        instant since;
        int attempts = 0;
        instant next_attempt;
        bool handled_locally = false;
    };
    std::optional<outage> outage_;  // of the loop's
    std::int64_t handled_up_to_ = 0;  // sequence of the last event handled in-process
    const uuid holder_;  ///< what it calls itself among the replicas' relays
    std::mutex mutex_;
    std::condition_variable woken_;
    std::atomic<bool> work_{true};
    bool stopping_ = false;  // under mutex_
    std::thread thread_;
};

}  // namespace rondo
