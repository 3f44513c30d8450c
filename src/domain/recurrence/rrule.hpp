#pragma once
// Recurrence rules of RFC 5545 (section 3.3.10), of days and slower, on the wall clock.

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time_zone.hpp"

namespace rondo {

inline constexpr std::size_t rrule_bytes_max = 512;
inline constexpr int rrule_interval_max = 9999;
inline constexpr int rrule_count_max = 10'000;

/// A parsed rule. The lists are sorted and without repeats; an empty list does not restrict.
struct rrule {
    enum class frequency : std::uint8_t { daily, weekly, monthly, yearly };
    /// What becomes of the 31st in a month of 30 days (RFC 7529, section 4.1): nothing, the day before, the day after.
    enum class skipping : std::uint8_t { omit, backward, forward };

    struct weekday_part {
        int ordinal;  ///< 2 in 2TU, -1 in -1FR, 0 in MO
        std::chrono::weekday day;
        friend bool operator==(const weekday_part&, const weekday_part&) = default;
    };

    frequency freq = frequency::daily;
    int interval = 1;
    std::optional<int> count;
    /// Whether COUNT counts the start also where it is no member, as RFC 5545 has it ("DTSTART always counts as the first
    /// occurrence"). Series begun before that was heeded do not.
    bool counts_start = true;
    skipping skip = skipping::omit;
    /// The last moment, inclusive: a date, a wall-clock time, or an instant.
    std::variant<std::monostate, std::chrono::local_days, std::chrono::local_seconds, std::chrono::sys_seconds> until;
    std::vector<weekday_part> by_day;
    std::vector<int> by_month_day;
    std::vector<int> by_year_day;
    std::vector<int> by_week_no;
    std::vector<int> by_set_pos;
    std::vector<int> by_month;
    std::chrono::weekday week_start = std::chrono::Monday;

    friend bool operator==(const rrule&, const rrule&) = default;
};

/// Reads a rule, with or without "RRULE:" before it, in either case, folded or not. The unexpected text says what is wrong
/// with it and what to do, for the one who wrote it: FREQ faster than DAILY, BYHOUR and its like, COUNT beside UNTIL, parts
/// the RFC forbids together, values out of range, and lines that say more than a rule does (DTSTART, EXDATE).
std::expected<rrule, std::string> parse_rrule(std::string_view text);

/// The rule's text on one line: lines that were folded (RFC 5545, section 3.1) are joined.
std::string unfolded(std::string_view text);

/// The first member of the rule's set strictly after `after`. The set begins at `start` (DTSTART), which is a member only
/// if it fits the rule; every member has the time of day of `start`. What the rule leaves open (the day of a MONTHLY rule
/// without BYMONTHDAY) is taken from `start`; a day that a month does not have is no member, or what `skip` says. Without COUNT it jumps to
/// `after` in one step, whatever lies between; it looks no further than it takes to know that there is none, or the year
/// 9999. `zone` is where an UNTIL with Z is compared.
std::optional<std::chrono::local_seconds> next_member(const rrule& rule, std::chrono::local_seconds start,
                                                      std::chrono::local_seconds after, const time_zone& zone);

/// The same set with its last member as UNTIL in the place of COUNT. To count, the set must be walked from its start: who
/// asks for many members lets it be done once. A rule without COUNT is given back as it is.
rrule count_out(rrule rule, std::chrono::local_seconds start);

/// Whether the set has any member at all, COUNT aside.
bool has_members(rrule rule, std::chrono::local_seconds start, const time_zone& zone);

}  // namespace rondo
