#include "domain/quick_add/phrases/rules.hpp"

#include "domain/quick_add/phrases/schedules.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace rondo::quick {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::year_month_day;
using frequency = rrule::frequency;

void append_list(std::string& out, std::string_view name, const std::vector<int>& values) {
    for (const int value : values)
        out.append(value == values.front() ? name : ",").append(std::to_string(value));
}

std::string text_of(const rrule& rule) {
    static constexpr std::array<std::string_view, 4> frequencies{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    static constexpr std::array<std::string_view, 7> weekdays{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    std::string out{"FREQ="};
    out += frequencies[static_cast<std::size_t>(rule.freq)];
    if (rule.interval > 1)
        out += ";INTERVAL=" + std::to_string(rule.interval);
    append_list(out, ";BYMONTH=", rule.by_month);
    append_list(out, ";BYMONTHDAY=", rule.by_month_day);
    for (const auto& part : rule.by_day) {
        out += part == rule.by_day.front() ? ";BYDAY=" : ",";
        out += (part.ordinal != 0 ? std::to_string(part.ordinal) : std::string{});
        out += weekdays[part.day.c_encoding()];
    }
    append_list(out, ";BYSETPOS=", rule.by_set_pos);
    if (rule.count)
        out += ";COUNT=" + std::to_string(*rule.count);
    return out;
}

/// The 31st, or the last day of a month that has none: an RRULE would leave the month out.
void clamp_month_day(rrule& rule, local_days first) {
    const bool by_date = rule.freq == frequency::monthly || rule.freq == frequency::yearly;
    if (!by_date || !rule.by_day.empty() || rule.by_month_day.size() > 1 || rule.by_month.size() > 1)
        return;
    const year_month_day begun{first};
    const int day = rule.by_month_day.empty() ? static_cast<int>(unsigned{begun.day()}) : rule.by_month_day.front();
    if (day <= 28)
        return;
    if (rule.freq == frequency::yearly) {
        rule.by_month = {static_cast<int>(unsigned{begun.month()})};
        if (begun.month() != std::chrono::February)
            return;
    }
    rule.by_month_day.clear();
    for (int i = 28; i <= day; ++i)
        rule.by_month_day.push_back(i);
    rule.by_set_pos = {-1};
}

bool is_simple(const rrule& rule) {
    if (rule.count || !rule.by_set_pos.empty() ||
        rule.by_month.size() > (rule.freq == frequency::yearly && !rule.by_month_day.empty() ? 1 : 0))
        return false;
    if (rule.freq == frequency::weekly)
        return rule.by_day.size() <= 1;
    return rule.by_day.empty() && rule.by_month_day.size() <= 1 &&
           (rule.by_month_day.empty() || rule.by_month_day.front() > 0);
}

}  // namespace

std::optional<local_seconds> first_member(const rrule& rule, local_seconds start, local_seconds not_before,
                                          const time_zone& zone) {
    rrule every = rule;
    every.interval = 1;
    every.count.reset();
    if (!names_days(rule))  // any day will do
        return start >= not_before ? start : start + days{1};
    return next_member(every, start, std::max(start, not_before) - seconds{1}, zone);
}

bool names_days(const rrule& rule) {
    return !rule.by_day.empty() || !rule.by_month_day.empty() || !rule.by_month.empty();
}

void repeat_in_place(rrule& rule, local_days day, const place_in_month& place) {
    const bool is_yearly = rule.freq == frequency::yearly;
    if (names_days(rule) || (!is_yearly && rule.freq != frequency::monthly))
        return;
    const std::chrono::month in = year_month_day{day}.month();
    switch (place.among) {
        case place_in_month::of::days:
            if (is_yearly && in != std::chrono::February)
                return;  // always the same date
            rule.by_month_day = {place.value};
            break;
        case place_in_month::of::working_days:
            rule.by_day = working_days();
            rule.by_set_pos = {place.value};
            break;
        case place_in_month::of::weekdays:
            rule.by_day = {{place.value, std::chrono::weekday{day}}};
            break;
    }
    if (is_yearly)
        rule.by_month = {static_cast<int>(unsigned{in})};
}

repeat_fields fields_of(const rrule& rule, local_days first) {
    static constexpr std::array<recurring_type, 4> types{recurring_type::daily, recurring_type::weekly,
                                                         recurring_type::monthly, recurring_type::yearly};
    if (is_simple(rule))
        return {types[static_cast<std::size_t>(rule.freq)], rule.interval, {}};
    rrule written = rule;
    if (written.by_set_pos.empty())
        clamp_month_day(written, first);
    return {recurring_type::custom, 1, text_of(written)};
}

}  // namespace rondo::quick
