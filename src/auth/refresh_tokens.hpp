#pragma once
// Refresh tokens: 256 random bits that mean nothing, so that only a digest of them need be kept.

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace rondo {

struct new_refresh_token {
    std::string text;                 ///< for the client alone
    std::array<std::byte, 32> digest; ///< SHA-256 of its bytes, for the store
};

new_refresh_token make_refresh_token(random_source& random);

/// The digest of a token as a client sent it; nothing for a text that is no refresh token.
std::optional<std::array<std::byte, 32>> refresh_token_digest(std::string_view text);

}  // namespace rondo
