#include "store/postgres/workers.hpp"

#include <algorithm>
#include <utility>

#include "base/failpoint.hpp"

namespace rondo::postgres {

workers::workers(postgres_transaction::mode how, std::size_t count, std::size_t waiting_max, opener open, health& state)
    : mode_{how}, waiting_max_{waiting_max}, open_{std::move(open)}, health_{state} {
    for (std::size_t i = 0; i < count; ++i)
        threads_.emplace_back([this] { run(); });
}

workers::~workers() {
    stop();
}

void workers::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_all();
    for (std::thread& each : threads_)
        if (each.joinable())
            each.join();
}

void workers::submit(job added, store::completion done) {
    {
        const std::lock_guard lock{mutex_};
        if (queue_.size() >= waiting_max_)
            throw unavailable{"Too many jobs wait for the database"};
        queue_.push_back({.run = std::move(added), .done = std::move(done)});
    }
    woken_.notify_one();
}

void workers::run() {
    link mine;
    for (;;) {
        waiting next;
        {
            std::unique_lock lock{mutex_};
            woken_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty())
                return;
            next = std::move(queue_.front());
            queue_.pop_front();
        }
        run_one(next, mine);
    }
}

void workers::run_one(waiting& next, link& mine) {
    std::exception_ptr failure;
    for (int tried = 1;; ++tried) {
        failure = nullptr;
        postgres_transaction* on = nullptr;
        try {
            on = &connected(mine);
            if (const auto owners = attempt(next.run, *on); !owners.empty() && tell_)
                tell_(owners);
            break;
        } catch (const database_error& why) {
            failure = std::current_exception();
            using kind = database_error::kind;
            const bool may_pass = why.what_kind() == kind::repeat || why.what_kind() == kind::lost;
            const bool again = on != nullptr && !on->may_have_committed() && may_pass && tried < attempts_max;
            if (why.what_kind() == kind::lost)
                mine.to.reset();
            else if (on != nullptr)
                on->end();
            if (!again) {
                health_.failed(why);
                break;
            }
        } catch (...) {
            failure = std::current_exception();
            if (on != nullptr)
                on->end();
            break;
        }
    }
    if (mine.to && mine.to->on().is_lost())
        mine.to.reset();
    if (mode_ == postgres_transaction::mode::writing)
        reach(failpoint::before_answer);
    next.done(std::move(failure));
}

std::vector<user_id> workers::attempt(job& run, postgres_transaction& on) {
    on.begin(mode_);
    if (run(on) == store::verdict::keep && mode_ == postgres_transaction::mode::writing) {
        const bool asked = on.has_begun();
        auto owners = on.commit();
        if (asked)
            health_.wrote();
        return owners;
    }
    on.end();
    return {};
}

postgres_transaction& workers::connected(link& mine) {
    if (mine.to)
        return *mine.to;
    const auto now = std::chrono::steady_clock::now();
    if (now < mine.next_try)
        throw database_error{database_error::kind::lost, "The database cannot be reached"};
    try {
        mine.to = open_();
        mine.wait = reconnect_wait_min;
    } catch (const database_error&) {
        mine.next_try = std::chrono::steady_clock::now() + mine.wait;
        mine.wait = std::min(2 * mine.wait, reconnect_wait_max);
        throw;
    }
    return *mine.to;
}

}  // namespace rondo::postgres
