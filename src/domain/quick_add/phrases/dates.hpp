#pragma once
// The phrases of quick add that say a day or a time of day.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time_zone.hpp"
#include "domain/quick_add/phrases/words.hpp"
#include "domain/words/date_order.hpp"

namespace rondo::quick {

struct context {
    std::chrono::local_seconds now;
    std::chrono::local_days today;
    const time_zone& zone;
    std::optional<date_order> order;  ///< of dates in digits; none: they are not read
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
    int shift = 0;         ///< minutes to add when that is decided: -15 in "quarter to 9"
    friend bool operator==(const clock_time&, const clock_time&) = default;
};

/// Which day of its month a day is, when that is said: `last monday of may`, `second workday of june`, `end of month`.
struct place_in_month {
    enum class of : std::uint8_t { days, working_days, weekdays };
    int value = 0;  ///< from 1, from the end -1; 0: not said
    of among = of::days;
    friend bool operator==(const place_in_month&, const place_in_month&) = default;
};

struct said_day {
    std::size_t words = 0;  ///< 0: no day
    std::chrono::local_days day{};
    std::optional<day_part> part{};    ///< `tonight`, `this morning`
    std::optional<clock_time> clock{}; ///< `2027-01-31T09:00`
    condition counts = condition::always;
    bool only_repeating = false;       ///< `from jan 5`
    bool is_named = false;  ///< a weekday or a date, not a distance from today
    place_in_month place{};  ///< with a monthly or yearly repeat it is what comes back
};

struct said_time {
    std::size_t words = 0;  ///< 0: no time
    std::optional<clock_time> clock{};
    std::optional<day_part> part{};
    std::optional<std::chrono::local_seconds> moment{};  ///< `in 2 hours`: the day, too
    condition counts = condition::always;
};

/// A day of the calendar: `jan 31`, `31st of january 2027`, `2027 march 18`, `2027-01-31`; `24/12/2026` in the order of the
/// context. Without a year the next such day, today included.
said_day calendar_day_in(phrase words, const context& when);

/// The numbers of a word that writes a date in digits, `24/12/2026`, `12/1` or `24.12.`, whatever their order.
struct digit_groups_of_date {
    std::array<int, 3> value;
    std::array<std::size_t, 3> length;  ///< digits
    std::size_t count;  ///< 2 or 3
};
std::optional<digit_groups_of_date> digits_date_in(phrase words);

/// `the 15th`, `1st of next month`: the next month that has such a day.
said_day day_of_month_in(phrase words, const context& when);

/// `first monday of next month`, `second tuesday in march`, `last workday of the month`: the next one.
said_day placed_day_in(phrase words, const context& when);

/// `end of month`, `start of next year`, `last day of june 2027`
said_day edge_in(phrase words, const context& when);

/// Any day, with the words before it: `on friday`, `in two weeks`, `end of month`. `before` is the key of the word before it.
said_day day_in(phrase words, std::string_view before, const context& when);

/// A day that something is counted from, without words that lead to it: `friday`, `the 15th`, `tomorrow`, `next week`.
said_day anchor_in(phrase words, const context& when);

/// Where a phrase stands.
struct place {
    std::string_view before;  ///< the key of the word before it
    bool after_read;  ///< at the line's begin, or right behind something that may be read
    bool after_day;  ///< that is a day, or a repeat
    bool after_repeat;  ///< that is a repeat
};

/// A time of day, with the end or the length that may follow it: `at 9`, `2pm-3pm`, `half past 8`, `2pm for 1h`.
said_time time_in(phrase words, const place& at, const context& when);

/// The time of day that is meant; 24:00 and later are the next day's: "friday night at 1am" is Saturday's.
std::optional<std::chrono::seconds> time_of_day(std::optional<clock_time> clock, std::optional<day_part> part);

/// Whether the part of the day and the clock contradict each other, as "this morning at 3pm" does.
bool contradict(const clock_time& clock, day_part part);

/// The last day of the month a day is in.
std::chrono::local_days month_end(std::chrono::local_days day);

/// The next such day, never today.
std::chrono::local_days next_weekday(std::chrono::local_days today, std::chrono::weekday wanted);

/// `2027`: 2000 to 2199.
std::optional<std::chrono::year> year_in(std::string_view key);

/// `weekday`, `workday`, `business day`: so many words.
std::size_t working_day_in(phrase words);

}  // namespace rondo::quick
