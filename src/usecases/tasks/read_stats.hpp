#pragma once

#include <cstddef>

#include "base/error.hpp"
#include "domain/stats.hpp"
#include "store/transaction.hpp"

namespace rondo {

/// So many completions, and so many skips, are counted in one range at most.
inline constexpr std::size_t stats_records_max = 50'000;
/// A streak is looked for in so many of a series' newest occurrences.
inline constexpr std::size_t streak_members_max = 5000;

/// What the user has done on the days of the range, with the streaks of the series that were done or skipped in it, as
/// they are now. errc::invalid, pointing at `?from`, when there is too much to count. Only reads.
/// Precondition: the range is not empty and has `stats_days_max` days at most.
result<stats> read_stats(const transaction& tx, user_id owner, const day_range& range);

}  // namespace rondo
