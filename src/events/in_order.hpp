#pragma once
// What keeps the order within a key while some of its events fail.

#include <cstddef>
#include <functional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "events/publisher.hpp"

namespace rondo {

/// Publishes a batch in one or two rounds by `send`, which is given events (in order) and answers for each. An owner whose first event has failed before
/// sends that one alone, and the rest in the second round once it is acknowledged: what fails twice is never overtaken. Of an owner with a `retry`
/// or `unreachable`, everything after it is made the same, whatever `send` said.
inline std::vector<publish_result> publish_in_order(
    std::span<const stored_event> events,
    const std::function<std::vector<publish_result>(std::span<const stored_event* const>)>& send) {
    using enum publish_result;
    std::vector<publish_result> results(events.size(), retry);
    std::unordered_map<user_id, publish_result> stopped;  // owners that wait, and why
    const auto round = [&](std::span<const std::size_t> chosen) {
        std::vector<const stored_event*> sent;
        for (const std::size_t at : chosen)
            sent.push_back(&events[at]);
        const auto answers = send(sent);
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const user_id owner = events[chosen[i]].owner;
            if (const auto why = stopped.find(owner); why != stopped.end())
                results[chosen[i]] = why->second;
            else if (results[chosen[i]] = answers[i]; answers[i] == retry || answers[i] == unreachable)
                stopped.emplace(owner, answers[i]);
        }
    };

    std::vector<std::size_t> first;
    std::vector<std::size_t> second;
    std::unordered_map<user_id, bool> behind_a_failed_one;
    for (std::size_t at = 0; at < events.size(); ++at) {
        const auto [owner, is_first] = behind_a_failed_one.try_emplace(events[at].owner, events[at].attempts > 0);
        (is_first || !owner->second ? first : second).push_back(at);
    }
    round(first);
    std::erase_if(second, [&](std::size_t at) {
        const auto why = stopped.find(events[at].owner);
        if (why != stopped.end())
            results[at] = why->second;
        return why != stopped.end();
    });
    if (!second.empty())
        round(second);
    return results;
}

}  // namespace rondo
