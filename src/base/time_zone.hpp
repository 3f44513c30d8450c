#pragma once
// IANA time zones and the wall clock.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace rondo {

struct zone_entry;

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

/// A zone of the system's tz database: a small value, cheap to copy, valid for the life of the process. When the
/// database changes under a running process (base/tz_database.hpp), every handle goes by the new rules from its next
/// call on; two handles of one name are equal before and after. Default-constructed it is UTC. All calls are
/// thread-safe and take no lock, but for the first one that asks for a zone.
class time_zone {
public:
    time_zone();

    /// The zone called so in the tz database, in the database's exact spelling ("Europe/Berlin"); nothing for a name
    /// that is not in its list: paths, POSIX strings, empty names and names that stand for no zone ("Factory",
    /// "localtime") are never looked up as files. Throws `fatal` when the system has no tz database.
    static std::optional<time_zone> find(std::string_view name);

    /// The zone of a row that was stored when its name could be found. If the tz database has lost it since, it goes
    /// on by the rules that it had in this process, or else by UTC, under its own name; tz_database_in_use() names it.
    static time_zone of_stored(std::string_view name);

    /// Every name that find() takes, sorted. Throws like find(): ask once at start, so that it does not come up in a
    /// request.
    static std::vector<std::string> names();

    std::string_view name() const;

    /// The instant a wall-clock time stands for: in a gap it moves forward by the gap's length, in an overlap it is
    /// the first of the two.
    resolved_wall to_instant(std::chrono::local_seconds wall) const;

    /// The second of the two instants of a wall-clock time that comes twice; of any other, what to_instant() gives.
    std::chrono::sys_seconds second_instant(std::chrono::local_seconds wall) const;

    /// What a clock on the wall shows at an instant.
    std::chrono::local_seconds to_wall(std::chrono::sys_seconds at) const;

    /// The offset from UTC in force at an instant.
    std::chrono::seconds offset_at(std::chrono::sys_seconds at) const;

    friend bool operator==(const time_zone& a, const time_zone& b) { return a.entry_ == b.entry_; }

private:
    explicit time_zone(const zone_entry& found) : entry_{&found} {}
    const zone_entry* entry_;  // one for each name, never destroyed
};

}  // namespace rondo
