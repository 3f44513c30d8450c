#include "usecases/tasks/read_stats.hpp"

namespace rondo {

result<stats> read_stats(const transaction& tx, user_id owner, const day_range& range) {
    const instant_range when = instants_of(range);
    const auto completions = tx.list_completions(owner, when, stats_records_max + 1);
    const auto skips = tx.list_skips(owner, when, stats_records_max + 1);
    if (completions.size() > stats_records_max || skips.size() > stats_records_max)
        return std::unexpected(
            error{.code = errc::invalid,
                  .detail = "Too much was done on these days to be counted at once.",
                  .faults = {{"?from", "must be later: more than " + std::to_string(stats_records_max) +
                                           " tasks were completed from then on"}}});
    stats found = count_done(range, completions, skips);
    for (series_count& one : found.series) {
        const auto members = tx.list_series(owner, one.series, streak_members_max);
        if (!members.empty())
            one.title = members.back().title;
        one.streak = streak_of(members, tx.now());
    }
    return found;
}

}  // namespace rondo
