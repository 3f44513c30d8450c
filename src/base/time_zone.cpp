#include "base/time_zone.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "base/zone_table.hpp"

namespace rondo {

using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

const zone_entry& utc() {
    static const auto& only = *new zone_entry{"UTC"};
    return only;
}

absl::CivilSecond to_civil(local_seconds wall) {
    return absl::CivilSecond{} + wall.time_since_epoch().count();  // its zero is 1970, too
}

}  // namespace

time_zone::time_zone() : entry_{&utc()} {}

std::optional<time_zone> time_zone::find(std::string_view name) {
    if (name == utc().name)
        return time_zone{};
    const zone_entry* found = zone_table::instance().find(name);
    return found != nullptr ? std::optional{time_zone{*found}} : std::nullopt;
}

time_zone time_zone::of_stored(std::string_view name) {
    return name == utc().name ? time_zone{} : time_zone{zone_table::instance().of_stored(name)};
}

std::vector<std::string> time_zone::names() {
    return zone_table::instance().names();
}

std::string_view time_zone::name() const {
    return entry_->name;
}

resolved_wall time_zone::to_instant(local_seconds wall) const {
    const absl::TimeZone* rules = entry_->rules_now();
    if (rules == nullptr)
        return {sys_seconds{wall.time_since_epoch()}, wall_kind::unique};
    const absl::TimeZone::TimeInfo found = rules->At(to_civil(wall));
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

sys_seconds time_zone::second_instant(local_seconds wall) const {
    const absl::TimeZone* rules = entry_->rules_now();
    if (rules == nullptr)
        return sys_seconds{wall.time_since_epoch()};
    const absl::TimeZone::TimeInfo found = rules->At(to_civil(wall));
    // `post` is read with the offset in force after the clocks change.
    return sys_seconds{
        seconds{absl::ToUnixSeconds(found.kind == absl::TimeZone::TimeInfo::REPEATED ? found.post : found.pre)}};
}

local_seconds time_zone::to_wall(sys_seconds at) const {
    return local_seconds{at.time_since_epoch() + offset_at(at)};
}

seconds time_zone::offset_at(sys_seconds at) const {
    const absl::TimeZone* rules = entry_->rules_now();
    if (rules == nullptr)
        return seconds{0};
    return seconds{rules->At(absl::FromUnixSeconds(at.time_since_epoch().count())).offset};
}

}  // namespace rondo
