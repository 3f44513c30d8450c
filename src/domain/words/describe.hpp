#pragma once
// Recurrence in English, for people who have a calendar and no programming language.

#include <optional>
#include <string>
#include <vector>

#include "domain/recurrence/recurrence.hpp"
#include "domain/recurrence/rrule.hpp"

namespace rondo {

/// "every second Tuesday at 09:00, skipping missed ones, until 30 June 2026". What the rule leaves open, such as the
/// weekday, is told from the series' start. Precondition: a custom rule can be parsed.
std::string describe(const recurrence& rule, const std::optional<due>& series_start, const time_zone& zone);

/// "every month on the last Friday at 09:00, 10 times": the rule alone; of a series of whole days without times of day.
std::string describe(const rrule& rule, const due& start, const time_zone& zone);

/// "Tuesday, 10 February 2026" or "Tuesday, 10 February 2026 at 09:00": as a clock and a calendar in `zone` show it. Of a
/// time that comes twice, the second says so.
std::string describe(const due& when, const time_zone& zone);

/// "the next one would be after the end of the series".
std::string describe(series_end why);

/// What is out of the ordinary about an occurrence, each in a sentence: a short month, a change of the clocks.
std::vector<std::string> describe_exceptions(const next_step& step, const time_zone& zone);

/// The sum that `next_occurrence` makes of the same arguments, step by step; the last sentence is its result.
std::vector<std::string> explain_next(const recurrence& rule, const occurrence_input& from, instant completed_at);

}  // namespace rondo
