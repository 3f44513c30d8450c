#pragma once
// The phrases of a length of time.

#include <chrono>
#include <cstddef>
#include <optional>

#include "domain/quick_add/phrases/words.hpp"

namespace rondo::quick {

struct said_length {
    std::size_t words = 0;  ///< 0: no length
    int minutes = 0;
    int days = 0;
    int months = 0;
};

/// `3 days`, `a fortnight`, `1 week and 2 days`, `an hour and a half`, `half an hour`, `1.5 hours`, `1h30`. Half of a
/// day, week or month is none: it would not be a whole day.
said_length length_in(phrase words);

/// A day and n units later (earlier with a negative n); nothing outside of the years 1900 to 2199. Months and years keep
/// the day, or take the month's last.
std::optional<std::chrono::local_days> later(std::chrono::local_days day, int n, unit of);

/// A day and the days and months of a length later, or earlier with `sign` -1.
std::optional<std::chrono::local_days> later(std::chrono::local_days day, const said_length& length, int sign = 1);

}  // namespace rondo::quick
