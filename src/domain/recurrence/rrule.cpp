#include "domain/recurrence/rrule.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace rondo {
namespace {

using namespace std::chrono;
using frequency = rrule::frequency;
using skipping = rrule::skipping;

constexpr local_days end_of_time{local_days{year{9999} / December / 31}};

int number_of(month m) {
    return static_cast<int>(unsigned{m});
}

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

std::int64_t month_number(const year_month_day& date) {
    return std::int64_t{int{date.year()}} * 12 + number_of(date.month()) - 1;
}

year_month month_numbered(std::int64_t number) {
    return year{static_cast<int>(number / 12)} / month{static_cast<unsigned>(number % 12) + 1};
}

bool holds(const std::vector<int>& allowed, int value) {
    return std::ranges::find(allowed, value) != allowed.end();
}

/// Whether a value counted from the front (1 is the first of `size`) is named, from either end.
bool holds_from_either_end(const std::vector<int>& allowed, int value, int size) {
    return holds(allowed, value) || holds(allowed, value - size - 1);
}

/// The days that a rule names, INTERVAL and BYSETPOS aside.
class named_days {
public:
    named_days(const rrule& rule, local_days start) : rule_{rule}, start_{start} {}

    bool allows(month m) const { return rule_.by_month.empty() || holds(rule_.by_month, number_of(m)); }

    /// Calls `found` with every named day of a month.
    template <class Found>
    void in(year_month month, Found found) const {
        if (!allows(month.month()))
            return;
        const local_days first{month / 1};
        place at = first_of(month);
        const bool is_missed = rule_.skip != skipping::omit && names_missing_day(month);
        for (; at.of_month <= at.month_length; ++at.of_month, ++at.of_year, at.day += days{1}) {
            const bool stands_in =
                is_missed && rule_.skip == skipping::backward && at.of_month == at.month_length && fits_weekday(at);
            if (stands_in || fits(at))
                found(at.day);
        }
        if (is_missed && rule_.skip == skipping::forward && fits_weekday(first_of(month + months{1})))
            found(first + days{at.month_length});
    }

    /// For a WEEKLY rule.
    bool holds_in_week(local_days day) const {
        if (!rule_.by_month.empty() && !allows(year_month_day{day}.month()))
            return false;
        return rule_.by_day.empty()
                   ? weekday{day} == start_.day
                   : std::ranges::find(rule_.by_day, weekday{day}, &rrule::weekday_part::day) != rule_.by_day.end();
    }

    local_days week_begin(local_days day) const { return day - (weekday{day} - rule_.week_start); }

private:
    /// A day, and where in its month and year it is; counted from 1.
    struct place {
        local_days day;
        std::chrono::month month;
        int of_month;
        int month_length;
        int of_year;
        int year_length;
    };

    /// What the rule does not say is taken from DTSTART.
    struct begun {
        explicit begun(local_days at) : date{at}, day{at} {}
        year_month_day date;
        weekday day;
    };

    static place first_of(year_month month) {
        const local_days first{month / 1};
        return {.day = first,
                .month = month.month(),
                .of_month = 1,
                .month_length = days_in(month),
                .of_year = day_of_year(first),
                .year_length = days_in(month.year())};
    }

    /// Whether a day is named that the month is too short for: by BYMONTHDAY, or by the start in its place, where they add
    /// days. Where they only sort out those of BYYEARDAY and BYWEEKNO, nothing is missed. BYDAY sorts out after SKIP.
    bool names_missing_day(year_month month) const {
        if (rule_.freq == frequency::daily || !rule_.by_year_day.empty() || !rule_.by_week_no.empty())
            return false;
        if (!rule_.by_month_day.empty())
            return rule_.by_month_day.back() > days_in(month);
        return rule_.by_day.empty() && has_month_of_start(month.month()) &&
               static_cast<int>(unsigned{start_.date.day()}) > days_in(month);
    }

    bool fits_weekday(const place& at) const {
        return rule_.by_day.empty() ||
               std::ranges::any_of(rule_.by_day, [&](const auto& part) { return is_named_weekday(part, at); });
    }

    bool fits(const place& at) const {
        if (!rule_.by_month_day.empty() && !holds_from_either_end(rule_.by_month_day, at.of_month, at.month_length))
            return false;
        if (!rule_.by_year_day.empty() && !holds_from_either_end(rule_.by_year_day, at.of_year, at.year_length))
            return false;
        if (!rule_.by_week_no.empty() && !in_named_week(at.day))
            return false;
        return rule_.by_day.empty() ? fits_start(at) : fits_weekday(at);
    }

