#include "domain/recurrence/recurrence.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/rfc3339.hpp"
#include "domain/recurrence/rrule.hpp"

namespace rondo {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

constexpr local_days last_day{std::chrono::year{9999} / 12 / 31};

/// The day that a calendar on the wall shows when it is due.
local_days shown_day(const due& when, const time_zone& zone) {
    return floor<days>(shown_wall(when, zone));
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0);  // b is positive
}

/// Months counted from the year 0, so that adding months is adding a number.
std::int64_t month_number(local_days day) {
    const year_month_day date{day};
    return std::int64_t{int{date.year()}} * 12 + unsigned{date.month()} - 1;
}

unsigned day_of_month(local_days day) {
    return unsigned{year_month_day{day}.day()};
}

/// The days of a series without end: the k-th is found by one sum from the first, so that nothing drifts and an
/// occurrence far away costs no more than the next.
class series_days {
public:
    struct member {
        local_days day;
        bool clamped;
    };

    static series_days every_days(local_days first, std::int64_t step) { return series_days{first, step}; }
    static series_days every_months(std::int64_t first_month, unsigned day, std::int64_t step) {
        return series_days{first_month, day, step};
    }

    /// The k-th day, in months that are too short the last one; nothing after the year 9999.
    std::optional<member> at(std::int64_t k) const {
        if (day_of_month_ == 0) {
            const local_days day = first_ + days{k * step_};
            return day <= last_day ? std::optional{member{day, false}} : std::nullopt;
        }
        const std::int64_t month = first_month_ + k * step_;
        if (month > month_number(last_day))
            return std::nullopt;
        const auto first = std::chrono::year{static_cast<int>(floor_divide(month, 12))} /
                           std::chrono::month{static_cast<unsigned>(month - floor_divide(month, 12) * 12) + 1};
        const unsigned length = unsigned{(first / std::chrono::last).day()};
        return member{local_days{first / std::chrono::day{std::min(day_of_month_, length)}}, day_of_month_ > length};
    }

    /// A k not after the first member that is later than `day`, and at most a few short of it.
    std::int64_t shortly_before(local_days day) const {
        const std::int64_t distance = day_of_month_ == 0 ? (day - first_).count() : month_number(day) - first_month_;
        return floor_divide(distance, step_) - 1;
    }

private:
    series_days(local_days first, std::int64_t step) : first_{first}, step_{step} {}
    series_days(std::int64_t first_month, unsigned day, std::int64_t step)
        : first_month_{first_month}, day_of_month_{day}, step_{step} {}

    local_days first_{};
    std::int64_t first_month_ = 0;
    unsigned day_of_month_ = 0;  // 0: counted in days
    std::int64_t step_;
};

/// Counted from `first`; a monthly or yearly series wants `day` as its day of the month.
series_days days_of(const recurrence& rule, local_days first, unsigned day) {
    switch (rule.type) {
        case recurring_type::weekly:
            return series_days::every_days(first, rule.interval * 7);
        case recurring_type::monthly:
            return series_days::every_months(month_number(first), day, rule.interval);
        case recurring_type::yearly:
            return series_days::every_months(month_number(first), day, rule.interval * 12);
        case recurring_type::daily:
        case recurring_type::none:
        case recurring_type::custom:
            break;
    }
    return series_days::every_days(first, rule.interval);
}

/// When a completed task was completed.
struct completion {
    instant at;
    local_seconds wall;
    local_days day;
};

/// The members that the next occurrence is looked for among, from the `first_k`-th on.
struct plan {
    series_days members;
    std::int64_t first_k;
    seconds time_of_day;
    bool all_day;
    due series_start;  ///< for the occurrences after the next
    std::optional<local_days> after_day{};
};

plan plan_without_due(const recurrence& rule, const completion& done) {
    return {.members = days_of(rule, done.day, day_of_month(done.day)),
            .first_k = 1,
            .time_of_day = done.wall - done.day,
            .all_day = false,
            .series_start = {.wall = done.wall}};
}

/// The day that an occurrence has in a series at this time of day. Where a gap moves it over midnight, the calendar shows
/// the day after: in Nuuk, 23:30 on 28 March 2026 is 0:30 on the 29th, and is the 28th's all the same.
local_days day_in_series(const due& occurrence, const due& start, const time_zone& zone) {
    const local_days shown = shown_day(occurrence, zone);
    if (occurrence.all_day != start.all_day)
        return shown;
    const seconds time_of_day = start.wall - floor<days>(start.wall);
    const local_days named = floor<days>(occurrence.wall);
    if (occurrence.wall == named + time_of_day)
        return named;
    const local_days before = shown - days{1};  // it may be named as it was shown
    return begin_instant({.wall = before + time_of_day}, zone) == begin_instant(occurrence, zone) ? before : shown;
}

