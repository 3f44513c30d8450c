#include "store/sqlite/writer.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/failpoint.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace rondo::sqlite {

namespace {

/// Thrown out of a job that took its whole group with it.
struct group_lost {
    std::exception_ptr failure;
};

int keep_wal_size(void* pages, sqlite3*, const char*, int pages_now) {
    *static_cast<int*>(pages) = pages_now;
    return SQLITE_OK;
}

/// What took a whole group with it is the environment's failure to its jobs, whatever it was to the first.
unavailable as_unavailable(const std::exception_ptr& failure) {
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const unavailable& known) {
        return unavailable{known.what(), known.retry_after()};
    } catch (const std::exception& other) {
        return unavailable{std::string{"The database broke off: "} + other.what()};
    } catch (...) {
        // Says nothing of itself.
    }
    return unavailable{"The database broke off"};
}

}  // namespace

writer::writer(opener open, bool reopens, bool on_callers_thread, health& state)
    : open_{std::move(open)}, reopens_{reopens}, health_{state} {
    connected();
    if (!on_callers_thread)
        thread_ = std::thread{[this] { run(); }};
}

writer::~writer() {
    stop();
}

void writer::stop() {
    if (!thread_.joinable())
        return;
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void writer::submit(store::write_job job, store::completion done) {
    waiting added{
        .job = std::move(job), .done = std::move(done), .since = std::chrono::steady_clock::now(), .failure = nullptr};
    if (!thread_.joinable()) {
        group alone;
        alone.push_back(std::move(added));
        while (!alone.empty())
            run_group(alone);
        return;
    }
    bool first;
    {
        const std::lock_guard lock{mutex_};
        if (queue_.size() >= writes_waiting_max)
            throw unavailable{"Too many writes wait for the database"};
        first = queue_.empty();
        queue_.push_back(std::move(added));
    }
    if (first)
        woken_.notify_one();
}

void writer::run() {
    group jobs;
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            const auto has_work = [this] { return stopping_ || !queue_.empty(); };
            if (jobs.empty() && !health_.is_well() && !woken_.wait_for(lock, probe_interval, has_work)) {
                lock.unlock();
                try {
                    probe();
                } catch (const database_error&) {
                    // Still in trouble; probe has noted it.
                }
                continue;
            }
            if (jobs.empty())
                woken_.wait(lock, has_work);
            if (queue_.size() <= writes_per_commit_max && jobs.empty()) {
                jobs.swap(queue_);
            } else {
                while (!queue_.empty() && jobs.size() < writes_per_commit_max) {
                    jobs.push_back(std::move(queue_.front()));
                    queue_.pop_front();
                }
            }
            if (jobs.empty())
                return;
        }
        run_group(jobs);
    }
}

void writer::run_group(group& jobs) {
    group_outcome outcome;
    {
        const std::lock_guard lock{running_};
        try {
            const auto waited = std::chrono::steady_clock::now() - jobs.front().since;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(lock_wait_max - waited);
            reach(failpoint::before_begin);
            connected().begin_group(std::max(left, std::chrono::milliseconds{0}));
            reach(failpoint::after_begin);
            outcome = run_jobs(jobs);
            if (outcome.changed &&
                std::ranges::none_of(jobs, [](const waiting& each) { return each.failure != nullptr; }))
                health_.wrote();
        } catch (const database_error& failure) {
            health_.failed(failure);
            if (!failure.is_busy()) {
                fail(jobs, jobs.size(), std::current_exception());
            } else {
                // Only those that have waited long enough give up.
                const auto too_old = std::chrono::steady_clock::now() - lock_wait_max;
                const auto kept = std::ranges::find_if(jobs, [&](const waiting& each) { return each.since > too_old; });
                outcome.answered = static_cast<std::size_t>(kept - jobs.begin());
                fail(jobs, outcome.answered, std::current_exception());
            }
        } catch (...) {
            fail(jobs, jobs.size(), std::current_exception());
        }
    }
    answer(jobs, std::min(outcome.answered, jobs.size()));
    if (!outcome.owners.empty() && tell_)
        tell_(outcome.owners);
    const std::lock_guard lock{running_};
    checkpoint();
}

