#include "domain/rrule.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace rondo {
namespace {

using namespace std::chrono;
using frequency = rrule::frequency;

constexpr local_days end_of_time{local_days{year{9999} / December / 31}};

int days_in(year y) {
    return y.is_leap() ? 366 : 365;
}

int days_in(year_month month) {
    return static_cast<int>(unsigned{(month / last).day()});
}

/// Counted from 1.
int day_of_year(local_days day) {
    return static_cast<int>((day - local_days{year_month_day{day}.year() / January / 1}).count()) + 1;
}

bool holds(const std::vector<int>& allowed, int value) {
    return std::ranges::find(allowed, value) != allowed.end();
}

/// Whether a value counted from the front (1 is the first of `size`) is named, from either end.
bool holds_from_either_end(const std::vector<int>& allowed, int value, int size) {
    return holds(allowed, value) || holds(allowed, value - size - 1);
}

/// The days of one period (a day, week, month or year, by frequency) that the rule names, in order.
class period_days {
public:
    period_days(const rrule& rule, local_days start) : rule_{rule}, start_{start} {}

    /// The period that holds a day, as a number; the next period has the next number.
    std::int64_t period_of(local_days day) const {
        const year_month_day date{day};
        switch (rule_.freq) {
            case frequency::daily:
                return day.time_since_epoch().count();
            case frequency::weekly:
                return (week_begin(day).time_since_epoch().count() - monday_offset()) / 7;
            case frequency::monthly:
                return int{date.year()} * 12 + static_cast<int>(unsigned{date.month()}) - 1;
            case frequency::yearly:
                return int{date.year()};
        }
        return 0;
    }

    /// The first day of a period.
    local_days begin_of(std::int64_t period) const {
        switch (rule_.freq) {
            case frequency::daily:
                return local_days{days{period}};
            case frequency::weekly:
                return local_days{days{period * 7 + monday_offset()}};
            case frequency::monthly:
                return local_days{year{static_cast<int>(period / 12)} / month{static_cast<unsigned>(period % 12) + 1} /
                                  1};
            case frequency::yearly:
                return local_days{year{static_cast<int>(period)} / January / 1};
        }
        return {};
    }

    /// Fills `days()`.
    void expand(std::int64_t period) {
        size_ = 0;
        const local_days first = begin_of(period);
        const int length = length_of(first);
        for (int i = 0; i < length; ++i)
            if (const local_days day = first + days{i}; fits(day))
                found_[size_++] = day;
        if (!rule_.by_set_pos.empty())
            keep_positions();
    }

    std::span<const local_days> found() const { return {found_.data(), size_}; }

private:
    local_days week_begin(local_days day) const { return day - (weekday{day} - rule_.week_start); }

    /// Any first day of a week, so that every one is a multiple of seven days from it.
    std::int64_t monday_offset() const {
        const local_days epoch{};
        return (week_begin(epoch)).time_since_epoch().count();
    }

    int length_of(local_days first) const {
        const year_month_day date{first};
        switch (rule_.freq) {
            case frequency::daily:
                return 1;
            case frequency::weekly:
                return 7;
            case frequency::monthly:
                return days_in(date.year() / date.month());
            case frequency::yearly:
                return days_in(date.year());
        }
        return 0;
    }

    bool fits(local_days day) const {
        const year_month_day date{day};
        const int day_of_month = static_cast<int>(unsigned{date.day()});
        const int in_month = days_in(date.year() / date.month());
        if (!rule_.by_month.empty() && !holds(rule_.by_month, static_cast<int>(unsigned{date.month()})))
            return false;
        if (!rule_.by_month_day.empty() && !holds_from_either_end(rule_.by_month_day, day_of_month, in_month))
            return false;
        if (!rule_.by_year_day.empty() &&
            !holds_from_either_end(rule_.by_year_day, day_of_year(day), days_in(date.year())))
            return false;
        if (!rule_.by_week_no.empty() && !in_named_week(day))
            return false;
        if (!rule_.by_day.empty())
            return std::ranges::any_of(rule_.by_day,
                                       [&](const auto& part) { return is_named_weekday(part, day, date); });
        return fits_start(day, date);
    }

    /// RFC 5545: what the rule does not say is taken from DTSTART.
    bool fits_start(local_days day, const year_month_day& date) const {
        const year_month_day begun{start_};
        switch (rule_.freq) {
            case frequency::daily:
                return true;
            case frequency::weekly:
                return weekday{day} == weekday{start_};
            case frequency::monthly:
                return !rule_.by_month_day.empty() || date.day() == begun.day();
            case frequency::yearly:
                if (!rule_.by_month_day.empty() || !rule_.by_year_day.empty())
                    return true;
                if (!rule_.by_week_no.empty())
                    return weekday{day} == weekday{start_};
                return date.day() == begun.day() && (!rule_.by_month.empty() || date.month() == begun.month());
        }
        return false;
    }

