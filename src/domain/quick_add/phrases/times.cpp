// The phrases of a time of day.

#include <algorithm>

#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/lengths.hpp"
#include "domain/quick_add/phrases/marks.hpp"

namespace rondo::quick {

namespace {

using std::chrono::days;
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
    return clock_time{.hour = clock->hour % 12 + (is_pm ? 12 : 0), .minute = clock->minute, .shift = clock->shift};
}

/// A clock as it is read from the words at its begin.
struct written {
    std::size_t words = 0;  ///< 0: none
    clock_time clock{};
    bool is_bare = false;   ///< a number alone, which may count anything
    bool has_half = false;  ///< am or pm
};

/// One end of `2pm-3pm`, or a word alone.
written written_alone(std::string_view key) {
    if (key.starts_with('@'))
        key.remove_prefix(1);
    if (key.size() > 2 && (key.ends_with("am") || key.ends_with("pm"))) {
        if (const auto clock = with_half(clock_in(key.substr(0, key.size() - 2), true), key.ends_with("pm")))
            return {1, *clock, false, true};
        return {};
    }
    if (is_one_of(key, "noon", "midday", "midnight"))
        return {1, {.hour = key == "midnight" ? 0 : 12, .minute = 0}, false, true};
    const auto clock = clock_in(key, false);
    return clock ? written{1, *clock, key.find(':') == key.npos, false} : written{};
}

/// `nine`, `nine thirty`, `9`
written spoken_hour(phrase words) {
    const std::string_view key = key_of(words, 0);
    const auto number = number_in(key);
    if (!number || *number > 12)
        return {};
    const bool in_digits = key[0] >= '0' && key[0] <= '9';
    written found{1, {.hour = *number, .minute = 0, .is_open = key[0] != '0'}, true, false};
    if (in_digits)
        return found;
    const std::string_view minute = key_of(words, 1);
    if (is_one_of(minute, "fifteen", "thirty", "forty-five")) {
        found.clock.minute = minute == "fifteen" ? 15 : minute == "thirty" ? 30 : 45;
        found.words = 2;
        found.is_bare = false;
    }
    return found;
}

written with_following_half(written found, phrase words) {
    const std::string_view half = key_of(words, found.words);
    if (found.words == 0 || found.has_half)
        return found;
    if (is_one_of(half, "am", "pm", "a.m", "p.m")) {
        const auto clock = with_half(found.clock, half.starts_with('p'));
        return clock ? written{found.words + 1, *clock, false, true} : written{};
    }
    if (is_one_of(half, "o'clock", "oclock", "o’clock"))
        return with_following_half({found.words + 1, found.clock, false, false}, words);
    return found;
}

/// `9am`, `9 am`, `9.30 pm`, `17:00`, `9 o'clock`, `nine thirty`, `noon`, and a number alone.
written plain_clock(phrase words) {
    const std::string_view key = key_of(words, 0);
    const std::string_view half = key_of(words, 1);
    if (is_one_of(half, "am", "pm", "a.m", "p.m"))
        if (const auto clock = with_half(clock_in(key, true), half.starts_with('p')))
            return {2, *clock, false, true};
    written found = written_alone(key);
    if (found.words == 0)
        found = spoken_hour(words);
    return with_following_half(found, words);
}

/// `half past 8`, `quarter to nine`, `ten to five`, `20 minutes past 3`; `10 to 5` only when `is_led`, as it may be a range.
written spoken_clock(phrase words, bool is_led) {
    std::size_t at = key_of(words, 0) == "a" && key_of(words, 1) == "quarter" ? 1 : 0;
    const std::string_view key = key_of(words, at);
    const auto number = key == "half" ? std::optional{30} : key == "quarter" ? std::optional{15} : number_in(key);
    if (!number || *number > 30)
        return {};
    ++at;
    const bool has_unit = is_one_of(key_of(words, at), "minutes", "mins", "min");
    at += has_unit ? 1 : 0;
    const std::string_view link = key_of(words, at);
    const bool is_to = is_one_of(link, "to", "before", "til", "till") || (key == "quarter" && link == "of" && is_led);
    if ((!is_to && !is_one_of(link, "past", "after")) || (is_to && key == "half"))
        return {};
    const bool is_sure = key == "quarter" || link == "past" || has_unit;
    const bool in_digits = key[0] >= '0' && key[0] <= '9';
    const bool is_usual = *number == 5 || *number == 10 || *number == 20 || *number == 25;
    if (!is_sure && (!is_usual || (in_digits && !is_led)))
        return {};
    written hour = plain_clock(behind(words, at + 1));
    if (hour.words == 0 || hour.clock.minute != 0)
        return {};
    hour.words += at + 1;
    hour.clock.shift = is_to ? -*number : *number;
    hour.is_bare = false;
    return hour;
}

written clock_at(phrase words, bool is_led) {
    if (const written spoken = spoken_clock(words, is_led); spoken.words != 0)
        return spoken;
    return plain_clock(words);
}

int minute_of(const clock_time& clock) {
    return clock.hour * 60 + clock.minute;
}

/// The begin of a range, with the half of the day that its end tells: `2-3pm` is at 14:00, `11-1pm` at 11:00.
clock_time begun(const written& first, const written& last) {
    if (first.has_half || !last.has_half || !first.clock.is_open)
        return first.clock;
    const bool is_pm = last.clock.hour >= 12;
    const clock_time same = *with_half(first.clock, is_pm);
    return minute_of(same) <= minute_of(last.clock) ? same : *with_half(first.clock, !is_pm);
}

/// Whether a bare number there can only be a time: nothing follows that it could count.
bool counts_nothing(phrase words, std::size_t i) {
    return i >= words.size() || (words[i].marks & ~static_cast<std::uint32_t>(unit_mark | length_mark)) != 0 ||
           !words[i].tag.empty() || key_of(words, i).starts_with('!');
}

std::size_t glued_dash(std::string_view key, std::size_t& wide) {
    const std::size_t narrow = key.find('-');
    const std::size_t en = key.find("–");
    wide = en < narrow ? std::string_view{"–"}.size() : 1;
    return std::min(narrow, en);
}

/// `2pm-3pm`, `2 - 3pm`, `12:00 to 13:30`: its begin. `lead` is the word before it: behind "at" or "from", bare numbers are
/// hours.
written range_in(phrase words, std::string_view lead) {
    const bool is_between = lead == "between";
    const bool is_from = is_between || lead == "from";
    const bool is_led = is_from || is_one_of(lead, "at", "@");
    const std::string_view key = key_of(words, 0);
    std::size_t wide = 1;
    const std::size_t dash =
        key.empty() || (words[0].marks & (clock_mark | number_mark)) == 0 ? key.npos : glued_dash(key, wide);
    written first;
    written last;
    std::size_t taken = 1;
    if (dash != key.npos) {
        first = written_alone(key.substr(0, dash));
        last = written_alone(key.substr(dash + wide));
        last = last.words == 0 ? last : with_following_half(last, words);
        taken = last.words;
    } else {
        first = is_from ? plain_clock(words) : clock_at(words, is_led);
        const std::string_view link = key_of(words, first.words);
        const bool joins = is_between ? is_one_of(link, "and", "&", "-", "–")
                                      : is_one_of(link, "-", "–", "—", "to", "till", "until", "til", "through");
        if (first.words == 0 || !joins)
            return {};
        last = clock_at(behind(words, first.words + 1), false);
        taken = first.words + 1 + last.words;
    }
    if (first.words == 0 || last.words == 0 || (first.is_bare && last.is_bare && !is_led))
        return {};
    if (last.is_bare && !counts_nothing(words, taken))
        return {};
    return {taken, begun(first, last), first.is_bare && last.is_bare, first.has_half || last.has_half};
}

/// `for 1h`, `for an hour and a half`: so many words.
std::size_t length_behind(phrase words) {
    if (key_of(words, 0) != "for")
        return 0;
    const std::size_t at = is_one_of(key_of(words, 1), "about", "around") ? 2 : 1;
    const said_length length = length_in(behind(words, at));
    return length.words != 0 && length.minutes > 0 && length.days == 0 && length.months == 0 ? at + length.words : 0;
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

/// `in 2 hours`, `in an hour and a half`, `half an hour from now`
said_time moment_in(phrase words, const context& when) {
    const std::size_t lead = is_one_of(key_of(words, 0), "in", "within") ? 1 : 0;
    const said_length length = length_in(behind(words, lead));
    if (length.words == 0 || length.minutes == 0)
        return {};
    std::size_t taken = lead + length.words;
    if (lead == 0) {
        if (key_of(words, taken) != "from" || key_of(words, taken + 1) != "now")
            return {};
        taken += 2;
    } else {
        taken += key_of(words, taken) == "time" ? 1 : 0;
    }
    const auto day = later(when.today, length);
    if (!day)
        return {};
    const auto start = when.zone.to_instant(when.now + (*day - when.today)).at;
    return {.words = taken, .moment = floor<minutes>(when.zone.to_wall(start + minutes{length.minutes}))};
}

said_time part_at(phrase words, const place& at) {
    const std::string_view key = key_of(words, 0);
    const std::string_view second = key_of(words, 1);
    if (key == "in" && second == "the")
        if (const auto part = day_part_in(key_of(words, 2)); part && *part != day_part::night)
            return {.words = 3, .part = part, .counts = condition::before_end_or_link};
    if (key == "at" && second == "night")
        return {.words = 2, .part = day_part::night, .counts = condition::before_end_or_link};
    if (at.after_day && is_one_of(key, "am", "pm"))  // "friday am"
        return {.words = 1,
                .part = key == "am" ? day_part::morning : day_part::afternoon,
                .counts = condition::before_end_or_link};
    if (const auto part = day_part_in(key); part && at.after_day)
        return {
            .words = 1,
            .part = part,
            .counts = *part == day_part::night && !at.after_repeat ? condition::before_end_or_link : condition::always};
    return {};
}

}  // namespace

bool contradict(const clock_time& clock, day_part part) {
    if (clock.is_open)
        return false;
    if (part == day_part::morning)
        return clock.hour >= 12;
    if (part == day_part::afternoon)
        return clock.hour < 12 || clock.hour > 18;
    return clock.hour >= 5 && clock.hour < (part == day_part::evening ? 15 : 17);
}

std::optional<seconds> time_of_day(std::optional<clock_time> clock, std::optional<day_part> part) {
    if (!clock) {
        static constexpr int usual[] = {9, 14, 18, 20};
        return part ? std::optional<seconds>{hours{usual[static_cast<std::size_t>(*part)]}} : std::nullopt;
    }
    const bool is_late = part == day_part::evening || part == day_part::night;
    int hour = clock->hour;
    if (!clock->is_open)
        hour += hour < 5 && is_late ? 24 : 0;
    else if (part == day_part::morning)
        hour %= 12;
    else if (part == day_part::afternoon)
        hour = hour % 12 + 12;
    else if (is_late)
        hour += hour == 12 || (hour >= 5 && hour < 12) ? 12 : hour < 5 ? 24 : 0;
    else if (hour <= 6)
        hour += 12;
    const seconds found = hours{hour} + minutes{clock->minute + clock->shift};
    return found < seconds{0} ? found + days{1} : found;
}

said_time time_in(phrase words, const place& at, const context& when) {
    if (const said_time moment = moment_in(words, when); moment.words != 0)
        return moment;
    if (const said_time part = part_at(words, at); part.words != 0)
        return part;
    if (is_one_of(at.before, "to", "or", "and", "until", "till", "&", "+"))
        return {};  // the other end, or another choice, of what came before
    // "for 1h at 2pm"
    const std::size_t before = length_behind(words);
    const std::string_view key = key_of(words, before);
    const bool is_near = is_one_of(key, "before", "after", "around", "about", "~", "between", "approx", "approximately",
                                   "roughly", "circa", "ca");
    const bool is_latest =
        is_one_of(key, "no", "not") && key_of(words, before + 1) == "later" && key_of(words, before + 2) == "than";
    const std::size_t lead = is_latest ? 3 : is_near || is_one_of(key, "at", "by", "@", "from") ? 1 : 0;
    if (before + lead >= words.size() || (before != 0 && lead == 0))
        return {};
    const phrase named = behind(words, before + lead);
    constexpr std::uint32_t of_clock = number_mark | clock_mark | fraction_mark | digits_mark;
    if ((named[0].marks & of_clock) == 0 && key_of(named, 0) != "a")
        return {};
    written found = range_in(named, lead != 0 ? key : std::string_view{});
    const bool is_range = found.words != 0;
    if (!is_range && key != "between")
        found = clock_at(named, is_one_of(key, "at", "@"));
    if (found.words == 0)
        return {};
    const bool is_named_hour = is_one_of(key_of(named, 0), "noon", "midday", "midnight");
    if (is_named_hour && is_one_of(at.before, "high", "the"))
        return {};
    found.words += key_of(named, found.words) == "sharp" ? 1 : 0;
    const std::size_t length = length_behind(behind(named, found.words));
    said_time said{.words = before + lead + found.words + length, .clock = found.clock};
    const bool is_unsure = found.clock.is_open && !found.has_half && lead == 0 && !at.after_read && !is_range;
    if (found.is_bare) {
        if (!is_range && !is_one_of(key, "at", "@"))
            return {};
        said.counts = condition::before_end_or_link;
    } else if (is_named_hour && lead == 0 && !at.after_day) {
        said.counts = condition::before_end;
    } else if (is_near || is_unsure) {
        said.counts = condition::before_end_or_link;
    }
    if (length != 0)
        said.counts = condition::always;
    return said;
}

}  // namespace rondo::quick