plan plan_after_completion(const recurrence& rule, const occurrence_input& from, const due& start, const due& member,
                           const completion& done) {
    const local_days start_day = floor<days>(start.wall);
    const seconds time_of_day = start.wall - start_day;
    const local_days member_day = day_in_series(member, start, from.zone);
    local_days done_day = done.day;
    bool on_its_own_day = done.day == member_day;
    for (const due& occurrence : {member, *from.current})
        if (done.day == shown_day(occurrence, from.zone)) {
            done_day = day_in_series(occurrence, start, from.zone);
            on_its_own_day = true;
        }
    plan made{.members = days_of(rule, done_day, day_of_month(done_day)),
              .first_k = 1,
              .time_of_day = time_of_day,
              .all_day = start.all_day,
              .series_start = start,
              .after_day = done_day};
    if (rule.type != recurring_type::monthly && rule.type != recurring_type::yearly)
        return made;
    if (!on_its_own_day) {
        made.series_start.wall = done.day + time_of_day;  // from now on the series has this day
        return made;
    }
    // Done on its own day, it keeps the day it began on, a yearly one with its month: the 31st, after 28 February.
    const local_days counted_from =
        rule.type == recurring_type::yearly
            ? local_days{year_month_day{member_day}.year() / year_month_day{start_day}.month() / std::chrono::day{1}}
            : member_day;
    made.members = days_of(rule, counted_from, day_of_month(start_day));
    return made;
}

plan plan_on_schedule(const recurrence& rule, const due& start) {
    const local_days start_day = floor<days>(start.wall);
    return {.members = days_of(rule, start_day, day_of_month(start_day)),
            .first_k = 0,
            .time_of_day = start.wall - start_day,
            .all_day = start.all_day,
            .series_start = start};
}

/// Days are compared as days as soon as one of the two is a whole day; times as instants, so that two wall-clock times
/// that a gap makes one moment count as one.
bool is_after(const due& a, const due& b, const time_zone& zone) {
    if (a.all_day || b.all_day)
        return shown_day(a, zone) > shown_day(b, zone);
    return begin_instant(a, zone) > begin_instant(b, zone);
}

bool is_after(const due& a, const completion& done, const time_zone& zone) {
    return a.all_day ? shown_day(a, zone) > done.day : begin_instant(a, zone) > done.at;
}

/// What the next occurrence comes after: the one that was completed, if it had a due date, and its completion, unless
/// missed ones are kept.
struct lower_bound {
    std::optional<due> member;
    std::optional<completion> done;

    bool admits(const due& next, const time_zone& zone) const {
        return (!member || is_after(next, *member, zone)) && (!done || is_after(next, *done, zone));
    }
};

struct found_member {
    due at;
    due series_start;
    bool clamped;
};

std::optional<found_member> first_counted(const plan& search, const lower_bound& after, const time_zone& zone) {
    std::int64_t k = search.first_k;
    if (after.member)
        k = std::max(k, search.members.shortly_before(shown_day(*after.member, zone)));
    if (after.done)
        k = std::max(k, search.members.shortly_before(after.done->day));
    for ([[maybe_unused]] const std::int64_t begun_at = k;; ++k) {
        assert(k - begun_at < 5);  // the search begins next to the answer, however far away that is
        const auto found = search.members.at(k);
        if (!found)
            return std::nullopt;
        const due next{.wall = found->day + search.time_of_day, .all_day = search.all_day};
        if (found->day > search.after_day.value_or(local_days::min()) && after.admits(next, zone))
            return found_member{.at = next, .series_start = search.series_start, .clamped = found->clamped};
    }
}

/// The rule of a text, its COUNT counted out. The last one stays at hand for whoever asks for one occurrence after the other.
const rrule& rule_of(const recurrence& of, local_seconds start) {
    struct read_rule {
        std::string text;
        bool counts_start;
        local_seconds start;
        rrule rule;
    };
    thread_local std::optional<read_rule> last;
    if (!last || last->text != of.rule || last->counts_start != of.counts_start || last->start != start) {
        auto parsed = parse_rrule(of.rule);
        assert(parsed);
        parsed->counts_start = of.counts_start;
        last = read_rule{.text = of.rule,
                         .counts_start = of.counts_start,
                         .start = start,
                         .rule = count_out(std::move(parsed).value(), start)};
    }
    return last->rule;
}

