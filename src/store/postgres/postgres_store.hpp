#pragma once
// The store on a PostgreSQL server: several writers, each with a connection and one transaction per job; as many readers. See
// docs/postgresql.md.

#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/store.hpp"

namespace rondo::postgres {

inline constexpr std::size_t writes_waiting_max = 4096;  ///< jobs queued for the writers; more are answered with 503
inline constexpr std::size_t reads_waiting_max = 4096;  ///< the same for the readers

struct options {
    std::string url;  ///< as read_url gives it
    /// Turns an event's task into the JSON text kept in the outbox.
    std::string (*encode_event)(const event&);
    std::size_t writers = 8;  ///< connections that write, made when they are first needed
    std::size_t readers = 8;
};

/// Connects, checks and migrates. Throws `fatal` with one clear line when the server cannot be reached, may not be written
/// or is too old, or the schema holds another program's tables or is a newer Rondo's; then nothing has been written.
std::unique_ptr<store> open_store(const options& settings, const clock& time, random_source& random);

}  // namespace rondo::postgres
