#pragma once
// The days of a month, of a year and of a week that a repeat may name.

#include <cstddef>
#include <optional>
#include <vector>

#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/words.hpp"
#include "domain/recurrence/rrule.hpp"

namespace rondo::quick {

struct said_repeat {
    std::size_t words = 0;  ///< 0: no repeat
    rrule rule{};           ///< without a by-part when no days are named
    std::optional<day_part> part{};  ///< `every morning`
    condition counts = condition::always;
};

std::vector<rrule::weekday_part> each_of(const std::vector<std::chrono::weekday>& days_named);
std::vector<rrule::weekday_part> working_days();

/// `of the month`, `of each month`, `of every month`: so many words.
std::size_t of_month_in(phrase words);

/// Days of the month: `last day`, `1st and 15th`, `second tuesday`, `2nd last workday`. `is_said`: it follows "month on the".
said_repeat month_days_in(phrase words, bool is_said);

/// `the end of every month`, `the start of each month`
said_repeat end_of_month_in(phrase words);

/// Days of the year: `dec 24`, `14th of march`, `dec 24 and 31`, `jan 1, apr 1`, `first monday of april`, `1st in january and july`.
said_repeat year_days_in(phrase words, const context& when);

/// `13th, if it is a friday` behind days of the month: so many words.
std::size_t add_condition(rrule& rule, phrase words);

/// `in november`, `during june and july`: so many words.
std::size_t add_months(rrule& rule, phrase words);

/// `but sunday`, `except on mondays and fridays`, `except weekends`, taken from the days of the rule: so many words. 0 as well
/// when no day would be left.
std::size_t take_out_days(rrule& rule, phrase words);

}  // namespace rondo::quick
