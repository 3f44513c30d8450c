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

void watcher::start(store::events_committed tell) {
    tell_ = std::move(tell);
    thread_ = std::thread{[this, first = listen()]() mutable { run(std::move(first)); }};
}

void watcher::stop() {
    stopping_ = true;
    signal();
    if (thread_.joinable())
        thread_.join();
}

void watcher::tell_others(std::span<const user_id> owners) {
    bool first = false;
    {
        const std::lock_guard lock{mutex_};
        first = news_.empty();
        for (const user_id owner : owners)
            if (news_.size() <= notified_owners_max && std::ranges::find(news_, owner) == news_.end())
                news_.push_back(owner);
    }
    if (first)
        signal();
}

std::optional<std::string> watcher::take_news() {
    std::vector<user_id> owners;
    {
        const std::lock_guard lock{mutex_};
        owners.swap(news_);
    }
    if (owners.empty())
        return std::nullopt;
    std::string named;
    if (owners.size() <= notified_owners_max)
        for (const user_id owner : owners)
            named.append(named.empty() ? "" : " ").append(to_string(owner));
    return named;
}

void watcher::hear(const std::vector<std::string>& notifications) {
    std::vector<user_id> owners;
    for (const std::string& named : notifications) {
        std::size_t at = 0;
        do {
            const std::size_t end = std::min(named.find(' ', at), named.size());
            const auto owner = parse_uuid(std::string_view{named}.substr(at, end - at));
            if (!owner)
                return tell_({});  // about anybody
            owners.push_back({*owner});
            at = end + 1;
        } while (at < named.size());
    }
    if (!owners.empty())
        tell_(owners);
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
                // What was missed meanwhile, here and by the others, may be anybody's.
                db->query("SELECT pg_notify($1, '')", channel_);
                tell_({});
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
    auto next_told = clock::now();
    auto wait = probe_interval;
    while (!stopping_) {
        if (!health_.is_well()) {
            write_durably(db);
            health_.wrote();
        }
        db.wait_for_input(wait, signal_);
        std::uint64_t taken = 0;
        [[maybe_unused]] const auto read = ::read(signal_, &taken, sizeof taken);
        hear(db.take_notifications());

        const auto now = clock::now();
        wait = probe_interval;
        if (now < next_told) {
            wait = std::chrono::ceil<std::chrono::milliseconds>(next_told - now);
        } else if (const auto news = take_news()) {
            db.query("SELECT pg_notify($1, $2)", channel_, *news);
            next_told = now + notify_interval;
            wait = notify_interval;
        }
    }
}

}  // namespace rondo::postgres