    /// RFC 5545: the day of a MONTHLY or YEARLY rule that names none.
    bool fits_start(const place& at) const {
        if (rule_.freq == frequency::daily || !rule_.by_month_day.empty() || !rule_.by_year_day.empty())
            return true;
        if (!rule_.by_week_no.empty())
            return weekday{at.day} == start_.day;
        return has_month_of_start(at.month) && day{static_cast<unsigned>(at.of_month)} == start_.date.day();
    }

    bool has_month_of_start(month m) const {
        return rule_.freq == frequency::monthly || !rule_.by_month.empty() || m == start_.date.month();
    }

    /// 2TU is the second Tuesday of the month, or of the year in a YEARLY rule without BYMONTH.
    bool is_named_weekday(const rrule::weekday_part& part, const place& at) const {
        if (weekday{at.day} != part.day)
            return false;
        if (part.ordinal == 0)
            return true;
        const bool of_year = rule_.freq == frequency::yearly && rule_.by_month.empty();
        const int position = of_year ? at.of_year : at.of_month;
        const int size = of_year ? at.year_length : at.month_length;
        return part.ordinal == (position - 1) / 7 + 1 || part.ordinal == -((size - position) / 7 + 1);
    }

    /// The week belongs to the year that its fourth day is in; week 1 is the first such (RFC 5545, BYWEEKNO).
    bool in_named_week(local_days day) const {
        const local_days fourth = week_begin(day) + days{3};
        const int position = day_of_year(fourth);
        const int number = (position - 1) / 7 + 1;
        const int weeks = number + (days_in(year_month_day{fourth}.year()) - position) / 7;
        return holds_from_either_end(rule_.by_week_no, number, weeks);
    }

    const rrule& rule_;
    begun start_;
};

/// The members of a rule's set in order, COUNT and UNTIL aside.
///
/// It goes from period to period: years, months, or weeks, by frequency; a DAILY rule is walked by months, too, of whose days
/// every INTERVAL-th counts. What a rule names in a period depends on what kind of period it is, and there are only 28
/// kinds of months (by length and first weekday) and 28 of years (by first weekday and by whether it, or a neighbour that
/// shares a week with it, is a leap year). So a kind is worked out once, and thousands of periods cost little.
class walk {
public:
    /// From the first member that is not before `from`. Precondition: `from` is not before `start`.
    walk(const rrule& rule, local_days start, local_days from)
        : rule_{rule}, named_{rule, start}, start_{start}, from_{from}, period_{period_of(start)} {
        const std::int64_t ahead = period_of(from) - period_;
        period_ += rule.freq == frequency::daily ? ahead : ahead / rule.interval * rule.interval;
        if (rule.skip == skipping::forward && ahead > 0)
            period_ -= rule.interval;  // the month before may reach into this one
        enter();
    }

    /// The next member; nothing after the year 9999, or when there is none in a whole turn of the calendar.
    std::optional<local_days> next() {
        for (int empty = 0; empty < periods_per_turn(); ++empty) {
            if (first_ > end_of_time)
                return std::nullopt;
            while (at_ < found_->size()) {
                const local_days day = first_ + days{(*found_)[at_++]};
                if (day < from_ || !is_on_grid(day))
                    continue;
                from_ = day + days{1};  // SKIP=FORWARD may name it again
                return day <= end_of_time ? std::optional{day} : std::nullopt;
            }
            leave();
            enter();
        }
        return std::nullopt;
    }

private:
    using offsets = std::vector<std::int16_t>;  // from the first day of the period

    std::int64_t period_of(local_days day) const {
        if (rule_.freq == frequency::yearly)
            return int{year_month_day{day}.year()};
        if (rule_.freq == frequency::weekly)
            return (named_.week_begin(day) - first_week()).count() / 7;
        return month_number(year_month_day{day});
    }

    local_days begin_of(std::int64_t period) const {
        if (rule_.freq == frequency::yearly)
            return local_days{year{static_cast<int>(period)} / January / 1};
        if (rule_.freq == frequency::weekly)
            return first_week() + days{period * 7};
        return local_days{month_numbered(period) / 1};
    }

    /// The week of the day zero, from which every week begins a multiple of seven days away.
    local_days first_week() const { return named_.week_begin(local_days{}); }

    /// Of a DAILY rule every INTERVAL-th day counts; for the others the periods do.
    bool is_on_grid(local_days day) const {
        return rule_.freq != frequency::daily || (day - start_).count() % rule_.interval == 0;
    }

    void leave() {
        if (rule_.freq != frequency::daily) {
            period_ += rule_.interval;
            return;
        }
        const auto passed = (begin_of(period_ + 1) - start_).count();
        period_ = period_of(start_ + days{(passed + rule_.interval - 1) / rule_.interval * rule_.interval});
    }

