#pragma once
// The phrases of quick add that say a day or a time of day.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time_zone.hpp"
#include "domain/quick_add_words.hpp"

namespace rondo::quick {

struct context {
    std::chrono::local_seconds now;
    std::chrono::local_days today;
    const time_zone& zone;
};

/// When a phrase counts: words that are often no date ("sat", "at 9", "daily") only where little else can be meant.
enum class condition : std::uint8_t {
    always,
    before_end,         ///< at the line's end, or right before something else that is read
    before_end_or_link,  ///< the same, or before a word such as "about" or "with"
    before_time,         ///< right before a time of day that is read
    before_repeat,       ///< right before a repeat that is read
};

enum class day_part : std::uint8_t { morning, afternoon, evening, night };

/// A time of day as it is written.
struct clock_time {
    int hour;    ///< 0 to 23
    int minute;
    bool is_open = false;  ///< 1 to 12, and neither am nor pm: what else is said decides
    friend bool operator==(const clock_time&, const clock_time&) = default;
};

struct said_day {
    std::size_t words = 0;  ///< 0: no day
    std::chrono::local_days day{};
    std::optional<day_part> part{};    ///< `tonight`, `this morning`
    std::optional<clock_time> clock{}; ///< `2027-01-31T09:00`
    condition counts = condition::always;
    bool only_repeating = false;       ///< `from jan 5`
    bool is_named = false;  ///< a weekday or a date, not a distance from today
};

struct said_time {
    std::size_t words = 0;  ///< 0: no time
    std::optional<clock_time> clock{};
    std::optional<day_part> part{};
    std::optional<std::chrono::local_seconds> moment{};  ///< `in 2 hours`: the day, too
    condition counts = condition::always;
};

/// A day of the calendar: `jan 31`, `31st of january 2027`, `2027-01-31`. Without a year the next such day, today included.
said_day calendar_day_in(phrase words, const context& when);

/// Any day, with the words before it: `on friday`, `in two weeks`, `end of month`. `before` is the key of the word before it.
said_day day_in(phrase words, std::string_view before, const context& when);

/// Where a phrase stands.
struct place {
    std::string_view before;  ///< the key of the word before it
    bool after_read;  ///< at the line's begin, or right behind something that may be read
    bool after_day;  ///< that is a day, or a repeat
    bool after_repeat;  ///< that is a repeat
};

/// A time of day.
said_time time_in(phrase words, const place& at, const context& when);

/// A day and n units later; nothing after the year 2199. Months and years keep the day, or take the month's last.
std::optional<std::chrono::local_days> later(std::chrono::local_days day, int n, unit of);

/// The last day of the month a day is in.
std::chrono::local_days month_end(std::chrono::local_days day);

}  // namespace rondo::quick
