#include "store/postgres/watcher.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "store/postgres/workers.hpp"
#include "telemetry/log.hpp"

namespace rondo::postgres {

namespace {

using clock = std::chrono::steady_clock;

/// Writes something that stays, without a table of ours.
void write_durably(connection& db) {
    db.queue("BEGIN");
    db.queue("SELECT pg_logical_emit_message(true, 'rondo', 'well?')");
    db.query("COMMIT");
}

}  // namespace

watcher::watcher(std::string url, health& state)
    : url_{std::move(url)}, health_{state}, signal_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    if (signal_ < 0)
        throw std::runtime_error{"no eventfd can be had"};
}

watcher::~watcher() {
    stop();
    ::close(signal_);
}

void watcher::start(std::function<void()> wake) {
    wake_ = std::move(wake);
    thread_ = std::thread{[this, first = listen()]() mutable { run(std::move(first)); }};
}

void watcher::stop() {
    stopping_ = true;
    signal();
    if (thread_.joinable())
        thread_.join();
}

void watcher::tell_others() {
    if (told_.exchange(false))
        signal();
}

void watcher::signal() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(signal_, &one, sizeof one);  // full: it is readable already
}

void watcher::sleep(std::chrono::milliseconds at_most) {
    const auto until = clock::now() + at_most;
    while (!stopping_) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
        pollfd watched{.fd = signal_, .events = POLLIN, .revents = 0};
        if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0)
            return;
        std::uint64_t taken = 0;
        [[maybe_unused]] const auto read = ::read(signal_, &taken, sizeof taken);
    }
}

std::unique_ptr<connection> watcher::listen() {
    auto db = std::make_unique<connection>(url_);
    auto row = db->query("SELECT oid::bigint FROM pg_namespace WHERE nspname = current_schema()");
    channel_ = "rondo_events_" + (row.step() ? std::to_string(row.integer(0)) : "0");
    db->query("LISTEN " + channel_);  // a name of letters and digits
    return db;
}

void watcher::run(std::unique_ptr<connection> db) {
    auto wait = reconnect_wait_min;
    while (!stopping_) {
        try {
            if (!db) {
                db = listen();
                wait = reconnect_wait_min;
                wake_();  // for what was missed meanwhile
            }
            watch(*db);
        } catch (const database_error& why) {
            health_.failed(why);
        } catch (const std::exception& why) {
            log(log_level::error, "The watch on the database failed", {{.name = "reason", .value = why.what()}});
        }
        db.reset();
        sleep(wait);
        wait = std::min(2 * wait, reconnect_wait_max);
    }
}

void watcher::watch(connection& db) {
    auto next_wake = clock::now() + wake_interval;
    auto next_told = clock::now();
    while (!stopping_) {
        auto until = next_wake;
        if (!told_)
            until = std::min(until, next_told);
        if (!health_.is_well()) {
            write_durably(db);
            health_.wrote();
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
        db.wait_for_input(std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds{0}, probe_interval),
                          signal_);
        std::uint64_t taken = 0;
        [[maybe_unused]] const auto read = ::read(signal_, &taken, sizeof taken);

        const auto now = clock::now();
        const bool is_due = now >= next_wake;
        if (db.take_notification() || is_due)
            wake_();
        if (is_due)
            next_wake = now + wake_interval;
        if (!told_ && now >= next_told) {
            told_ = true;
            next_told = now + notify_interval;
            db.query("SELECT pg_notify($1, '')", channel_);
        }
    }
}

}  // namespace rondo::postgres
