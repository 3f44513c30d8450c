#pragma once
// The time, as something that is handed in. Instants are UTC with milliseconds everywhere in Rondo.

#include <chrono>

namespace rondo {

using instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// Tells the time of day. Thread-safe. Tests and the simulation hand in one that they move by hand.
class clock {
public:
    virtual ~clock() = default;
    virtual instant now() const = 0;
};

/// The system's clock (UTC).
class system_clock final : public clock {
public:
    instant now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace rondo
