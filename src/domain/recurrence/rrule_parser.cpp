#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>
#include <set>

#include "base/rfc3339.hpp"
#include "domain/recurrence/rrule.hpp"

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

std::string upper_case(std::string_view text) {
    std::string upper{text};
    for (char& c : upper)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return upper;
}

/// What to do with a line of a calendar entry that is none of a rule.
std::string advice_on(std::string_view line) {
    const std::string_view name = line.substr(0, line.find_first_of(";:"));
    if (name == "DTSTART")
        return "DTSTART is not part of the rule: give its time as the due date and its TZID as the time zone, and the "
               "RRULE alone as the rule.";
    if (name == "EXDATE" || name == "EXRULE")
        return std::string{name} +
               " is not taken: leave it out, and skip or move those occurrences when they come. Give the RRULE alone.";
    if (name == "RDATE")
        return "RDATE is not taken: leave it out, and make a task of its own for each of those dates. Give the RRULE "
               "alone.";
    if (name == "RRULE")
        return "RRULE is given twice: a task has one rule. Make a task for each.";
    return "The rule must be one RRULE alone, such as FREQ=WEEKLY;BYDAY=MO. Leave out whatever else the calendar entry "
           "says.";
}

/// The value of the one RRULE in a text of content lines (RFC 5545, section 3.1), in upper case; or of one without a name.
std::expected<std::string, std::string> value_of_rule(std::string_view text) {
    const std::string upper = upper_case(unfolded(text));
    std::optional<std::string> value;
    for (std::string_view line : split(upper, '\n')) {
        if (line.find_first_not_of(" \t\r") == line.npos)
            continue;
        const bool is_named = line.starts_with("RRULE:") || line.starts_with("RRULE;");
        if (value || (!is_named && line.find(':') != line.npos))
            return refusal{advice_on(line)};
        if (is_named)  // its parameters are of no meaning (RFC 5545, section 3.8.5.3)
            line.remove_prefix(std::min(line.size(), line.find(':') + 1));
        value = line;
    }
    return value ? std::move(*value) : std::string{};
}

/// One `NAME=value` after another, into a rule.
class parser {
public:
    std::expected<rrule, std::string> parse(std::string_view text) {
        if (text.size() > rrule_bytes_max)
            return refuse("The rule", "is longer than 512 bytes. Leave out what it does not need.");
        const auto value = value_of_rule(text);
        if (!value)
            return refusal{value.error()};
        std::string_view rest{*value};
        if (rest.ends_with(';'))
            rest.remove_suffix(1);
        for (const std::string_view part : split(rest, ';')) {
            const auto equals = part.find('=');
            const std::string_view name = part.substr(0, equals);
            if (equals == part.npos || name.empty() || equals + 1 == part.size())
                return refuse("The rule", "must be parts like FREQ=DAILY;INTERVAL=2, separated by semicolons.");
            if (part.find_first_of(" \t\r") != part.npos)
                return refuse("The rule", "has a space in it. Leave it out: FREQ=WEEKLY;BYDAY=MO,TU.");
            if (!seen_.insert(std::string{name}).second)
                return refuse(name, "is given twice. Give it once; a list has commas, as in BYDAY=MO,TU.");
            if (auto read = read_part(name, part.substr(equals + 1)); !read)
                return refusal{std::move(read).error()};
        }
        if (rule_.freq == frequency::daily || rule_.freq == frequency::weekly)
            rule_.skip = rrule::skipping::omit;  // they never miss a day
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
        if (name == "RSCALE")
            return value == "GREGORIAN" ? outcome{}
                                        : refuse(name, "must be GREGORIAN: no other calendar is known. Leave it out.");
        if (name == "SKIP")
            return read_skip(value);
        if (name == "BYHOUR" || name == "BYMINUTE" || name == "BYSECOND")
            return refuse(
                name,
                "is not taken: a task repeats by days or slower; its time of day is that of the due date. Leave "
                "it out.");
        return refuse(name,
                      "is not a part of a recurrence rule. Those are FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, "
                      "BYMONTH, BYYEARDAY, BYWEEKNO, BYSETPOS, WKST, RSCALE and SKIP.");
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
            return refuse("FREQ", "faster than DAILY is not taken. Make a task for each time of day.");
        else
            return refuse("FREQ", "must be DAILY, WEEKLY, MONTHLY or YEARLY.");
        return {};
    }

