#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "base/random.hpp"

namespace rondo::http {

/// Random bytes drawn ahead, so that a request's ids do not each cost a system call. For one thread; for ids only.
class random_pool final : public random_source {
public:
    explicit random_pool(random_source& source) : source_{source} {}

    void fill(std::span<std::byte> bytes) override {
        while (!bytes.empty()) {
            if (left_.empty()) {
                source_.fill(drawn_);
                left_ = drawn_;
            }
            const std::size_t taken = std::min(bytes.size(), left_.size());
            std::ranges::copy(left_.first(taken), bytes.begin());
            bytes = bytes.subspan(taken);
            left_ = left_.subspan(taken);
        }
    }

private:
    random_source& source_;
    std::array<std::byte, 4096> drawn_{};
    std::span<const std::byte> left_;
};

}  // namespace rondo::http
