#pragma once

#include <atomic>

#include "base/clock.hpp"

namespace rondo::test {

/// A clock that stands still until it is moved. Thread-safe.
class manual_clock final : public clock {
public:
    explicit manual_clock(instant start = instant{std::chrono::milliseconds{
                              1'770'541'200'000}})  // 2026-02-08T09:00:00Z
        : now_ms_{start.time_since_epoch().count()} {}

    instant now() const override { return instant{std::chrono::milliseconds{now_ms_.load()}}; }
    void set(instant now) { now_ms_ = now.time_since_epoch().count(); }
    void advance(std::chrono::milliseconds by) { now_ms_ += by.count(); }

private:
    std::atomic<std::int64_t> now_ms_;
};

}  // namespace rondo::test
