// The phrases of a time of day.

#include <algorithm>

#include "domain/quick_add_dates.hpp"

namespace rondo::quick {

namespace {

using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<int> two_digits(std::string_view text) {
    const bool digits =
        !text.empty() && text.size() <= 2 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits)
        return std::nullopt;
    return text.size() == 1 ? text[0] - '0' : (text[0] - '0') * 10 + (text[1] - '0');
}

/// `9`, `9:30`, `09.30` (with `half` of the day known), `17:00`.
std::optional<clock_time> clock_in(std::string_view text, bool has_half) {
    const std::size_t colon = text.find_first_of(has_half ? ":." : ":");
    const auto hour = two_digits(text.substr(0, colon));
    const bool has_minutes = colon != text.npos;
    const auto minute = has_minutes ? two_digits(text.substr(colon + 1)) : std::optional{0};
    if (!hour || !minute || *hour > 23 || *minute > 59 || (has_minutes && text.size() - colon != 3))
        return std::nullopt;
    return clock_time{.hour = *hour, .minute = *minute, .is_open = text[0] != '0' && *hour >= 1 && *hour <= 12};
}

std::optional<clock_time> with_half(std::optional<clock_time> clock, bool is_pm) {
    if (!clock || clock->hour < 1 || clock->hour > 12)
        return std::nullopt;
    return clock_time{.hour = clock->hour % 12 + (is_pm ? 12 : 0), .minute = clock->minute};
}

/// The time that one or two words write, with am, pm or minutes; of a bare number nothing.
said_time written_time(phrase words) {
    const std::string_view key = key_of(words, 0);
    if (key.size() > 2 && (key.ends_with("am") || key.ends_with("pm")))
        if (const auto clock = with_half(clock_in(key.substr(0, key.size() - 2), true), key.ends_with("pm")))
            return {.words = 1, .clock = clock};
    const std::string_view half = key_of(words, 1);
    if (is_one_of(half, "am", "pm", "a.m", "p.m"))
        if (const auto clock = with_half(clock_in(key, true), half.starts_with('p')))
            return {.words = 2, .clock = clock};
    if (is_one_of(half, "o'clock", "oclock", "o’clock"))
        if (const auto clock = clock_in(key, false))
            return {.words = 2, .clock = clock};
    if (key.find(':') != key.npos)
        if (const auto clock = clock_in(key, false))
            return {.words = 1, .clock = clock};
    return {};
}

std::optional<day_part> day_part_in(std::string_view key) {
    if (key == "morning")
        return day_part::morning;
    if (key == "afternoon")
        return day_part::afternoon;
    if (key == "evening")
        return day_part::evening;
    return key == "night" ? std::optional{day_part::night} : std::nullopt;
}

said_time moment_in(phrase words, const context& when) {
    const auto count = key_of(words, 0) == "in" ? count_in(key_of(words, 1)) : std::nullopt;
    const auto of = count ? unit_in(key_of(words, 2)) : std::nullopt;
    if (!of || *of > unit::hours)
        return {};
    const seconds ahead = *of == unit::hours ? seconds{hours{*count}} : seconds{minutes{*count}};
    return {.words = 3, .moment = floor<minutes>(when.zone.to_wall(when.zone.to_instant(when.now).at + ahead))};
}

}  // namespace

said_time time_in(phrase words, const place& at, const context& when) {
    const std::string_view key = key_of(words, 0);
    if (const said_time moment = moment_in(words, when); moment.words != 0)
        return moment;
    const std::string_view second = key_of(words, 1);
    if (key == "in" && second == "the")
        if (const auto part = day_part_in(key_of(words, 2)); part && *part != day_part::night)
            return {.words = 3, .part = part, .counts = condition::before_end_or_link};
    if (key == "at" && second == "night")
        return {.words = 2, .part = day_part::night, .counts = condition::before_end_or_link};
    if (const auto part = day_part_in(key); part && at.after_day)
        return {
            .words = 1,
            .part = part,
            .counts = *part == day_part::night && !at.after_repeat ? condition::before_end_or_link : condition::always};

    if (is_one_of(at.before, "to", "or", "and", "until", "till"))
        return {};  // the other end, or another choice, of what came before
    const std::size_t lead = is_one_of(key, "at", "by", "@", "from") && words.size() > 1 ? 1 : 0;
    const std::string_view named = key_of(words, lead);
    if (is_one_of(named, "noon", "midday", "midnight") && at.before != "high" && at.before != "the")
        return {.words = lead + 1,
                .clock = clock_time{.hour = named == "midnight" ? 0 : 12, .minute = 0},
                .counts = lead == 0 && !at.after_day ? condition::before_end : condition::always};
    said_time written = written_time(words.subspan(lead));
    if (written.words != 0) {
        written.words += lead;
        if (lead == 0 && !at.after_read && named.find(':') != named.npos && written.clock->is_open)
            written.counts = condition::before_end_or_link;
        return written;
    }
    if (lead == 0 || is_one_of(key, "by", "from"))
        return {};
    const auto clock = named.find_first_not_of("0123456789") == named.npos ? clock_in(named, false) : std::nullopt;
    return clock ? said_time{.words = 2, .clock = clock, .counts = condition::before_end_or_link} : said_time{};
}

}  // namespace rondo::quick
