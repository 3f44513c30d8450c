#include "domain/recurrence/upcoming.hpp"

#include <algorithm>
#include <cassert>

namespace rondo {

namespace {

instant done_on_time(const task& of, instant now) {
    return of.due ? std::max(now, begin_instant(*of.due, of.zone)) : now;
}

}  // namespace

upcoming upcoming_occurrences(task of, int count, instant now) {
    assert(count >= 1 && count <= upcoming_max);
    upcoming found;
    instant completed_at = of.completed_at ? *of.completed_at : done_on_time(of, now);
    for (;;) {
        const auto next = next_occurrence(of.repeat, occurrence_of(of), completed_at);
        if (!next) {
            found.ends = next.error();
            if (!found.occurrences.empty())
                found.occurrences.back().last = true;
            return found;
        }
        if (static_cast<int>(found.occurrences.size()) == count)
            return found;
        found.occurrences.push_back({.step = *next, .last = false});
        of.due = next->at;
        of.series_start = next->series_start;
        of.moved_from.reset();
        completed_at = done_on_time(of, now);
    }
}

}  // namespace rondo
