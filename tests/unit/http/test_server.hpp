#pragma once
// A real server on a free port with routes that show what the engine does, and a record of what it observed.

#include <condition_variable>
#include <latch>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.hpp"
#include "http/server.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

namespace rondo::http::test {

/// Holds handlers until it is opened.
class barrier {
    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

public:
    async<void> pass() {
        const auto here = co_await asio::this_coro::executor;
        timer until{here, std::chrono::hours{1}};
        {
            const std::lock_guard lock{mutex_};
            ++waiting_;
            if (open_)
                co_return;
            open_one_ = [here, &until] { asio::post(here, [&until] { until.cancel(); }); };
        }
        changed_.notify_all();
        boost::system::error_code cancelled;
        co_await until.async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, cancelled));
    }
    void await_someone() {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return waiting_ > 0; }))
            throw std::runtime_error{"nobody came to the barrier"};
    }
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        if (open_one_)
            std::exchange(open_one_, nullptr)();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> open_one_;
    unsigned waiting_ = 0;
    bool open_ = false;
};

/// Gives its pieces, then waits until it is cancelled if it is to.
class scripted_stream final : public body_stream {
public:
    enum class then : std::uint8_t { end, wait, fail, go_on };
    scripted_stream(executor on, then after, std::function<void()> gone)
        : until_{on}, after_{after}, gone_{std::move(gone)} {}
    ~scripted_stream() override { gone_(); }
    scripted_stream(const scripted_stream&) = delete;
    scripted_stream& operator=(const scripted_stream&) = delete;

    async<std::optional<std::string>> next() override {
        if (given_ < pieces_.size())
            co_return pieces_[given_++];
        if (after_ == then::fail)
            throw std::runtime_error{"it broke off"};
        if (after_ == then::go_on && !cancelled_)
            co_return std::string(64 * 1024, 'x');
        if (after_ == then::wait && !cancelled_) {
            until_.expires_after(std::chrono::hours{1});
            boost::system::error_code cancelled;
            co_await until_.async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, cancelled));
        }
        co_return std::nullopt;
    }
    void cancel() override {
        cancelled_ = true;
        until_.cancel();
    }

private:
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>
        until_;
    const std::vector<std::string> pieces_{"one\n", "two\n"};
    then after_;
    std::function<void()> gone_;
    std::size_t given_ = 0;
    bool cancelled_ = false;
};

struct observed {
    std::string target;
    std::string route;
    unsigned status;
    std::string failure;
    std::string error_id;
    std::string request_id;
};

class test_server {
public:
    explicit test_server(server_options asked = {}) {
        add_routes();
        asked.host = "127.0.0.1";
        asked.port = 0;
        if (asked.threads == 0)
            asked.threads = 1;
        asked.cors_origins = {"https://app.example", "http://localhost:3000"};
        asked.observe = [this](const exchange& one, std::string_view failure) {
            note([&] {
                exchanges_.push_back({one.asked.target, std::string{one.asked.route}, one.answered.status,
                                      std::string{failure}, one.answered.error_id, one.asked.request_id});
            });
        };
        asked.observe_refusal = [this](unsigned status, std::string_view, std::string_view) {
            note([&] { refusals_.push_back(status); });
        };
        server_ = std::make_unique<server>(std::move(asked), routes_, clock, random_);
        server_->start();
    }

    server& engine() { return *server_; }
    std::uint16_t port() const { return server_->port(); }

    std::vector<observed> await_exchanges(std::size_t count) {
        std::unique_lock lock{mutex_};
        if (!noted_.wait_for(lock, std::chrono::seconds{20}, [&] { return exchanges_.size() >= count; }))
            throw std::runtime_error{"too few exchanges were observed"};
        return exchanges_;
    }
    std::vector<unsigned> await_refusals(std::size_t count) {
        std::unique_lock lock{mutex_};
        if (!noted_.wait_for(lock, std::chrono::seconds{20}, [&] { return refusals_.size() >= count; }))
            throw std::runtime_error{"too few refusals were observed"};
        return refusals_;
    }
    bool await_end_of_streams(std::size_t count) {
        std::unique_lock lock{mutex_};
        return noted_.wait_for(lock, std::chrono::seconds{20}, [&] { return streams_gone_ >= count; });
    }
    std::size_t exchanges_so_far() {
        const std::lock_guard lock{mutex_};
        return exchanges_.size();
    }

    rondo::test::manual_clock clock;
    barrier held;
    std::latch thread_is_busy{1};  ///< /blocks has come, and its thread does nothing else...
    std::latch thread_may_go_on{1};  ///< ...until then

