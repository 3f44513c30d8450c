#pragma once
// The store on one SQLite file: one writer thread that commits in groups, a read connection per thread. See
// docs/ARCHITECTURE.md, Writes.

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/store.hpp"

namespace rondo::sqlite {

inline constexpr std::size_t writes_waiting_max = 4096;  ///< jobs queued for the writer; more are answered with 503
inline constexpr std::size_t writes_per_commit_max = 512;

struct options {
    std::filesystem::path file;  ///< its folder is made; ":memory:" is a database of this store's own
    /// Turns an event's task into the JSON text kept in the outbox.
    std::string (*encode_event)(const event&);
    /// Run every job on the caller's thread, at once: for the command line and the simulation.
    bool inline_writes = false;
};

/// Opens, checks and migrates the file. Throws `fatal` with one clear line when it cannot be opened or written, or holds another
/// program's tables, or a newer schema; then nothing has been written.
std::unique_ptr<store> open_store(const options& settings, const clock& time, random_source& random);

}  // namespace rondo::sqlite
