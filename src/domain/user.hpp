#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/time_zone.hpp"

namespace rondo {

struct user {
    user_id id;
    std::string email;  ///< as it was given; compared without case
    std::optional<std::string> name;
    time_zone zone;
    std::string password_hash;  ///< libsodium's argon2id string
    instant created_at;
};

}  // namespace rondo
