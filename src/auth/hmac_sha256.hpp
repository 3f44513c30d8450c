#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

namespace rondo {

/// HMAC with SHA-256 (RFC 2104) under one key, whose two blocks are hashed once, at the start.
class hmac_sha256 {
public:
    explicit hmac_sha256(std::string_view key);

    /// Thread-safe. Throws `unavailable` when memory has run out.
    std::array<std::byte, 32> operator()(std::string_view text) const;

private:
    struct free_context {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, free_context> keyed_;  // an EVP_MAC_CTX: OpenSSL stays out of the header
};

/// Compares in a time that does not tell where they differ.
bool equal_in_constant_time(const std::array<std::byte, 32>& a, const std::array<std::byte, 32>& b);

}  // namespace rondo
