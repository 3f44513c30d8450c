#include "http/server.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/ip/tcp.hpp>

#include "base/error.hpp"
#include "http/engine.hpp"
#include "http/worker.hpp"

namespace rondo::http {

namespace {

using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr int exit_unavailable = 69;

[[noreturn]] void cannot_listen(const server_options& settings, const error_code& failed) {
    const std::string place = settings.host + ", port " + std::to_string(settings.port);
    if (failed == asio::error::address_in_use)
        throw fatal{exit_unavailable, "Cannot listen on " + place + ": another program has that port."};
    if (failed == boost::system::errc::address_not_available)
        throw fatal{exit_unavailable, "Cannot listen on " + place + ": this machine does not have that address."};
    throw fatal{exit_unavailable, "Cannot listen on " + place + ": " + failed.message() + "."};
}

tcp::endpoint resolve(const server_options& settings) {
    error_code failed;
    const auto address = asio::ip::make_address(settings.host, failed);
    if (!failed)
        return {address, settings.port};
    asio::io_context context;
    const auto found =
        tcp::resolver{context}.resolve(settings.host, std::to_string(settings.port), tcp::resolver::passive, failed);
    if (failed || found.empty())
        throw fatal{exit_unavailable, "Cannot listen on " + settings.host + ": no address has that name."};
    return found.begin()->endpoint();
}

/// SO_REUSEPORT would let us share a port with another server of the same user, each getting half of the connections:
/// a socket without it finds out whether the port is free.
void require_free(const server_options& settings, const tcp::endpoint& at) {
    asio::io_context context;
    tcp::socket probe{context};
    error_code failed;
    probe.open(at.protocol(), failed);
    if (!failed)
        probe.set_option(asio::socket_base::reuse_address{true}, failed);
    if (!failed)
        probe.bind(at, failed);
    if (failed)
        cannot_listen(settings, failed);
}

}  // namespace

struct server::state {
    engine shared;
    std::uint16_t port = 0;
    bool started = false;
    std::mutex mutex;  // of `ended` and `aborted`; no request takes it
    std::condition_variable changed;
    std::size_t ended = 0;
    bool aborted = false;
    std::vector<std::unique_ptr<worker>> workers;
    std::mutex joining;
    std::vector<std::thread> threads;

    template <class Predicate>
    void wait_until(std::chrono::steady_clock::time_point deadline, Predicate reached) {
        std::unique_lock lock{mutex};
        changed.wait_until(lock, deadline, [&] { return aborted || reached(); });
    }
    void notify() {
        {
            const std::lock_guard lock{mutex};
        }
        changed.notify_all();
    }
    void join() {
        const std::lock_guard lock{joining};
        for (const auto& one : workers)
            one->stop();
        for (std::thread& one : threads)
            one.join();
        threads.clear();
    }
};

server::server(server_options settings, const router& routes, const clock& time, random_source& random)
    : state_{new state{.shared{std::move(settings), routes, time, random}}} {
    const server_options& asked = state_->shared.settings;
    tcp::endpoint at = resolve(asked);
    if (at.port() != 0)
        require_free(asked, at);
    const unsigned threads = asked.threads != 0 ? asked.threads : std::max(1U, std::thread::hardware_concurrency());
    try {
        for (unsigned i = 0; i < threads; ++i) {
            state_->workers.push_back(
                std::make_unique<worker>(state_->shared, at, [all = state_.get()] { all->notify(); }));
            at = state_->workers.back()->endpoint();
        }
        state_->port = at.port();
    } catch (const boost::system::system_error& failed) {
        cannot_listen(asked, failed.code());
    }
}

server::~server() {
    stop_now();
}

std::uint16_t server::port() const {
    return state_->port;
}

void server::start() {
    state_->started = true;
    for (const auto& one : state_->workers) {
        state_->threads.emplace_back([all = state_.get(), &home = *one] {
            home.run();
            const std::lock_guard lock{all->mutex};
            ++all->ended;
            all->changed.notify_all();
        });
    }
}

void server::begin_drain() {
    if (state_->shared.draining.exchange(true))
        return;
    for (const auto& one : state_->workers)
        one->post_drain();
}

bool server::draining() const {
    return state_->shared.draining;
}

void server::stop() {
    begin_drain();
    const auto deadline = std::chrono::steady_clock::now() + state_->shared.settings.bounds.drain_max;
    if (state_->started) {
        state_->wait_until(deadline, [&] {
            return std::ranges::all_of(state_->workers, [](const auto& one) { return one->quiet(); });
        });
        for (const auto& one : state_->workers)
            one->post_finish();
        state_->wait_until(deadline, [&] { return state_->ended == state_->workers.size(); });
    }
    stop_now();
}

void server::stop_now() {
    {
        const std::lock_guard lock{state_->mutex};
        state_->aborted = true;
    }
    state_->changed.notify_all();
    state_->join();
}

}  // namespace rondo::http
