#pragma once
// The one that writes: all jobs that came while the last commit ran share the next one.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "store/sqlite/health.hpp"
#include "store/sqlite/sqlite_transaction.hpp"
#include "store/store.hpp"

namespace rondo::sqlite {

/// How long a job waits, from its submission on, for a lock that another process holds.
inline constexpr std::chrono::seconds lock_wait_max{10};
/// While the database is in trouble and nobody writes, how often the writer tries.
inline constexpr std::chrono::milliseconds probe_interval{500};
/// A write-ahead log of so many pages (16 MB) is copied into the database between two commits...
inline constexpr int wal_pages_soft_max = 4096;
/// ...and at this size (64 MB), and again each time it has grown by as much, readers are waited for, so that it starts over.
inline constexpr int wal_pages_hard_max = 16384;
inline constexpr std::chrono::milliseconds wal_restart_wait_max{100};

class writer {
public:
    /// Opens the connection; called again after a failed commit, when the old one is not to be trusted.
    using opener = std::function<std::unique_ptr<sqlite_transaction>()>;

    /// `reopens`: a fresh connection finds the same data, as it does in a file. `on_callers_thread`: no thread of its own.
    writer(opener open, bool reopens, bool on_callers_thread, health& state);
    ~writer();

    /// Runs what waits and ends the thread; nothing may be submitted any more. The connection stays open.
    void stop();

    /// See store::submit_write.
    void submit(store::write_job job, store::completion done);
    void on_events_committed(store::events_committed tell) { tell_ = std::move(tell); }

    /// Runs a read job on the writer's own connection, between groups: for a database in memory, which has no other.
    void read(store::read_job& job);

    /// Writes nothing in particular, durably. Throws `database_error`.
    void probe();

private:
    struct waiting {
        store::write_job job;
        store::completion done;
        std::chrono::steady_clock::time_point since;
        std::exception_ptr failure;
    };
    using group = std::deque<waiting>;

    void run();
    /// Runs and answers the group; what may wait longer for the lock stays in it.
    void run_group(group& jobs);
    group_outcome run_jobs(group& jobs);
    void run_job(waiting& each, bool alone);
    void answer(group& jobs, std::size_t count);
    void fail(group& jobs, std::size_t count, const std::exception_ptr& failure);
    void note_failure(const std::exception_ptr& failure);
    sqlite_transaction& connected();
    void checkpoint();

    opener open_;
    bool reopens_;
    health& health_;
    store::events_committed tell_;

    std::mutex running_;  ///< held while the connection is used
    std::unique_ptr<sqlite_transaction> link_;
    int wal_pages_ = 0;
    int restart_at_ = wal_pages_hard_max;

    std::mutex mutex_;  ///< of what follows
    std::condition_variable woken_;
    group queue_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace rondo::sqlite
