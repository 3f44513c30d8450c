#pragma once
// Gives the tasks that are there their keys while the server runs.

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

#include "store/store.hpp"
#include "telemetry/metrics.hpp"

namespace rondo {

inline constexpr std::size_t text_keys_batch =
    200;  ///< tasks in one transaction: other writes wait no longer than that

/// Calls `task_store::make_text_keys` in batches beside the other work until all tasks have their keys, tells in the log and
/// in a metric how far it is, and looks again each minute where servers share the database. On a thread of its own; start
/// after the store, stop before it. What it did is durable batch by batch: after a crash the next start goes on.
class text_key_filler {
public:
    text_key_filler(store& target, metrics& meters);
    ~text_key_filler();

    void start();
    /// Ends after the batch in hand and joins the thread.
    void stop();

private:
    void run();
    void fill();
    bool stopping();
    bool wait(std::chrono::milliseconds at_most);

    store& store_;
    metrics& meters_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool stopping_ = false;
    bool told_of_others_ = false;
    std::thread thread_;
};

}  // namespace rondo
