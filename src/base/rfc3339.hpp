#pragma once
// Dates and times as text (RFC 3339), in and out.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"

namespace rondo {

/// What a date or time in a request can be: a date, a wall-clock time without an offset, or an instant.
using date_or_time = std::variant<std::chrono::local_days, std::chrono::local_seconds, instant>;

/// Reads `2026-02-08`, `2026-02-08T09:00[:00[.123]]` (wall clock) or the same with `Z` or an offset (an instant).
/// A space or `t` may stand for `T`, `z` for `Z`. Years 0001 to 9999; in UTC an instant may lie up to a day outside.
/// A leap second, 60, is read as 59 (RFC 5545, section 3.3.12; RFC 3339, section 5.7, allows to write it). Refused (nothing
/// returned): days that do not exist, 24:00, second 61, offsets beyond ±23:59, any other text. A fraction is cut to
/// milliseconds, and dropped from a wall-clock time.
std::optional<date_or_time> parse_date_or_time(std::string_view text);

/// Reads an instant only: a date-time with `Z` or an offset.
std::optional<instant> parse_instant(std::string_view text);

/// `2026-02-08T09:00:00.000Z`
std::string format_instant(instant at);

/// `2026-02-08`
std::string format_date(std::chrono::local_days day);

/// `2026-02-08T09:00:00+01:00`. An offset with seconds (before standard time) is rounded up to a minute and the clock
/// moved along with it: the text always names the same instant.
std::string format_wall(std::chrono::local_seconds wall, std::chrono::seconds offset);

}  // namespace rondo