    outcome read_skip(std::string_view value) {
        if (value == "OMIT")
            rule_.skip = rrule::skipping::omit;
        else if (value == "BACKWARD")
            rule_.skip = rrule::skipping::backward;
        else if (value == "FORWARD")
            rule_.skip = rrule::skipping::forward;
        else
            return refuse("SKIP", "must be OMIT, BACKWARD or FORWARD.");
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
        return into.size() <= list_max ? outcome{} : refuse(name, "has more than 400 values. Leave some out.");
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
            return refuse("COUNT", "and UNTIL cannot both be given. Leave one out.");
        if (ordinals && !yearly && !monthly)
            return refuse(
                "BYDAY",
                "takes numbers such as 2TU only with FREQ=MONTHLY or YEARLY. Leave the number out, or change FREQ.");
        if (ordinals && has("BYWEEKNO"))
            return refuse("BYDAY", "takes no numbers such as 2TU together with BYWEEKNO. Leave the number out.");
        if (has("BYMONTHDAY") && rule_.freq == frequency::weekly)
            return refuse("BYMONTHDAY", "cannot be used with FREQ=WEEKLY. Take FREQ=MONTHLY, or BYDAY.");
        if (has("BYYEARDAY") && !yearly)
            return refuse("BYYEARDAY", "can be used with FREQ=YEARLY only. Change FREQ, or take BYMONTHDAY.");
        if (has("BYWEEKNO") && !yearly)
            return refuse("BYWEEKNO",
                          "can be used with FREQ=YEARLY only. Change FREQ, or take FREQ=WEEKLY with INTERVAL.");
        const bool any_by = has("BYDAY") || has("BYMONTHDAY") || has("BYYEARDAY") || has("BYWEEKNO") || has("BYMONTH");
        if (has("BYSETPOS") && !any_by)
            return refuse("BYSETPOS", "needs another BY part to choose from, such as BYDAY=MO,TU,WE,TH,FR.");
        return check_skip();
    }

    /// What RFC 7529 forbids together, and what it does not say.
    outcome check_skip() const {
        if (seen_.contains("SKIP") && !seen_.contains("RSCALE"))
            return refuse("SKIP", "needs RSCALE=GREGORIAN beside it.");
        if (rule_.skip == rrule::skipping::omit)
            return {};
        if (!rule_.by_month_day.empty() && rule_.by_month_day.front() < -28)
            return refuse(
                "SKIP",
                "cannot be used with a BYMONTHDAY from -29 to -31: counted from the end, there is no day before "
                "or after. Count from the front.");
        if (!rule_.by_year_day.empty() && (rule_.by_year_day.front() == -366 || rule_.by_year_day.back() == 366))
            return refuse("SKIP", "cannot be used with BYYEARDAY=366. Take BYMONTH=12;BYMONTHDAY=31.");
        return {};
    }

    rrule rule_;
    std::set<std::string, std::less<>> seen_;
};

}  // namespace

std::string unfolded(std::string_view text) {
    std::string joined;
    joined.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_break = text[at] == '\n' || text.substr(at, 2) == "\r\n";
        if (!is_break) {
            joined += text[at];
            continue;
        }
        at += text[at] == '\r' ? 1 : 0;
        const bool is_folded = at + 1 < text.size() && (text[at + 1] == ' ' || text[at + 1] == '\t');
        if (is_folded)
            ++at;
        else
            joined += '\n';
    }
    return joined;
}

std::expected<rrule, std::string> parse_rrule(std::string_view text) {
    return parser{}.parse(text);
}

}  // namespace rondo
