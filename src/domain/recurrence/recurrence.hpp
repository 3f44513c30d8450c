#pragma once
// How a task repeats: a pure function from a rule, the present due date and a completion to the next due date.
// docs/recurrence.md is the definition; all sums are done on the wall clock of the task's zone.

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/time_zone.hpp"

namespace rondo {

enum class recurring_type : std::uint8_t { none, daily, weekly, monthly, yearly, custom };
enum class repeat_mode : std::uint8_t { after_completion, on_schedule, every_occurrence };

/// When a task is due: a day, or a wall-clock time, in the task's zone. The wall clock is the truth; the instant
/// follows from the zone's rules of the day it is asked. A day or a time that the clocks leave out stays what it is, and
/// is shown later by the length of the gap.
struct due {
    std::chrono::local_seconds wall;  ///< midnight if `all_day`
    bool all_day = false;
    bool second =
        false;  ///< of the two times that the clocks show `wall` when they go back, the second (PEP 495: fold)
    friend bool operator==(const due&, const due&) = default;
};

/// The last moment of a series: nothing, a day (inclusive, in the task's zone) or an instant (inclusive).
using series_limit = std::variant<std::monostate, std::chrono::local_days, instant>;

struct recurrence {
    recurring_type type = recurring_type::none;
    int interval = 1;  ///< every n days, weeks, months, years: 1 to 999
    std::string rule;  ///< RFC 5545 RRULE, only with `custom`
    bool counts_start = false;  ///< as in `rrule`; only with a COUNT
    repeat_mode mode = repeat_mode::after_completion;
    series_limit end;
    friend bool operator==(const recurrence&, const recurrence&) = default;
};

/// Whether it follows a custom rule that ends after a number of occurrences.
bool has_count(const recurrence& of);

/// Why a completion makes no next occurrence.
enum class series_end : std::uint8_t {
    not_recurring,  ///< the type is `none`
    completed_after_end,  ///< `completed_at` is after `recurring_end_date`
    next_after_end,  ///< the next due would be after `recurring_end_date`
    rule_exhausted,  ///< COUNT or UNTIL of the RRULE, or the calendar (year 9999), leaves no more
};

/// The occurrence that follows, and the wall-clock start that the series counts from after it (a monthly task done on
/// another day takes that day for its own from then on).
struct next_step {
    due at;
    due series_start;
    wall_kind kind;  ///< whether the wall-clock time exists that day; of a whole day, whether the day does
    bool clamped;  ///< the month was too short for the series' day
    friend bool operator==(const next_step&, const next_step&) = default;
};

/// What the sum is made from. `series_start` is the first due of the series; without one, `current` is. An occurrence
/// that was moved alone still stands for the due date that the series gave it, `moved_from`: the next one comes after that.
struct occurrence_input {
    std::optional<due> current;
    std::optional<due> series_start;
    time_zone zone;
    std::optional<due> moved_from{};
};

/// The next due date after a completion, or why there is none. Pure: no clock, no I/O. A monthly series keeps its day:
/// begun on the 31st, it falls on 28 February and returns to the 31st in March. The wall clock given back is the
/// series' own, even where it does not exist that day (`kind` tells): the day after has it again.
/// A custom rule's members are those of RFC 5545 with the series start as DTSTART (domain/rrule.hpp).
/// Preconditions, which `apply` in domain/task.hpp sees to: the interval is 1 to 999; without `current`, the mode is
/// after_completion; a custom rule can be parsed, and its mode is another.
std::expected<next_step, series_end> next_occurrence(const recurrence& rule, const occurrence_input& from,
                                                     instant completed_at);

/// The due date that stands for an instant, to the second.
due due_at(std::chrono::sys_seconds at, const time_zone& zone);

/// The instant a due date stands for: a day is due at its very end, so that it is overdue from the next midnight on.
instant due_instant(const due& when, const time_zone& zone);

/// When it begins: a day with its first moment, a time then.
instant begin_instant(const due& when, const time_zone& zone);

/// What a calendar and a clock on the wall show when it is due; midnight of a whole day.
std::chrono::local_seconds shown_wall(const due& when, const time_zone& zone);

/// The same as text, as every interface writes it: `2026-02-08`, or `2026-02-08T09:00:00+01:00`.
std::string due_text(const due& when, const time_zone& zone);

}  // namespace rondo
