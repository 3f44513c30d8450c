#pragma once
// IANA time zones and the wall clock (the only place that knows Abseil's cctz).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace rondo {

/// How a wall-clock time became an instant.
enum class wall_kind : unsigned char {
    unique,
    skipped,   ///< it does not exist that day; moved forward by the length of the gap
    repeated,  ///< it exists twice; the first of the two was taken
};

struct resolved_wall {
    std::chrono::sys_seconds at;
    wall_kind kind;
};

/// A zone of the system's tz database: a small value, cheap to copy, valid for the life of the process.
/// Default-constructed it is UTC. All calls are thread-safe.
class time_zone {
public:
    time_zone();

    /// The zone called so in the tz database, in the database's exact spelling ("Europe/Berlin"); nothing for a name
    /// that is not in its list: paths, POSIX strings and empty names are never looked up as files.
    static std::optional<time_zone> find(std::string_view name);

    /// Every name that find() takes, sorted. Like find(), throws `fatal` when the system has no tz database: ask once
    /// at start, so that it does not come up in a request.
    static const std::vector<std::string>& names();

    std::string_view name() const;

    /// The instant a wall-clock time stands for: in a gap it moves forward by the gap's length, in an overlap it is
    /// the first of the two.
    resolved_wall to_instant(std::chrono::local_seconds wall) const;

    /// What a clock on the wall shows at an instant.
    std::chrono::local_seconds to_wall(std::chrono::sys_seconds at) const;

    /// The offset from UTC in force at an instant.
    std::chrono::seconds offset_at(std::chrono::sys_seconds at) const;

    friend bool operator==(const time_zone& a, const time_zone& b) { return a.entry_ == b.entry_; }

private:
    struct entry;
    struct database;
    explicit time_zone(const entry* found) : entry_{found} {}
    const entry* entry_;
};

}  // namespace rondo
