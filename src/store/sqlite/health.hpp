#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "store/sqlite/connection.hpp"

namespace rondo::sqlite {

/// What is wrong with the database, as its failures and successes tell. Thread-safe.
class health {
public:
    void failed(const database_error& failure);
    /// A write is durable. Damage does not pass with it: only a restart with another file mends that.
    void wrote();

    bool is_well() const noexcept { return well_.load(std::memory_order_acquire); }
    std::optional<std::string> trouble() const;

private:
    std::atomic<bool> well_{true};
    mutable std::mutex mutex_;
    std::string what_;
    bool damaged_ = false;
};

}  // namespace rondo::sqlite
