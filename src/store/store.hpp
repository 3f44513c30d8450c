#pragma once
// The face of the database: jobs in transactions. Which engine runs them is known to app alone.

#include <concepts>
#include <exception>
#include <expected>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/async.hpp"
#include "store/transaction.hpp"

namespace rondo {

class store {
public:
    enum class verdict : bool { roll_back, keep };
    using write_job = std::move_only_function<verdict(transaction&)>;
    using read_job = std::move_only_function<void(const transaction&)>;
    using completion = std::move_only_function<void(std::exception_ptr)>;

    virtual ~store() = default;

    /// Runs `job` in a transaction of its own, later, on a thread of the store's, and then `done` exactly once: with nothing after the
    /// commit is durable (or the roll-back the job asked for), with an exception of its own after a failure, when nothing of the job has happened.
    /// Throws `unavailable` at once when too many jobs wait. Jobs start in the order they were submitted; an engine with several writers
    /// runs some at a time, but those about one user one after the other. It may run a job again from its beginning when another was in its way:
    /// a job must be fit for that, and keep its result by overwriting it. When the connection breaks during the commit, nobody knows whether
    /// something has happened: that is `unavailable` too.
    virtual void submit_write(write_job job, completion done) = 0;

    /// Runs `job` on one consistent snapshot, which holds every write answered before. `done` as above; an engine that can answer without waiting
    /// runs both before this returns.
    virtual void submit_read(read_job job, completion done) = 0;

    /// Whose events were committed. Nobody named: perhaps anybody's.
    using events_committed = std::function<void(std::span<const user_id> owners)>;
    /// Called on a store's thread after each commit that appended events, by this process or, where several share the
    /// database, by another; an owner may be named more than once. Set once, before the first job.
    virtual void on_events_committed(events_committed tell) = 0;

    /// Whether other processes may publish from the same outbox: then a relay claims what it takes in hand.
    virtual bool is_shared() const { return false; }

    /// Nothing if the database answers and can be written, else what is wrong with it, in a sentence. Thread-safe; does not wait.
    virtual std::optional<std::string> trouble() const = 0;
};

namespace detail {

template <class T>
struct is_expected : std::false_type {};
template <class T, class E>
struct is_expected<std::expected<T, E>> : std::true_type {};

/// Runs a job and keeps what it returned. An unexpected result rolls the transaction back.
template <class Result, class Job, class Transaction>
store::verdict run_and_keep(Job& job, Transaction& tx, std::optional<Result>& kept) {
    kept.emplace(job(tx));
    if constexpr (is_expected<Result>::value)
        return kept->has_value() ? store::verdict::keep : store::verdict::roll_back;
    else
        return store::verdict::keep;
}

}  // namespace detail

/// Runs `job(transaction&)` and resumes on the caller's executor with what it returned, once that is durable. A job that
/// returns an unexpected `std::expected` is rolled back. `job` runs on another thread: it must not touch what the handler shares.
template <class Job>
async<std::invoke_result_t<Job&, transaction&>> write(store& target, Job job) {
    using kept_result = std::invoke_result_t<Job&, transaction&>;
    std::optional<kept_result> kept;
    auto on = co_await asio::this_coro::executor;
    co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void(std::exception_ptr)>(
        [&](auto handler) {
            // The coroutine is suspended by now: an exception that left here would end the thread's loop, so it resumes with it instead.
            const auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
            const auto resume = [on, waiting](std::exception_ptr failure) {
                asio::post(on, [handler = std::move(*waiting), failure = std::move(failure)]() mutable {
                    std::move(handler)(std::move(failure));
                });
            };
            try {
                target.submit_write([&job, &kept](transaction& tx) { return detail::run_and_keep(job, tx, kept); },
                                    resume);
            } catch (...) {
                resume(std::current_exception());
            }
        },
        asio::use_awaitable_t<executor>{});
    co_return std::move(*kept);
}

/// Runs `job(const transaction&)` on a snapshot and gives what it returned.
template <class Job>
async<std::invoke_result_t<Job&, const transaction&>> read(store& target, Job job) {
    using kept_result = std::invoke_result_t<Job&, const transaction&>;
    std::optional<kept_result> kept;
    auto on = co_await asio::this_coro::executor;
    co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void(std::exception_ptr)>(
        [&](auto handler) {
            target.submit_read([&job, &kept](const transaction& tx) { kept.emplace(job(tx)); },
                               [on, handler = std::move(handler)](std::exception_ptr failure) mutable {
                                   asio::dispatch(
                                       on, [handler = std::move(handler), failure = std::move(failure)]() mutable {
                                           std::move(handler)(std::move(failure));
                                       });
                               });
        },
        asio::use_awaitable_t<executor>{});
    co_return std::move(*kept);
}

namespace detail {

/// Runs `submit(completion)` and waits; throws what the completion was given.
template <class Submit>
void wait_for(Submit submit) {
    // The failure travels as a value: as the promise's exception it would be kept, and freed, by the thread that made it too.
    std::promise<std::exception_ptr> ended;
    auto end = ended.get_future();
    submit([ended = std::move(ended)](std::exception_ptr failure) mutable { ended.set_value(std::move(failure)); });
    if (auto failure = end.get())
        std::rethrow_exception(std::move(failure));
}

}  // namespace detail

/// The same for a thread that may wait: the relay, the sweep, the command line.
template <class Job>
std::invoke_result_t<Job&, transaction&> write_and_wait(store& target, Job job) {
    std::optional<std::invoke_result_t<Job&, transaction&>> kept;
    detail::wait_for([&](store::completion done) {
        target.submit_write([&](transaction& tx) { return detail::run_and_keep(job, tx, kept); }, std::move(done));
    });
    return std::move(*kept);
}

template <class Job>
std::invoke_result_t<Job&, const transaction&> read_and_wait(store& target, Job job) {
    std::optional<std::invoke_result_t<Job&, const transaction&>> kept;
    detail::wait_for([&](store::completion done) {
        target.submit_read([&](const transaction& tx) { kept.emplace(job(tx)); }, std::move(done));
    });
    return std::move(*kept);
}

}  // namespace rondo
