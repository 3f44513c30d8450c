#pragma once
// What all threads of a server share.

#include <atomic>
#include <cstddef>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "http/server.hpp"

namespace rondo::http {

struct engine {
    const server_options settings;
    const router& routes;
    const clock& time;
    random_source& random;
    std::atomic<bool> draining{false};
    std::atomic<std::size_t> connections{0};  ///< touched when one opens or closes, not per request
};

}  // namespace rondo::http