    void enter() {
        first_ = begin_of(period_);
        at_ = 0;
        if (rule_.freq == frequency::weekly) {
            // Without BYMONTH all weeks are alike.
            if (!is_known_[0] || !rule_.by_month.empty())
                work_out_week(known_[0]);
            is_known_[0] = true;
            found_ = &known_[0];
            return;
        }
        const year_month_day date{first_};
        if (rule_.freq != frequency::yearly && !named_.allows(date.month())) {
            found_ = &nothing_;
            return;
        }
        const std::size_t kind = kind_of(date);
        if (!is_known_[kind])
            work_out(date, known_[kind]);
        is_known_[kind] = true;
        found_ = &known_[kind];
    }

    /// Below 28.
    std::size_t kind_of(const year_month_day& first) const {
        const std::size_t begins_on = weekday{first_}.c_encoding();
        if (rule_.freq != frequency::yearly)
            return begins_on + 7 * static_cast<std::size_t>(days_in(first.year() / first.month()) - 28);
        const year y = first.year();
        const std::size_t leap = y.is_leap() ? 1 : (y - years{1}).is_leap() ? 2 : (y + years{1}).is_leap() ? 3 : 0;
        return begins_on + 7 * leap;
    }

    void work_out(const year_month_day& first, offsets& into) const {
        const auto add = [&](local_days day) { into.push_back(static_cast<std::int16_t>((day - first_).count())); };
        if (rule_.freq == frequency::yearly)
            for (unsigned m = 1; m <= 12; ++m)
                named_.in(first.year() / month{m}, add);
        else
            named_.in(first.year() / first.month(), add);
        const auto repeats = std::ranges::unique(into);
        into.erase(repeats.begin(), repeats.end());
        if (rule_.by_set_pos.empty())
            return;
        if (rule_.freq != frequency::daily)
            keep_positions(into);
        else if (!holds_from_either_end(rule_.by_set_pos, 1, 1))  // a day is the only one of its period
            into.clear();
    }

    void work_out_week(offsets& into) const {
        into.clear();
        for (std::int16_t i = 0; i < 7; ++i)
            if (named_.holds_in_week(first_ + days{i}))
                into.push_back(i);
        if (!rule_.by_set_pos.empty())
            keep_positions(into);
    }

    void keep_positions(offsets& among) const {
        const int size = static_cast<int>(among.size());
        int position = 0;
        std::erase_if(among, [&](auto) { return !holds_from_either_end(rule_.by_set_pos, ++position, size); });
    }

    /// After this many periods in a row without a member there never will be one: 400 years, which are a whole number of
    /// weeks, and every remainder that INTERVAL can leave in them. A DAILY rule's remainders take up to INTERVAL turns.
    int periods_per_turn() const {
        switch (rule_.freq) {
            case frequency::weekly:
                return 20'871;
            case frequency::monthly:
                return 4'800;
            case frequency::yearly:
                return 400;
            case frequency::daily:
                break;
        }
        return 4'800 * rule_.interval;
    }

    const rrule& rule_;
    named_days named_;
    local_days start_;
    local_days from_;

    std::int64_t period_;
    local_days first_{};
    const offsets* found_ = nullptr;
    std::size_t at_ = 0;

    std::array<offsets, 28> known_;
    std::array<bool, 28> is_known_{};
    offsets nothing_;
};

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

rrule count_out(rrule rule, local_seconds start) {
    if (!rule.count)
        return rule;
    const local_days start_day = floor<days>(start);
    walk members{rule, start_day, start_day};
    local_days last = start_day - days{1};
    for (int left = *rule.count; left > 0; --left) {
        const auto found = members.next();
        if (!found)
            break;
        const bool is_second = rule.counts_start && last < start_day && *found > start_day;
        if (is_second && --left == 0)
            break;
        last = *found;
    }
    rule.count.reset();
    rule.until = last;
    return rule;
}

std::optional<local_seconds> next_member(const rrule& rule, local_seconds start, local_seconds after,
                                         const time_zone& zone) {
    if (rule.count)
        return next_member(count_out(rule, start), start, after, zone);
    const local_days start_day = floor<days>(start);
    walk members{rule, start_day, std::max(start_day, floor<days>(after))};
    while (const auto day = members.next()) {
        const local_seconds member = *day + (start - start_day);
        if (is_past(rule, member, zone))
            return std::nullopt;
        if (member > after)
            return member;
    }
    return std::nullopt;
}

bool has_members(rrule rule, local_seconds start, const time_zone& zone) {
    rule.count.reset();
    return next_member(rule, start, start - seconds{1}, zone).has_value();
}

}  // namespace rondo