std::optional<found_member> first_of_rule(const recurrence& of, const due& start, const lower_bound& after,
                                          const time_zone& zone) {
    const rrule& rule = rule_of(of, start.wall);
    // A gap moves a wall-clock time by a day at most, so that nothing before that can be admitted.
    local_seconds wall = after.member->wall;
    if (after.done)
        wall = std::max(wall, after.done->wall);
    wall -= days{1};
    while (const auto found = next_member(rule, start.wall, wall, zone)) {
        const due next{.wall = *found, .all_day = start.all_day};
        if (after.admits(next, zone))
            return found_member{.at = next, .series_start = start, .clamped = false};
        wall = *found;
    }
    return std::nullopt;
}

std::optional<found_member> find_next(const recurrence& rule, const occurrence_input& from, const completion& done) {
    if (!from.current)
        return first_counted(plan_without_due(rule, done), {}, from.zone);
    const due& start = from.series_start ? *from.series_start : *from.current;
    const due& member = from.moved_from ? *from.moved_from : *from.current;
    const lower_bound after{
        .member = member,
        .done = rule.mode == repeat_mode::every_occurrence ? std::nullopt : std::optional{done},
    };
    if (rule.type == recurring_type::custom)
        return first_of_rule(rule, start, after, from.zone);
    return first_counted(rule.mode == repeat_mode::after_completion
                             ? plan_after_completion(rule, from, start, member, done)
                             : plan_on_schedule(rule, start),
                         after, from.zone);
}

/// Whether the clocks show it that day as it is named.
wall_kind kind_of(const due& when, const time_zone& zone) {
    if (when.all_day)
        return shown_wall(when, zone) == when.wall ? wall_kind::unique : wall_kind::skipped;
    return zone.to_instant(when.wall).kind;
}

bool is_past(const series_limit& end, const completion& done) {
    if (const auto* day = std::get_if<local_days>(&end))
        return done.day > *day;
    if (const auto* at = std::get_if<instant>(&end))
        return done.at > *at;
    return false;
}

bool is_past(const series_limit& end, const due& when, const time_zone& zone) {
    if (const auto* day = std::get_if<local_days>(&end))
        return shown_day(when, zone) > *day;
    if (const auto* at = std::get_if<instant>(&end))
        return begin_instant(when, zone) > *at;
    return false;
}

}  // namespace

std::expected<next_step, series_end> next_occurrence(const recurrence& rule, const occurrence_input& from,
                                                     instant completed_at) {
    assert(rule.interval >= 1);
    assert(from.current || rule.mode == repeat_mode::after_completion);
    assert(rule.type != recurring_type::custom || rule.mode != repeat_mode::after_completion);
    if (rule.type == recurring_type::none)
        return std::unexpected(series_end::not_recurring);

    const time_zone& zone = from.zone;
    const local_seconds completed_wall = zone.to_wall(floor<seconds>(completed_at));
    const completion done{.at = completed_at, .wall = completed_wall, .day = floor<days>(completed_wall)};
    if (is_past(rule.end, done))
        return std::unexpected(series_end::completed_after_end);

    const auto next = find_next(rule, from, done);
    if (!next)
        return std::unexpected(series_end::rule_exhausted);
    if (is_past(rule.end, next->at, zone))
        return std::unexpected(series_end::next_after_end);
    return next_step{
        .at = next->at, .series_start = next->series_start, .kind = kind_of(next->at, zone), .clamped = next->clamped};
}

bool has_count(const recurrence& of) {
    if (of.type != recurring_type::custom)
        return false;
    const auto parsed = parse_rrule(of.rule);
    return parsed && parsed->count;
}

due due_at(sys_seconds at, const time_zone& zone) {
    const local_seconds wall = zone.to_wall(at);
    return {.wall = wall, .second = zone.to_instant(wall).at != at};
}

instant due_instant(const due& when, const time_zone& zone) {
    return when.all_day ? instant{zone.to_instant(shown_wall(when, zone) + days{1}).at} : begin_instant(when, zone);
}

instant begin_instant(const due& when, const time_zone& zone) {
    return when.second ? zone.second_instant(when.wall) : zone.to_instant(when.wall).at;
}

local_seconds shown_wall(const due& when, const time_zone& zone) {
    const local_seconds wall = zone.to_wall(floor<seconds>(begin_instant(when, zone)));
    return when.all_day ? floor<days>(wall) : wall;
}

std::string due_text(const due& when, const time_zone& zone) {
    const local_seconds wall = shown_wall(when, zone);
    if (when.all_day)
        return format_date(floor<days>(wall));
    return format_wall(wall, wall.time_since_epoch() - floor<seconds>(begin_instant(when, zone)).time_since_epoch());
}

}  // namespace rondo
