#pragma once
// The store's eye on its server: hears of other replicas' events, tells them of ours, and finds out when a server that was
// in trouble works again.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "store/postgres/connection.hpp"
#include "store/postgres/health.hpp"

namespace rondo::postgres {

/// How soon after one notification the next may be sent: a storm of commits costs the server little, and other replicas
/// look at the outbox for all of them at once.
inline constexpr std::chrono::milliseconds notify_interval{50};
/// How often the relay is woken all the same: for notifications that got lost, and for what a replica that died had in hand.
inline constexpr std::chrono::seconds wake_interval{5};
/// While the database is in trouble, how often it is tried.
inline constexpr std::chrono::milliseconds probe_interval{500};

class watcher {
public:
    watcher(std::string url, health& state);
    ~watcher();

    /// Listens from now on, on a thread on which `wake` is called. Throws `database_error`.
    void start(std::function<void()> wake);
    void stop();

    /// Events were committed here: the other replicas are told soon. Thread-safe, does not wait.
    void tell_others();

private:
    void run(std::unique_ptr<connection> db);
    std::unique_ptr<connection> listen();
    /// From a connection's making to its loss, or the end.
    void watch(connection& db);
    void sleep(std::chrono::milliseconds at_most);
    void signal();

    const std::string url_;
    std::string channel_;  ///< the schema's own: several may lie in one database
    health& health_;
    std::function<void()> wake_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> told_{true};  ///< nothing is left to tell
    int signal_ = -1;  ///< an eventfd: readable when the thread has something to do
    std::thread thread_;
};

}  // namespace rondo::postgres
