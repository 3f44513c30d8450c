#include "domain/event.hpp"

#include <array>
#include <cstddef>

namespace rondo {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 7> names{"task.created",  "task.updated", "task.completed", "task.skipped",
                                                "task.reopened", "task.deleted", "task.restored"};
static_assert(static_cast<std::size_t>(event_type::restored) + 1 == names.size());

}  // namespace

std::string_view to_string(event_type type) {
    return names[static_cast<std::size_t>(type)];
}

std::optional<event_type> parse_event_type(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<event_type>(i);
    return std::nullopt;
}

}  // namespace rondo
