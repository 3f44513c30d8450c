#include "events/embedded/embedded_publisher.hpp"

#include <unordered_set>

namespace rondo {

std::vector<publish_result> embedded_publisher::publish(std::span<const stored_event> events) {
    const auto answers = deliver_to_(events);
    std::vector<publish_result> results;
    results.reserve(events.size());
    std::unordered_set<user_id> waiting;  // owners whose order would break
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (!answers[i])
            waiting.insert(events[i].owner);
        results.push_back(waiting.contains(events[i].owner) ? publish_result::retry : publish_result::acknowledged);
    }
    return results;
}

}  // namespace rondo
