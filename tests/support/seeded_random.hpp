#pragma once

#include <mutex>
#include <random>

#include "base/random.hpp"

namespace rondo::test {

/// The same bytes at every run. Thread-safe.
class seeded_random final : public random_source {
public:
    explicit seeded_random(std::uint64_t seed = 1) : engine_{seed} {}

    void fill(std::span<std::byte> bytes) override {
        const std::lock_guard lock{mutex_};
        for (std::byte& b : bytes)
            b = static_cast<std::byte>(engine_());
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

}  // namespace rondo::test
