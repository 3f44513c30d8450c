#pragma once
// What nobody asked for but has to be done now and then: missing children are made, what has had its time is deleted, and
// due dates follow the time zones.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/tz_database.hpp"
#include "events/consumer.hpp"
#include "store/store.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

inline constexpr std::chrono::seconds mend_interval{10};
inline constexpr std::chrono::minutes purge_interval{1};
inline constexpr std::size_t sweep_batch_max = 500;
inline constexpr std::chrono::seconds sweep_leaves_to_relay{
    15};  ///< a task completed so lately is the relay's business still
inline constexpr std::chrono::hours kept_answers{24};  ///< to an Idempotency-Key
inline constexpr std::chrono::hours kept_throttles{24};  ///< after the last wrong login
inline constexpr std::chrono::hours kept_sessions{24};  ///< after the last of their tokens has expired

/// Looks for completed, recurring, unended tasks without a child and mends them; empties the trash after `trash_kept` and
/// deletes accounts' rows that have no more use. Looks whether the tz database has changed, and goes by it from then on; after
/// that, and at its start, it works out anew what due dates are sorted by, and a purge_interval later once more: meanwhile
/// another replica, or a request under way, may have written by the old rules. At its start, and then at the intervals above,
/// on a thread of its own. Start after the store, stop before it.
class sweep {
public:
    sweep(store& target, metrics& meters, const clock& time);
    ~sweep();

    void start();
    /// Ends after the batch in hand and joins the thread.
    void stop();

    struct swept {
        std::size_t redated = 0;  ///< tasks whose due dates are other instants by now
        std::size_t mended = 0;  ///< completed tasks that were looked at again
        std::size_t purged = 0;  ///< rows deleted for good
    };
    /// All of it once, on the caller's thread. Throws `unavailable` when the database cannot be reached.
    swept run_once();

private:
    void run();
    bool stopping();
    std::size_t mend();
    std::size_t purge();
    std::size_t redate();
    /// Whether other rules hold from here on.
    bool follow_time_zones();
    void tell_missing_zones();

    store& store_;
    consumer consumer_;
    const clock& time_;
    std::optional<task_id> redated_up_to_ = task_id{};  ///< none: all of them
    tz_watch zones_;
    std::string zone_trouble_;  ///< the last that the log has told
    std::size_t missing_zones_ = 0;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace rondo
