#include "auth/passwords.hpp"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <sodium.h>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "auth/bcrypt.hpp"
#include "base/error.hpp"
#include "text/opaque_string.hpp"

namespace rondo {
namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19'456 * 1024;

[[noreturn]] void out_of_memory() {
    throw unavailable{"There is no memory to check a password with."};
}

std::string hash_now(const std::string& password) {
    std::array<char, crypto_pwhash_STRBYTES> made{};
    if (crypto_pwhash_str_alg(made.data(), password.data(), password.size(), passes, memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        out_of_memory();
    return made.data();
}

bool verify_now(const std::string& password, const std::string& kept) {
    if (is_bcrypt(kept))
        return matches_bcrypt(password, kept);
    errno = 0;
    if (crypto_pwhash_str_verify(kept.c_str(), password.data(), password.size()) == 0)
        return true;
    // libsodium sets EINVAL for a wrong password and for no other failure.
    const bool compared = errno == EINVAL;
    if (!compared && crypto_pwhash_str_needs_rehash(kept.c_str(), passes, memory_bytes) != -1)
        out_of_memory();
    return false;
}

bool made_otherwise(const std::string& kept) {
    return crypto_pwhash_str_needs_rehash(kept.c_str(), passes, memory_bytes) != 0;
}

/// A password that is wiped when it is no longer needed.
class secret {
public:
    explicit secret(std::string text) : text_{std::move(text)} {}
    secret(secret&&) = delete;
    ~secret() { sodium_memzero(text_.data(), text_.size()); }
    const std::string& text() const { return text_; }
    bool operator==(const secret&) const = default;

private:
    std::string text_;
};

}  // namespace

/// Threads that take jobs from one queue. A job is called once: with true to be done, with false when the pool has
/// stopped.
struct passwords::pool {
    using job = std::move_only_function<void(bool)>;

    explicit pool(unsigned count) : admitted_max{count + password_jobs_waiting_max} {
        for (unsigned i = 0; i < count; ++i)
            threads.emplace_back([this] { work(); });
    }

    ~pool() { stop(); }

    /// Takes a place for one job, or throws.
    void admit() {
        const std::lock_guard lock{mutex};
        if (stopping)
            throw unavailable{"The server is stopping."};
        if (admitted == admitted_max)
            throw unavailable{"Too many logins are waiting to be checked."};
        ++admitted;
    }

    void push(job next) {
        {
            std::unique_lock lock{mutex};
            if (!stopping) {
                queue.push_back(std::move(next));
                lock.unlock();
                waiting.notify_one();
                return;
            }
        }
        next(false);
    }

    void work() {
        std::unique_lock lock{mutex};
        while (true) {
            waiting.wait(lock, [this] { return stopping || !queue.empty(); });
            if (stopping)
                return;
            job next = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            next(true);
            next = nullptr;
            lock.lock();
            --admitted;
        }
    }

    void stop() {
        {
            const std::lock_guard lock{mutex};
            stopping = true;
        }
        waiting.notify_all();
        for (std::thread& thread : threads)
            thread.join();
        threads.clear();
        for (job& left : std::exchange(queue, {}))
            left(false);
    }

    /// Runs `task` on a thread of the pool and resumes on the caller's executor with what it gave.
    template <class Task>
    async<std::invoke_result_t<Task&>> run(Task task) {
        // Here and not in the initiation below: the coroutine is suspended by then, and an exception would leave it so
        // for ever.
        admit();
        std::optional<std::invoke_result_t<Task&>> made;
        // Tracked: the caller's context has work to wait for while the job is under way.
        auto on = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
        co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void(std::exception_ptr)>(
            [&](auto handler) {
                push([&task, &made, on = std::move(on), handler = std::move(handler)](bool wanted) mutable {
                    std::exception_ptr failure;
                    try {
                        if (!wanted)
                            throw unavailable{"The server is stopping."};
                        made.emplace(task());
                    } catch (...) {
                        failure = std::current_exception();
                    }
                    asio::post(on, [handler = std::move(handler), failure = std::move(failure)]() mutable {
                        std::move(handler)(std::move(failure));
                    });
                });
            },
            asio::use_awaitable_t<executor>{});
        co_return std::move(*made);
    }

    const std::size_t admitted_max;
    std::mutex mutex;
    std::condition_variable waiting;
    std::deque<job> queue;
    std::size_t admitted = 0;  // waiting or being done
    bool stopping = false;
    std::vector<std::thread> threads;
    std::string of_nobody;  // what an unknown user's password is compared with
};

passwords::passwords(unsigned threads) {
    if (sodium_init() < 0)
        throw fatal{71, "No source of randomness: libsodium could not be initialised."};
    pool_ = std::make_unique<pool>(threads);
    pool_->of_nobody = hash_now("nobody's password");
}

passwords::~passwords() = default;

async<std::string> passwords::hash(std::string password) {
    const secret given{std::move(password)};
    const secret prepared{opaque_string(given.text())};
    co_return co_await pool_->run([&prepared] { return hash_now(prepared.text()); });
}

async<passwords::verdict> passwords::verify(std::string password, std::string kept) {
    const secret given{std::move(password)};
    const secret prepared{opaque_string(given.text())};
    co_return co_await pool_->run([this, &given, &prepared, &kept] {
        const bool known = !kept.empty();
        const std::string& compared = known ? kept : pool_->of_nobody;
        const bool same = verify_now(prepared.text(), compared);
        // A hash from before passwords were prepared, or another system's, is of the bytes as they came.
        const bool same_as_it_came = !same && given != prepared && verify_now(given.text(), compared);
        return verdict{.matches = known && (same || same_as_it_came),
                       .needs_rehash = known && (same_as_it_came || (same && made_otherwise(kept)))};
    });
}

void passwords::stop() {
    pool_->stop();
}

}  // namespace rondo
