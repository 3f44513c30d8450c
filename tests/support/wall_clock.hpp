#pragma once
// Dates and times of tests, written as text.

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "base/rfc3339.hpp"
#include "base/time_zone.hpp"
#include "domain/recurrence/recurrence.hpp"

namespace rondo::test {

inline time_zone zone(std::string_view name) {
    return time_zone::find(name).value();
}

inline instant at(std::string_view text) {
    return parse_instant(text).value();
}

/// `2026-02-08` is all day, `2026-02-08T09:00` a wall-clock time, and one with an offset what the zone's clocks show.
inline due due_at(std::string_view text, const time_zone& where = {}) {
    const date_or_time parsed = parse_date_or_time(text).value();
    if (const auto* day = std::get_if<std::chrono::local_days>(&parsed))
        return {.wall = *day, .all_day = true};
    if (const auto* wall = std::get_if<std::chrono::local_seconds>(&parsed))
        return {.wall = *wall};
    return rondo::due_at(std::chrono::floor<std::chrono::seconds>(std::get<instant>(parsed)), where);
}

/// As the HTTP interface shows it.
inline std::string shown(const due& when, const time_zone& where = {}) {
    return due_text(when, where);
}

}  // namespace rondo::test
