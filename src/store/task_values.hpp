#pragma once
// What of a task the engines keep in columns that is not a field of it, and where a page of tasks ends.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <variant>

#include "domain/task.hpp"
#include "store/tasks.hpp"

namespace rondo {

/// What tasks without a due date are sorted as.
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

inline std::optional<std::int64_t> wall_of(const std::optional<due>& when) {
    return when ? std::optional<std::int64_t>{when->wall.time_since_epoch().count()} : std::nullopt;
}

inline bool is_all_day(const std::optional<due>& when) {
    return when && when->all_day;
}

inline bool is_second(const std::optional<due>& when) {
    return when && when->second;
}

/// What a due date is sorted as: its instant; of an all-day one, the last millisecond of its day.
inline std::int64_t due_at(const due& when, const time_zone& zone) {
    return due_instant(when, zone).time_since_epoch().count() - (when.all_day ? 1 : 0);
}

inline std::int64_t due_at(const task& of) {
    return of.due ? due_at(*of.due, of.zone) : never;
}

/// Between which values of the column `due_at` everything lies that is due at or after `from`, or before `to`. An all-day task's zone
/// may be any, so this takes in a day too much: an index finds the range, and the row decides.
inline std::int64_t due_at_min(const due_bound& from) {
    const std::chrono::sys_days day{from.day.time_since_epoch()};
    return std::min(from.at, instant{day - std::chrono::days{1}}).time_since_epoch().count();
}
inline std::int64_t due_at_max(const due_bound& to) {
    const std::chrono::sys_days day{to.day.time_since_epoch()};
    return std::max(to.at, instant{day + std::chrono::days{1}}).time_since_epoch().count();
}

/// The first second of the bound's day, as the column `due_wall` counts.
inline std::int64_t wall_of(const due_bound& bound) {
    return std::chrono::local_seconds{bound.day}.time_since_epoch().count();
}

inline std::optional<std::int64_t> end_day(const series_limit& end) {
    const auto* const day = std::get_if<std::chrono::local_days>(&end);
    return day ? std::optional<std::int64_t>{day->time_since_epoch().count()} : std::nullopt;
}

inline std::optional<instant> end_at(const series_limit& end) {
    const auto* const at = std::get_if<instant>(&end);
    return at ? std::optional{*at} : std::nullopt;
}

/// Nothing for the first of its series.
inline std::optional<task_id> foreign_series(const task& of) {
    return of.series == of.id ? std::nullopt : std::optional{of.series};
}

/// Where a page ends whose last task is `last`, sorted as due at `due_at`.
inline task_cursor cursor_at(const task& last, std::int64_t due_at, sort_key sort) {
    const auto ending_with = [&](auto key) { return task_cursor{.key = std::move(key), .last = last.id}; };
    switch (sort) {
        case sort_key::created_at:
            return ending_with(last.created_at.time_since_epoch().count());
        case sort_key::due_date:
            return ending_with(due_at);
        case sort_key::updated_at:
            return ending_with(last.updated_at.time_since_epoch().count());
        case sort_key::priority:
            return ending_with(static_cast<std::int64_t>(last.priority));
        case sort_key::title:
            break;
    }
    return ending_with(last.title);
}

}  // namespace rondo
