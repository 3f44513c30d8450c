#pragma once
// What was done when, on time or late, and for how long in a row. Pure functions of what the store has read.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/task.hpp"

namespace rondo {

inline constexpr int stats_days_max = 366;
/// How many series are told of, those with the most completions first.
inline constexpr std::size_t stats_series_max = 100;

/// One task, as far as it counts.
struct occurrence_record {
    task_id series;
    std::string title;
    int occurrence = 1;
    bool repeats = false;
    task_status status = task_status::pending;
    std::optional<rondo::due> due;
    time_zone zone;
    std::optional<instant> completed_at;  ///< set if, and only if, it is done
};

/// A due date that was passed over on purpose.
struct skip_record {
    task_id series;
    time_zone zone;
    instant at;
};

/// Days, both included.
struct day_range {
    std::chrono::local_days from;
    std::chrono::local_days to;
};

struct done_count {
    int completed = 0;  ///< also those without a due date, which are neither on time nor late
    int on_time = 0;
    int late = 0;
    friend bool operator==(const done_count&, const done_count&) = default;
};

struct day_count {
    std::chrono::local_days day;
    done_count done;
};

struct streak {
    int current = 0;
    int longest = 0;
    friend bool operator==(const streak&, const streak&) = default;
};

struct series_count {
    task_id series;
    std::string title;  ///< the newest one's
    done_count done;
    int skipped = 0;
    rondo::streak streak;  ///< left empty by `count_done`
};

struct stats {
    day_range range;
    std::vector<day_count> days;  ///< every day of the range
    done_count totals;
    std::vector<series_count> series;
};

/// What of a user's days any zone may call one of `range`: wide enough, and to be looked at closely.
struct instant_range {
    instant from;
    instant until;  ///< not included
};
instant_range instants_of(const day_range& range);

/// Counts what was done, and skipped, on the days of the range. A completion's day is that of the task's own zone, so
/// that a journey rewrites nothing. On time is: not after its due instant (a day: until its end). Series are those that
/// repeat or have repeated; at most `stats_series_max`, without their streaks.
/// Precondition: the range is not empty and has `stats_days_max` days at most.
stats count_done(const day_range& range, std::span<const occurrence_record> completions,
                 std::span<const skip_record> skips);

/// The occurrences done on time in a row, in order of occurrence: a late one begins anew, an open one that is overdue
/// at `now` ends the current streak. What was skipped or cancelled, has no due date, or is still to come neither counts
/// nor breaks. `members` are those of one series, in order; where the oldest are left out, streaks may be longer.
streak streak_of(std::span<const occurrence_record> members, instant now);

}  // namespace rondo
