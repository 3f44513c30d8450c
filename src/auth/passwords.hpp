#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/async.hpp"

namespace rondo {

inline constexpr std::size_t password_min = 8;     // characters, once it is prepared
inline constexpr std::size_t password_max = 128;   // likewise
inline constexpr std::size_t password_jobs_waiting_max = 32;

/// argon2id (19 MiB, 2 passes) on a pool of its own, so that logins do not slow other requests. When too many wait,
/// calls throw `unavailable`. What is hashed is the password as OpaqueString prepares it (RFC 8265; opaque_string.hpp), so
/// that é typed on one machine is é typed on another.
class passwords {
public:
    explicit passwords(unsigned threads = 2);
    ~passwords();

    /// The string to keep: algorithm, parameters, salt and hash.
    async<std::string> hash(std::string password);

    struct verdict {
        bool matches;
        bool needs_rehash;  ///< it was kept with other parameters, in another system's form (bcrypt), or unprepared
    };
    /// The password is tried as it is prepared, and if that differs from what came and does not match, as it came. Takes as
    /// long for an empty `kept` (an unknown user) as for a wrong password of a hash of ours.
    async<verdict> verify(std::string password, std::string kept);

    void stop();

private:
    struct pool;
    std::unique_ptr<pool> pool_;
};

}  // namespace rondo
