#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "store/postgres/failure.hpp"

namespace rondo::postgres {

/// What is wrong with the database, as its failures and successes tell. Thread-safe.
class health {
public:
    /// Those that pass by themselves (a deadlock, a lock that was held too long) do not count.
    void failed(const database_error& failure);
    /// A write is durable.
    void wrote();

    bool is_well() const noexcept { return well_.load(std::memory_order_acquire); }
    std::optional<std::string> trouble() const;

private:
    std::atomic<bool> well_{true};
    mutable std::mutex mutex_;
    std::string what_;
};

}  // namespace rondo::postgres
