#include "http/worker.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rondo::http {

namespace {

using error_code = boost::system::error_code;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int backlog = 4096;
constexpr unsigned accept_batch_max = 64;
// After "too many open files" or at connections_max: the connections wait in the backlog meanwhile.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::milliseconds sweep_every_max{250};
constexpr std::chrono::milliseconds sweep_every_min{5};

std::chrono::milliseconds sweep_period(const limits& bounds) {
    const auto shortest = std::min({bounds.header_deadline, bounds.idle_max, bounds.write_deadline, bounds.linger_max});
    return std::clamp(shortest / 4, sweep_every_min, sweep_every_max);
}

std::string address_text(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

void append_two_digits(std::string& text, unsigned number) {
    text += static_cast<char>('0' + number / 10);
    text += static_cast<char>('0' + number % 10);
}

/// RFC 9110, section 5.6.7: "Sun, 08 Feb 2026 09:00:00 GMT".
std::string imf_fixdate(std::chrono::sys_seconds at) {
    static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    std::string text{days[std::chrono::weekday{day}.c_encoding()]};
    text += ", ";
    append_two_digits(text, static_cast<unsigned>(date.day()));
    text += ' ';
    text += months[static_cast<unsigned>(date.month()) - 1];
    text += ' ';
    text += std::to_string(static_cast<int>(date.year()));
    text += ' ';
    append_two_digits(text, static_cast<unsigned>(time.hours().count()));
    text += ':';
    append_two_digits(text, static_cast<unsigned>(time.minutes().count()));
    text += ':';
    append_two_digits(text, static_cast<unsigned>(time.seconds().count()));
    text += " GMT";
    return text;
}

}  // namespace

worker::worker(engine& shared, const tcp::endpoint& at, std::function<void()> on_change)
    : shared_{shared},
      on_change_{std::move(on_change)},
      random_{shared.random},
      sweep_every_{sweep_period(shared.settings.bounds)},
      acceptor_{context_.get_executor()},
      sweep_timer_{context_.get_executor()},
      accept_pause_{context_.get_executor()} {
    acceptor_.open(at.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address{true});
    acceptor_.set_option(reuse_port{true});
    acceptor_.set_option(tcp::no_delay{true});  // accepted sockets inherit it
    if (at.address().is_v6())
        acceptor_.set_option(asio::ip::v6_only{false});
    acceptor_.bind(at);
    acceptor_.listen(backlog);
    acceptor_.non_blocking(true);
}

void worker::run() {
    // Whoever waits for the worker's end waits for run(): accepting and all sessions are work of its context.
    asio::co_spawn(context_, accept_connections(), asio::detached);
    sweep();
    context_.run();
}

async<void> worker::accept_connections() {
    error_code failed;
    const auto result_in = [&failed] { return asio::redirect_error(asio::use_awaitable_t<executor>{}, failed); };
    while (acceptor_.is_open()) {
        co_await acceptor_.async_wait(asio::socket_base::wait_read, result_in());
        if (!acceptor_.is_open())
            break;
        if (failed || !accept_waiting()) {
            accept_pause_.expires_after(accept_pause);
            co_await accept_pause_.async_wait(result_in());
        }
    }
}

/// Takes connections until none waits, or false when there is no room for one more.
bool worker::accept_waiting() {
    for (unsigned taken = 0; taken < accept_batch_max; ++taken) {
        const accepted one = accept_one();
        if (one != accepted::taken)
            return one == accepted::none_waits;
    }
    return true;
}

worker::accepted worker::accept_one() {
    for (;;) {
        if (!reserve_connection())
            return accepted::no_room;
        error_code failed;
        try {
            tcp_socket socket{context_.get_executor()};
            tcp::endpoint peer;
            acceptor_.accept(socket, peer, failed);
            if (!failed)
                socket.non_blocking(true, failed);
            if (!failed)
                asio::co_spawn(context_, serve(std::move(socket), address_text(peer.address())),
                               [this](const std::exception_ptr&) { connection_ended(); });
        } catch (const std::bad_alloc&) {
            failed = asio::error::no_memory;
        }
        if (!failed)
            return accepted::taken;
        release_connection();
        if (failed != asio::error::connection_aborted)
            return failed == asio::error::would_block ? accepted::none_waits : accepted::no_room;
    }
}

bool worker::reserve_connection() {
    ++open_;
    if (++shared_.connections <= shared_.settings.bounds.connections_max)
        return true;
    release_connection();
    return false;
}

void worker::release_connection() {
    --shared_.connections;
    --open_;
}

void worker::connection_ended() {
    release_connection();
    accept_pause_.cancel();
    if (finishing_ && open_ == 0)
        sweep_timer_.cancel();
}

async<void> worker::serve(tcp_socket socket, std::string peer) {
    session one{*this, std::move(socket), std::move(peer)};
    sessions_.push_back(one);
    if (finishing_)
        one.close_unless_answering();
    co_await one.run();
}

void worker::sweep() {
    sweep_timer_.expires_after(sweep_every_);
    sweep_timer_.async_wait([this](error_code) {
        if (finishing_ && open_ == 0)
            return;
        const auto now = std::chrono::steady_clock::now();
        for (session& one : sessions_)
            one.check_deadline(now);
        sweep();
    });
}

void worker::post_drain() {
    asio::post(context_, [this] { drain(); });
}

void worker::post_finish() {
    asio::post(context_, [this] { finish(); });
}

void worker::drain() {
    drain_seen_ = true;
    for (session& one : sessions_)
        one.close_if_idle();
    quiet_ = in_flight_ == 0;
    on_change_();
}

void worker::request_ends() {
    --in_flight_;
    if (drain_seen_ && in_flight_ == 0) {
        quiet_ = true;
        on_change_();
    }
}

void worker::finish() {
    finishing_ = true;
    // Who waits has connected to a server that listened, and may have asked: closing would reset that connection.
    while (acceptor_.is_open() && accept_one() == accepted::taken) {
    }
    error_code ignored;
    acceptor_.close(ignored);
    accept_pause_.cancel();
    for (session& one : sessions_)
        one.close_unless_answering();
    if (open_ == 0)
        sweep_timer_.cancel();
}

std::string_view worker::date() {
    const auto second = std::chrono::floor<std::chrono::seconds>(shared_.time.now());
    if (const std::int64_t count = second.time_since_epoch().count(); count != date_second_) {
        date_second_ = count;
        date_ = imf_fixdate(second);
    }
    return date_;
}

}  // namespace rondo::http