/// Runs the jobs in one transaction and commits it. Throws nothing: each job has its failure, if it has one.
group_outcome writer::run_jobs(group& jobs) {
    try {
        for (waiting& each : jobs)
            run_job(each, jobs.size() == 1);
        reach(failpoint::before_commit);
        auto committed = link_->commit_group();
        reach(failpoint::after_commit);
        return committed;
    } catch (const group_lost& lost) {
        fail(jobs, jobs.size(), lost.failure);
    } catch (...) {
        note_failure(std::current_exception());
        fail(jobs, jobs.size(), std::current_exception());
    }
    link_->roll_back_group();
    if (reopens_)
        link_.reset();
    return {};
}

void writer::run_job(waiting& each, bool alone) {
    link_->begin_job(alone);
    bool whole = true;
    try {
        if (each.job(*link_) == store::verdict::keep)
            link_->keep_job();
        else
            whole = link_->roll_back_job();
    } catch (...) {
        each.failure = std::current_exception();
        note_failure(each.failure);
        whole = link_->roll_back_job();
    }
    if (!whole)
        throw group_lost{each.failure};
}

void writer::answer(group& jobs, std::size_t count) {
    for (; count > 0; --count) {
        reach(failpoint::before_answer);
        jobs.front().done(std::move(jobs.front().failure));
        jobs.pop_front();
    }
}

/// Gives the failure to each of the first `count` jobs that has none of its own. Each gets an exception of its own: they are read and
/// freed on as many threads as there are jobs.
void writer::fail(group& jobs, std::size_t count, const std::exception_ptr& failure) {
    const unavailable outside = as_unavailable(failure);
    for (waiting& each : jobs | std::views::take(count))
        if (!each.failure)
            each.failure = std::make_exception_ptr(unavailable{outside.what(), outside.retry_after()});
}

void writer::note_failure(const std::exception_ptr& failure) {
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const database_error& from_database) {
        health_.failed(from_database);
    } catch (...) {
        // The job's own; the database is well.
    }
}

sqlite_transaction& writer::connected() {
    if (!link_) {
        link_ = open_();
        sqlite3_wal_hook(link_->on().handle(), keep_wal_size, &wal_pages_);
    }
    return *link_;
}

void writer::read(store::read_job& job) {
    const std::lock_guard lock{running_};
    const reading snapshot{*link_};
    job(*link_);
}

void writer::probe() {
    const std::lock_guard lock{running_};
    try {
        connected().begin_group(std::chrono::milliseconds{0});
        link_->on().execute("PRAGMA user_version = 0");  // rewrites the first page, whatever it was before
        link_->commit_group();
        health_.wrote();
    } catch (const database_error& failure) {
        health_.failed(failure);
        if (link_)
            link_->roll_back_group();
        throw;
    }
}

void writer::checkpoint() {
    if (!link_ || wal_pages_ < wal_pages_soft_max) {
        restart_at_ = wal_pages_hard_max;
        return;
    }
    const bool restart = wal_pages_ >= restart_at_;
    if (restart)
        restart_at_ = wal_pages_ + wal_pages_hard_max;
    link_->on().wait_for_lock(restart ? wal_restart_wait_max : std::chrono::milliseconds{0});
    int pages = 0;
    int copied = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(link_->on().handle(), nullptr,
                                  restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
    if (code == SQLITE_OK && copied == pages)
        wal_pages_ = 0;
    // Nothing is lost if it fails, or if readers are in the way: the log keeps what it holds, and the next commit tries again.
    const int kind = code & 0xff;
    if (kind != SQLITE_OK && kind != SQLITE_BUSY && kind != SQLITE_LOCKED)
        health_.failed(
            database_error{code, std::string{"The write-ahead log cannot be copied into the database (SQLite: "} +
                                     sqlite3_errmsg(link_->on().handle()) + ")"});
}

}  // namespace rondo::sqlite
