#pragma once
// A schedule that quick add has read as the fields of a task.

#include <chrono>
#include <optional>
#include <string>

#include "base/time_zone.hpp"
#include "domain/quick_add/phrases/dates.hpp"
#include "domain/recurrence/recurrence.hpp"
#include "domain/recurrence/rrule.hpp"

namespace rondo::quick {

/// The first member of a schedule, not before `start` (a day with the time of day), nor before `not_before`. Nothing in
/// the years to 9999 is an answer, too.
std::optional<std::chrono::local_seconds> first_member(const rrule& rule, std::chrono::local_seconds start,
                                                       std::chrono::local_seconds not_before, const time_zone& zone);

/// Whether days are named (`every monday`), not only a distance (`every week`).
bool names_days(const rrule& rule);

/// Makes a distance of months or years that begins on a day the schedule of its place in the month: "the last monday of
/// may" of a yearly one. Leaves any other rule as it is.
void repeat_in_place(rrule& rule, std::chrono::local_days day, const place_in_month& place);

/// The fields of a task that repeat it so, with its first due day: one of the simple types where that says the same.
struct repeat_fields {
    recurring_type type;
    int interval;
    std::string rule;  ///< RFC 5545, with `custom`
};
repeat_fields fields_of(const rrule& rule, std::chrono::local_days first);

}  // namespace rondo::quick
