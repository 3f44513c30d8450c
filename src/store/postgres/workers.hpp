#pragma once
// Threads that run jobs, each with a connection of its own.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/postgres/health.hpp"
#include "store/postgres/postgres_transaction.hpp"
#include "store/store.hpp"

namespace rondo::postgres {

/// How often a job is run before its caller is told that others were in its way.
inline constexpr int attempts_max = 5;
/// How long the next attempt to connect waits after a failed one: doubling from the least to the most.
inline constexpr std::chrono::milliseconds reconnect_wait_min{100};
inline constexpr std::chrono::milliseconds reconnect_wait_max{1000};

class workers {
public:
    using job = std::move_only_function<store::verdict(postgres_transaction&)>;
    using opener = std::function<std::unique_ptr<postgres_transaction>()>;

    /// `open` connects; called on the threads, at their first job and after a connection was lost. `waiting_max`: more
    /// jobs than that are refused.
    workers(postgres_transaction::mode how, std::size_t count, std::size_t waiting_max, opener open, health& state);
    ~workers();

    /// Called on the threads after each commit that appended events, before the job is answered. Set before the first job.
    void on_events_committed(store::events_committed tell) { tell_ = std::move(tell); }

    /// Runs the job and then `done`. A job that was in the way of another transaction, or lost its connection before its
    /// commit, is run again. Throws `unavailable` when too many wait.
    void submit(job added, store::completion done);

    /// Runs what waits and ends the threads; nothing may be submitted any more.
    void stop();

private:
    struct waiting {
        job run;
        store::completion done;
    };
    /// A thread's connection, and when it may be made again.
    struct link {
        std::unique_ptr<postgres_transaction> to;
        std::chrono::steady_clock::time_point next_try{};
        std::chrono::milliseconds wait = reconnect_wait_min;
    };

    void run();
    void run_one(waiting& next, link& mine);
    /// One attempt; gives the owners of the events that were appended.
    std::vector<user_id> attempt(job& run, postgres_transaction& on);
    postgres_transaction& connected(link& mine);

    const postgres_transaction::mode mode_;
    const std::size_t waiting_max_;
    const opener open_;
    health& health_;
    store::events_committed tell_;

    std::mutex mutex_;  ///< of what follows
    std::condition_variable woken_;
    std::deque<waiting> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace rondo::postgres
