#pragma once
// Access tokens: JWT, HS256, one fixed header (RFC 7519, RFC 8725). Written by hand because a fixed algorithm is safer
// than a library's choice.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/hmac_sha256.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"

namespace rondo {

inline constexpr std::size_t token_bytes_max = 4096;
inline constexpr std::chrono::seconds token_skew{60};

struct access_claims {
    user_id subject;
    session_id session;
    instant issued_at;
    instant expires_at;
};

class tokens {
public:
    /// `secret` is SECRET_KEY; kept in this object only, as the state of a hash.
    tokens(std::string secret, std::chrono::minutes lifetime);
    ~tokens();

    std::string issue(user_id subject, session_id session, instant now) const;

    /// The claims of a token of ours that is in force at `now` (60 s of skew); nothing for any other text, without
    /// saying why. Constant time in the signature; thread-safe; no I/O.
    std::optional<access_claims> verify(std::string_view token, instant now) const;

    std::chrono::seconds lifetime() const { return lifetime_; }

private:
    std::string next_token_id(session_id session, instant now) const;

    hmac_sha256 sign_;
    std::chrono::minutes lifetime_;
    mutable std::atomic<std::uint64_t> issued_ = 0;
};

}  // namespace rondo
