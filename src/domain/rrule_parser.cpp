#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>
#include <set>

#include "base/rfc3339.hpp"
#include "domain/rrule.hpp"

namespace rondo {
namespace {

using namespace std::chrono;
using frequency = rrule::frequency;
using refusal = std::unexpected<std::string>;

constexpr std::size_t list_max = 400;  // no list needs more values than there are days in a year

refusal refuse(std::string_view part, std::string_view what) {
    return refusal{std::string{part} + " " + std::string{what}};
}

std::optional<int> whole(std::string_view text) {
    if (text.starts_with('+'))
        text.remove_prefix(1);
    int value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

std::optional<weekday> weekday_named(std::string_view name) {
    static constexpr std::array<std::string_view, 7> names{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt : std::optional{weekday{static_cast<unsigned>(found - names.begin())}};
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> pieces;
    for (const auto piece : std::views::split(text, at))
        pieces.emplace_back(piece.begin(), piece.end());
    return pieces;
}

/// One `NAME=value` after another, into a rule.
class parser {
public:
    std::expected<rrule, std::string> parse(std::string_view text) {
        if (text.size() > rrule_bytes_max)
            return refuse("The rule", "is longer than 512 bytes.");
        std::string upper{text};
        for (char& c : upper)
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        std::string_view rest{upper};
        if (rest.starts_with("RRULE:"))
            rest.remove_prefix(6);
        if (rest.ends_with(';'))
            rest.remove_suffix(1);
        for (const std::string_view part : split(rest, ';')) {
            const auto equals = part.find('=');
            const std::string_view name = part.substr(0, equals);
            if (equals == part.npos || name.empty() || equals + 1 == part.size())
                return refuse("The rule", "must be parts like FREQ=DAILY;INTERVAL=2, separated by semicolons.");
            if (!seen_.insert(std::string{name}).second)
                return refuse(name, "is given twice.");
            if (auto read = read_part(name, part.substr(equals + 1)); !read)
                return refusal{std::move(read).error()};
        }
        if (auto fits = check_together(); !fits)
            return refusal{std::move(fits).error()};
        return std::move(rule_);
    }

private:
    using outcome = std::expected<void, std::string>;

    outcome read_part(std::string_view name, std::string_view value) {
        if (name == "FREQ")
            return read_freq(value);
        if (name == "INTERVAL")
            return read_number(name, value, 1, rrule_interval_max, [&](int n) { rule_.interval = n; });
        if (name == "COUNT")
            return read_number(name, value, 1, rrule_count_max, [&](int n) { rule_.count = n; });
        if (name == "UNTIL")
            return read_until(value);
        if (name == "BYDAY")
            return read_by_day(value);
        if (name == "BYMONTHDAY")
            return read_list(name, value, 31, true, rule_.by_month_day);
        if (name == "BYYEARDAY")
            return read_list(name, value, 366, true, rule_.by_year_day);
        if (name == "BYWEEKNO")
            return read_list(name, value, 53, true, rule_.by_week_no);
        if (name == "BYMONTH")
            return read_list(name, value, 12, false, rule_.by_month);
        if (name == "BYSETPOS")
            return read_list(name, value, 366, true, rule_.by_set_pos);
        if (name == "WKST") {
            const auto day = weekday_named(value);
            if (!day)
                return refuse(name, "must be a weekday such as MO.");
            rule_.week_start = *day;
            return {};
        }
        if (name == "BYHOUR" || name == "BYMINUTE" || name == "BYSECOND")
            return refuse(name,
                          "is not taken: a task repeats by days or slower; its time of day is that of the due date.");
        return refuse(name, "is not a part of a recurrence rule.");
    }

    outcome read_freq(std::string_view value) {
        if (value == "DAILY")
            rule_.freq = frequency::daily;
        else if (value == "WEEKLY")
            rule_.freq = frequency::weekly;
        else if (value == "MONTHLY")
            rule_.freq = frequency::monthly;
        else if (value == "YEARLY")
            rule_.freq = frequency::yearly;
        else if (value == "HOURLY" || value == "MINUTELY" || value == "SECONDLY")
            return refuse("FREQ", "faster than DAILY is not taken.");
        else
            return refuse("FREQ", "must be DAILY, WEEKLY, MONTHLY or YEARLY.");
        return {};
    }

    template <class Set>
    outcome read_number(std::string_view name, std::string_view value, int min, int max, Set set) {
        const auto number = whole(value);
        if (!number || *number < min || *number > max)
            return refuse(name,
                          "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max) + ".");
        set(*number);
        return {};
    }

    outcome read_list(std::string_view name, std::string_view value, int max, bool negatives, std::vector<int>& into) {
        for (const std::string_view item : split(value, ',')) {
            const auto number = whole(item);
            if (!number || *number == 0 || *number > max || *number < (negatives ? -max : 1))
                return refuse(
                    name, "must hold whole numbers from 1 to " + std::to_string(max) +
                              (negatives ? ", or from -1 to -" + std::to_string(max) + " counted from the end." : "."));
            into.push_back(*number);
        }
        std::ranges::sort(into);
        const auto repeats = std::ranges::unique(into);
        into.erase(repeats.begin(), repeats.end());
        return into.size() <= list_max ? outcome{} : refuse(name, "has too many values.");
    }

    outcome read_by_day(std::string_view value) {
        for (const std::string_view item : split(value, ',')) {
            const auto day = item.size() >= 2 ? weekday_named(item.substr(item.size() - 2)) : std::nullopt;
            const std::string_view before = item.substr(0, item.size() < 2 ? 0 : item.size() - 2);
            const auto ordinal = before.empty() ? std::optional{0} : whole(before);
            if (!day || !ordinal || (*ordinal == 0 && !before.empty()) || *ordinal > 53 || *ordinal < -53)
                return refuse("BYDAY", "must hold weekdays such as MO, 2TU (the second) or -1FR (the last).");
            const rrule::weekday_part part{*ordinal, *day};
            if (std::ranges::find(rule_.by_day, part) == rule_.by_day.end())
                rule_.by_day.push_back(part);
        }
        return {};
    }

    /// 20260204, 20260204T090000 (wall clock) or 20260204T090000Z.
    outcome read_until(std::string_view value) {
        const auto wrong = refuse("UNTIL", "must be a date such as 20260204 or a time such as 20260204T090000Z.");
        const bool timed = value.size() == 15 || (value.size() == 16 && value.back() == 'Z');
        if ((value.size() != 8 && !timed) || (timed && value[8] != 'T'))
            return wrong;
        const auto piece = [&](std::size_t at, std::size_t size) { return std::string{value.substr(at, size)}; };
        std::string text = piece(0, 4) + "-" + piece(4, 2) + "-" + piece(6, 2);
        if (timed)
            text += "T" + piece(9, 2) + ":" + piece(11, 2) + ":" + piece(13, 2) + (value.size() == 16 ? "Z" : "");
        const auto read = parse_date_or_time(text);
        if (!read)
            return wrong;
        if (const auto* day = std::get_if<local_days>(&*read))
            rule_.until = *day;
        else if (const auto* wall = std::get_if<local_seconds>(&*read))
            rule_.until = *wall;
        else
            rule_.until = floor<seconds>(std::get<instant>(*read));
        return {};
    }

    /// What RFC 5545 forbids together.
    outcome check_together() const {
        const auto has = [&](const char* name) { return seen_.contains(name); };
        const bool ordinals = std::ranges::any_of(rule_.by_day, [](const auto& part) { return part.ordinal != 0; });
        const bool yearly = rule_.freq == frequency::yearly;
        const bool monthly = rule_.freq == frequency::monthly;
        if (!has("FREQ"))
            return refuse("FREQ", "is missing: DAILY, WEEKLY, MONTHLY or YEARLY.");
        if (has("COUNT") && has("UNTIL"))
            return refuse("COUNT", "and UNTIL cannot both be given.");
        if (ordinals && !yearly && !monthly)
            return refuse("BYDAY", "takes numbers such as 2TU only with FREQ=MONTHLY or YEARLY.");
        if (ordinals && has("BYWEEKNO"))
            return refuse("BYDAY", "takes no numbers such as 2TU together with BYWEEKNO.");
        if (has("BYMONTHDAY") && rule_.freq == frequency::weekly)
            return refuse("BYMONTHDAY", "cannot be used with FREQ=WEEKLY.");
        if (has("BYYEARDAY") && !yearly)
            return refuse("BYYEARDAY", "can be used with FREQ=YEARLY only.");
        if (has("BYWEEKNO") && !yearly)
            return refuse("BYWEEKNO", "can be used with FREQ=YEARLY only.");
        const bool any_by = has("BYDAY") || has("BYMONTHDAY") || has("BYYEARDAY") || has("BYWEEKNO") || has("BYMONTH");
        if (has("BYSETPOS") && !any_by)
            return refuse("BYSETPOS", "needs another BY part to choose from.");
        return {};
    }

    rrule rule_;
    std::set<std::string, std::less<>> seen_;
};

}  // namespace

std::expected<rrule, std::string> parse_rrule(std::string_view text) {
    return parser{}.parse(text);
}

}  // namespace rondo
