#include "domain/stats.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace rondo {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::sys_days;

/// No zone's clocks have ever been further from UTC.
constexpr days zone_margin{1};

local_days day_of(instant at, const time_zone& zone) {
    return floor<days>(zone.to_wall(floor<std::chrono::seconds>(at)));
}

bool holds(const day_range& range, local_days day) {
    return range.from <= day && day <= range.to;
}

bool is_on_time(const occurrence_record& done) {
    const instant end = due_instant(*done.due, done.zone);
    return done.due->all_day ? *done.completed_at < end : *done.completed_at <= end;
}

void count(done_count& into, const occurrence_record& done) {
    ++into.completed;
    if (done.due)
        ++(is_on_time(done) ? into.on_time : into.late);
}

/// The counts of series, at the end those with the most completions first, then the older ones.
class series_counts {
public:
    void add(const occurrence_record& done) {
        series_count& one = find(done.series);
        count(one.done, done);
        is_series_[done.series] |= done.repeats || done.occurrence > 1;
        one.title = done.title;
    }
    void add(const skip_record& skipped) {
        ++find(skipped.series).skipped;
        is_series_[skipped.series] = true;
    }

    std::vector<series_count> take() && {
        std::erase_if(all_, [&](const series_count& one) { return !is_series_[one.series]; });
        std::ranges::sort(all_, {}, [](const series_count& one) { return std::pair{-one.done.completed, one.series}; });
        if (all_.size() > stats_series_max)
            all_.resize(stats_series_max);
        return std::move(all_);
    }

private:
    series_count& find(task_id series) {
        const auto [found, added] = place_.try_emplace(series, all_.size());
        if (added)
            all_.push_back({.series = series, .title = {}, .done = {}, .skipped = 0, .streak = {}});
        return all_[found->second];
    }

    std::vector<series_count> all_;
    std::unordered_map<task_id, std::size_t> place_;
    std::unordered_map<task_id, bool> is_series_;
};

}  // namespace

instant_range instants_of(const day_range& range) {
    return {.from = sys_days{range.from.time_since_epoch()} - zone_margin,
            .until = sys_days{range.to.time_since_epoch()} + days{1} + zone_margin};
}

stats count_done(const day_range& range, std::span<const occurrence_record> completions,
                 std::span<const skip_record> skips) {
    stats found{.range = range, .days = {}, .totals = {}, .series = {}};
    for (local_days day = range.from; day <= range.to; day += days{1})
        found.days.push_back({.day = day, .done = {}});
    series_counts series;
    for (const occurrence_record& done : completions) {
        const local_days day = day_of(*done.completed_at, done.zone);
        if (!holds(range, day))
            continue;
        count(found.days[static_cast<std::size_t>((day - range.from).count())].done, done);
        count(found.totals, done);
        series.add(done);
    }
    for (const skip_record& skipped : skips)
        if (holds(range, day_of(skipped.at, skipped.zone)))
            series.add(skipped);
    found.series = std::move(series).take();
    return found;
}

streak streak_of(std::span<const occurrence_record> members, instant now) {
    streak found;
    for (const occurrence_record& one : members) {
        if (!one.due || one.status == task_status::cancelled)
            continue;
        if (one.completed_at ? is_on_time(one) : due_instant(*one.due, one.zone) >= now) {
            found.current += one.completed_at ? 1 : 0;
            found.longest = std::max(found.longest, found.current);
        } else {
            found.current = 0;
        }
    }
    return found;
}

}  // namespace rondo
