#pragma once
// Randomness, as something that is handed in.

#include <cstddef>
#include <span>

namespace rondo {

/// Fills memory with unpredictable bytes. Thread-safe. Throws when it has no entropy: never weak bytes.
class random_source {
public:
    virtual ~random_source() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;
};

/// libsodium's generator, seeded by the kernel.
class system_random final : public random_source {
public:
    system_random();
    void fill(std::span<std::byte> bytes) override;
};

}  // namespace rondo