    static constexpr std::size_t large_size = 32 * 1024 * 1024;

private:
    template <class Work>
    void note(Work work) {
        {
            const std::lock_guard lock{mutex_};
            work();
        }
        noted_.notify_all();
    }

    static response text(std::string body) { return {.content_type = "text/plain", .body = std::move(body)}; }

    void add_routes() {
        const auto add = [this](method verb, const char* pattern, auto answer, route_options options = {}) {
            routes_.add(verb, pattern, std::move(answer), options);
        };
        using then = scripted_stream::then;
        for (const auto& [pattern, after] :
             {std::pair{"/stream/ends", then::end}, std::pair{"/stream/waits", then::wait},
              std::pair{"/stream/fails", then::fail}, std::pair{"/stream/goes-on", then::go_on}})
            add(method::get, pattern, [this, after](request&) -> async<response> {
                const auto here = co_await asio::this_coro::executor;
                response answer{.content_type = "text/event-stream"};
                answer.stream =
                    std::make_shared<scripted_stream>(here, after, [this] { note([&] { ++streams_gone_; }); });
                co_return answer;
            });
        add(method::get, "/", [](request& asked) -> async<response> {
            co_return text("root " + std::string{asked.find_query("x").value_or("")});
        });
        add(method::get, "/host", [](request& asked) -> async<response> {
            co_return text(std::string{asked.find_header("Host").value_or("")});
        });
        add(method::get, "/blocks",
            [this](request&) -> async<response> {
                thread_is_busy.count_down();
                thread_may_go_on.wait();
                co_return text("was busy");
            },
            {.probe = true});
        add(method::get, "/hello", [](request&) -> async<response> { co_return text("hello"); });
        add(method::post, "/echo", [](request& asked) -> async<response> { co_return text(asked.body); });
        add(method::get, "/echo", [](request& asked) -> async<response> { co_return text(asked.body); });
        add(method::post, "/small", [](request& asked) -> async<response> { co_return text(asked.body); },
            {.body_max = 16});
        add(method::put, "/items/{id}", [](request& asked) -> async<response> { co_return text(asked.params.at(0)); });
        add(method::get, "/items/{id}", [](request& asked) -> async<response> { co_return text(asked.params.at(0)); });
        add(method::get, "/trace", [](request& asked) -> async<response> {
            co_return text(asked.traceparent + " " + std::string{asked.trace_id()} + " " + asked.peer_address);
        });
        add(method::get, "/user", [](request& asked) -> async<response> {
            const std::string before = std::exchange(asked.user, "me");
            co_return text(before);
        });
        add(method::del, "/gone", [](request&) -> async<response> { co_return response{.status = 204}; });
        add(method::get, "/unchanged",
            [](request&) -> async<response> { co_return response{.status = 304, .headers = {{"ETag", "\"1\""}}}; });
        add(method::get, "/boom", [](request&) -> async<response> { throw std::runtime_error{"the secret reason"}; });
        add(method::get, "/boom-strangely", [](request&) -> async<response> { throw 7; });
        add(method::get, "/no-memory", [](request&) -> async<response> { throw std::bad_alloc{}; });
        add(method::get, "/busy",
            [](request&) -> async<response> { throw unavailable{"the secret disk", std::chrono::seconds{7}}; });
        add(method::get, "/split",
            [](request&) -> async<response> { co_return text("x").with("Location", "/a\r\nSet-Cookie: evil=1"); });
        add(method::get, "/two-lengths",
            [](request&) -> async<response> { co_return text("x").with("content-length", "9"); });
        add(method::get, "/page", [](request&) -> async<response> {
            co_return text("page")
                .with("Content-Security-Policy", "default-src 'self'")
                .with("Cache-Control", "max-age=60");
        });
        add(method::get, "/large", [](request&) -> async<response> { co_return text(std::string(large_size, 'x')); });
        add(method::get, "/wait", [this](request&) -> async<response> {
            co_await held.pass();
            co_return text("waited");
        });
        add(method::get, "/readyz", [](request&) -> async<response> { co_return text("ready or not"); },
            {.probe = true});
    }

    std::mutex mutex_;
    std::condition_variable noted_;
    std::vector<observed> exchanges_;
    std::vector<unsigned> refusals_;
    std::size_t streams_gone_ = 0;
    rondo::test::seeded_random random_;
    router routes_;
    std::unique_ptr<server> server_;
};

}  // namespace rondo::http::test
