#include "base/time_zone.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace rondo {

using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

/// One zone. Its file is read when it is first asked for; after that it never changes, so that reading needs no lock.
struct time_zone::entry {
    std::string name;
    bool is_utc = false;
    mutable std::once_flag loading;
    mutable bool usable = false;
    mutable absl::TimeZone rules;

    bool load() const {
        std::call_once(loading, [this] { usable = absl::LoadTimeZone(name, &rules); });
        return usable;
    }
};

struct time_zone::database {
    std::vector<std::string> names;    ///< sorted
    std::unique_ptr<entry[]> entries;  ///< in the order of the names

    static const entry& utc();
    static const database& of_the_system();
};

namespace {

std::filesystem::path zone_folder() {
    // Abseil reads the same variable.
    const char* chosen = std::getenv("TZDIR");
    return chosen != nullptr && *chosen != '\0' ? chosen : "/usr/share/zoneinfo";
}

/// The names in tzdata.zi, the whole database in one text: `Z name …` begins a zone, `L target name` is another name of
/// one. A name whose compiled file is not installed is left out.
std::vector<std::string> read_names() {
    const std::filesystem::path folder = zone_folder();
    std::ifstream list{folder / "tzdata.zi"};
    std::vector<std::string> found;
    for (std::string line; std::getline(list, line);) {
        if (!line.starts_with("Z ") && !line.starts_with("L "))
            continue;
        std::istringstream words{line};
        std::string kind, name;
        words >> kind >> name;
        if (kind == "L")
            words >> name;
        std::error_code missing;
        if (!name.empty() && std::filesystem::is_regular_file(folder / name, missing))
            found.push_back(std::move(name));
    }
    if (found.empty())
        throw fatal{69, "No time zones: " + (folder / "tzdata.zi").string() +
                            " cannot be read or names none that is installed. Install the tz database (tzdata)."};
    std::ranges::sort(found);
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    return found;
}

absl::CivilSecond to_civil(local_seconds wall) {
    return absl::CivilSecond{} + wall.time_since_epoch().count();  // its zero is 1970, too
}

}  // namespace

// Neither of the two is ever destroyed: a handle points into them for the life of the process.

const time_zone::entry& time_zone::database::utc() {
    static const entry& only = *[] {
        auto* made = new entry;
        made->name = "UTC";
        made->is_utc = true;
        return made;
    }();
    return only;
}

const time_zone::database& time_zone::database::of_the_system() {
    static const database& only = *[] {
        auto made = std::make_unique<database>();
        made->names = read_names();
        made->entries = std::make_unique<entry[]>(made->names.size());
        for (std::size_t i = 0; i < made->names.size(); ++i)
            made->entries[i].name = made->names[i];
        return made.release();
    }();
    return only;
}

time_zone::time_zone() : entry_{&database::utc()} {}

std::optional<time_zone> time_zone::find(std::string_view name) {
    if (name == database::utc().name)
        return time_zone{};
    const database& known = database::of_the_system();
    const auto at = std::ranges::lower_bound(known.names, name);
    if (at == known.names.end() || *at != name)
        return std::nullopt;
    const entry& found = known.entries[static_cast<std::size_t>(at - known.names.begin())];
    return found.load() ? std::optional{time_zone{&found}} : std::nullopt;
}

const std::vector<std::string>& time_zone::names() {
    return database::of_the_system().names;
}

std::string_view time_zone::name() const {
    return entry_->name;
}

resolved_wall time_zone::to_instant(local_seconds wall) const {
    if (entry_->is_utc)
        return {sys_seconds{wall.time_since_epoch()}, wall_kind::unique};
    const absl::TimeZone::TimeInfo found = entry_->rules.At(to_civil(wall));
    // `pre` is read with the offset in force before the clocks change: later by the gap where the time is skipped, the
    // first of the two where it is repeated.
    const sys_seconds at{seconds{absl::ToUnixSeconds(found.pre)}};
    switch (found.kind) {
        case absl::TimeZone::TimeInfo::SKIPPED:
            return {at, wall_kind::skipped};
        case absl::TimeZone::TimeInfo::REPEATED:
            return {at, wall_kind::repeated};
        case absl::TimeZone::TimeInfo::UNIQUE:
            break;
    }
    return {at, wall_kind::unique};
}

local_seconds time_zone::to_wall(sys_seconds at) const {
    return local_seconds{at.time_since_epoch() + offset_at(at)};
}

seconds time_zone::offset_at(sys_seconds at) const {
    if (entry_->is_utc)
        return seconds{0};
    return seconds{entry_->rules.At(absl::FromUnixSeconds(at.time_since_epoch().count())).offset};
}

}  // namespace rondo