    /// 2TU is the second Tuesday of the month, or of the year in a YEARLY rule without BYMONTH.
    bool is_named_weekday(const rrule::weekday_part& part, local_days day, const year_month_day& date) const {
        if (weekday{day} != part.day)
            return false;
        if (part.ordinal == 0)
            return true;
        const bool of_year = rule_.freq == frequency::yearly && rule_.by_month.empty();
        const int place = of_year ? day_of_year(day) : static_cast<int>(unsigned{date.day()});
        const int size = of_year ? days_in(date.year()) : days_in(date.year() / date.month());
        return part.ordinal == (place - 1) / 7 + 1 || part.ordinal == -((size - place) / 7 + 1);
    }

    /// The week belongs to the year that its fourth day is in; week 1 is the first such (RFC 5545, BYWEEKNO).
    bool in_named_week(local_days day) const {
        const local_days fourth = week_begin(day) + days{3};
        const int place = day_of_year(fourth);
        const int number = (place - 1) / 7 + 1;
        const int weeks = number + (days_in(year_month_day{fourth}.year()) - place) / 7;
        return holds_from_either_end(rule_.by_week_no, number, weeks);
    }

    void keep_positions() {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < size_; ++i)
            if (holds_from_either_end(rule_.by_set_pos, static_cast<int>(i) + 1, static_cast<int>(size_)))
                found_[kept++] = found_[i];
        size_ = kept;
    }

    const rrule& rule_;
    local_days start_;
    std::array<local_days, 366> found_;
    std::size_t size_ = 0;
};

/// After this many periods in a row without a member there never will be one: the calendar has come round (400 years are a whole number of weeks).
int periods_per_turn(frequency freq) {
    switch (freq) {
        case frequency::daily:
            return 146'097;
        case frequency::weekly:
            return 20'871;
        case frequency::monthly:
            return 4'800;
        case frequency::yearly:
            return 400;
    }
    return 0;
}

/// The first day after `day`'s month whose month the rule allows: a daily rule for February does not walk through March.
local_days next_allowed_month(const rrule& rule, local_days day) {
    const year_month_day date{day};
    year_month at = date.year() / date.month();
    do
        at += months{1};
    while (!holds(rule.by_month, static_cast<int>(unsigned{at.month()})));
    return local_days{at / 1};
}

bool is_past(const rrule& rule, local_seconds member, const time_zone& zone) {
    if (const auto* day = std::get_if<local_days>(&rule.until))
        return floor<days>(member) > *day;
    if (const auto* wall = std::get_if<local_seconds>(&rule.until))
        return member > *wall;
    if (const auto* at = std::get_if<sys_seconds>(&rule.until))
        return zone.to_instant(member).at > *at;
    return false;
}

}  // namespace

std::optional<local_seconds> next_member(const rrule& rule, local_seconds start, local_seconds after,
                                         const time_zone& zone) {
    const local_days start_day = floor<days>(start);
    const seconds time_of_day = start - start_day;
    period_days days_of{rule, start_day};
    const std::int64_t base = days_of.period_of(start_day);

    // COUNT counts from the start, so it has to walk; everything else jumps.
    std::int64_t period = base;
    if (!rule.count && after > start)
        period += (days_of.period_of(floor<days>(after)) - base) / rule.interval * rule.interval;

    int counted = 0;
    int empty = 0;
    while (empty <= periods_per_turn(rule.freq)) {
        const local_days first = days_of.begin_of(period);
        if (first > end_of_time)
            return std::nullopt;
        const bool by_days = rule.freq == frequency::daily && !rule.by_month.empty();
        if (by_days && !holds(rule.by_month, static_cast<int>(unsigned{year_month_day{first}.month()}))) {
            const std::int64_t target = days_of.period_of(next_allowed_month(rule, first));
            period += (target - period + rule.interval - 1) / rule.interval * rule.interval;
            ++empty;
            continue;
        }
        days_of.expand(period);
        period += rule.interval;
        ++empty;
        for (const local_days day : days_of.found()) {
            const local_seconds member = day + time_of_day;
            if (member < start)
                continue;
            empty = 0;
            if (day > end_of_time || is_past(rule, member, zone) || (rule.count && ++counted > *rule.count))
                return std::nullopt;
            if (member > after)
                return member;
        }
    }
    return std::nullopt;
}

bool has_members(const rrule& rule, local_seconds start, const time_zone& zone) {
    return next_member(rule, start, start - seconds{1}, zone).has_value();
}

}  // namespace rondo
