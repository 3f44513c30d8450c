#pragma once

#include <string>

#include "base/ids.hpp"

namespace rondo {

/// On whose behalf a use case runs, and in which trace. The consumer and the sweep act for the task's owner.
struct actor {
    user_id user;
    std::string traceparent;
};

}  // namespace rondo
