#pragma once
// One thread of the server: its io_context, its acceptor and the connections it accepted.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/async.hpp"
#include "http/engine.hpp"
#include "http/random_pool.hpp"
#include "http/session.hpp"

namespace rondo::http {

/// Everything but the constructor, `run`, `post_*` and `stop` is for the worker's own thread.
class worker {
public:
    /// Binds and listens with SO_REUSEPORT; throws boost::system::system_error. `on_change` is called on the worker's
    /// thread whenever `quiet()` may have become true.
    worker(engine& shared, const asio::ip::tcp::endpoint& at, std::function<void()> on_change);

    asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

    /// Until `post_finish` has closed all connections, or `stop`.
    void run();

    void post_drain();
    void post_finish();
    void stop() { context_.stop(); }
    /// Draining, and all requests that were in flight have been answered. Any thread may ask.
    bool quiet() const { return quiet_; }

    engine& shared() { return shared_; }
    random_source& random() { return random_; }
    /// For the Date header; good until the next call.
    std::string_view date();

    /// A request is in flight from one to the other.
    void request_begins() { ++in_flight_; }
    void request_ends();

private:
    using tcp = asio::ip::tcp;
    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

    async<void> accept_connections();
    enum class accepted : std::uint8_t { taken, none_waits, no_room };
    bool accept_waiting();
    accepted accept_one();
    bool reserve_connection();
    void release_connection();
    void connection_ended();
    async<void> serve(tcp_socket socket, std::string peer);
    void sweep();
    void drain();
    void finish();

    engine& shared_;
    std::function<void()> on_change_;
    random_pool random_;
    session_list sessions_;  // outlives the context, whose end destroys the sessions that are left
    std::size_t open_ = 0;
    std::size_t in_flight_ = 0;
    std::atomic<bool> quiet_ = false;
    bool drain_seen_ = false;
    bool finishing_ = false;
    std::string date_;
    std::int64_t date_second_ = -1;
    std::chrono::milliseconds sweep_every_;
    asio::io_context context_{1};
    asio::basic_socket_acceptor<tcp, executor> acceptor_;
    timer sweep_timer_;
    timer accept_pause_;
};

}  // namespace rondo::http
