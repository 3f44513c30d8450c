#pragma once
// The store's eye on its server: hears of other replicas' events, tells them of ours, and finds out when a server that was
// in trouble works again.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "store/postgres/connection.hpp"
#include "store/postgres/health.hpp"
#include "store/store.hpp"

namespace rondo::postgres {

/// How soon after one notification the next may be sent: a storm of commits costs the server little, and other replicas
/// look at the outbox for all of them at once.
inline constexpr std::chrono::milliseconds notify_interval{50};
/// So many owners are named in a notification, which holds 8,000 bytes; of more it says that it is about anybody.
inline constexpr std::size_t notified_owners_max = 200;
/// While the database is in trouble, how often it is tried.
inline constexpr std::chrono::milliseconds probe_interval{500};

class watcher {
public:
    watcher(std::string url, health& state);
    ~watcher();

    /// Listens from now on, on a thread on which `tell` is called: of other replicas' commits, and, naming nobody, when some
    /// may have been missed. Throws `database_error`.
    void start(store::events_committed tell);
    void stop();

    /// Events of these owners were committed here: the other replicas are told soon. Thread-safe, does not wait.
    void tell_others(std::span<const user_id> owners);

private:
    void run(std::unique_ptr<connection> db);
    std::unique_ptr<connection> listen();
    /// From a connection's making to its loss, or the end.
    void watch(connection& db);
    void sleep(std::chrono::milliseconds at_most);
    void signal();
    /// What is to be told, as a notification carries it; nothing if there is nothing.
    std::optional<std::string> take_news();
    void hear(const std::vector<std::string>& notifications);

    const std::string url_;
    std::string channel_;  ///< the schema's own: several may lie in one database
    health& health_;
    store::events_committed tell_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;  ///< of what follows
    std::vector<user_id> news_;  ///< whose events the others are to be told of, at most one more than can be named
    int signal_ = -1;  ///< an eventfd: readable when the thread has something to do
    std::thread thread_;
};

}  // namespace rondo::postgres
