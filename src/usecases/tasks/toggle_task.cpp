#include <utility>

#include "usecases/tasks/record_change.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

result<changed_task> toggle_task(transaction& tx, const actor& who, task_id id, std::optional<instant> completed_at,
                                 std::optional<std::int64_t> expected) {
    // Told again of a completion it knows, the version that was seen before it does not matter: RFC 9110, 13.1.1.
    if (completed_at)
        if (auto present = tx.find_task(who.user, id); present && present->completed_at == completed_at)
            return changed_task{.task = *std::move(present), .completion = std::nullopt};

    const auto before = find_expected(tx, who.user, id, expected);
    if (!before)
        return std::unexpected(before.error());
    const bool reopens = before->status == task_status::done && !completed_at;
    const auto next = reopens ? task_status::pending : task_status::done;
    return change_found(tx, who, *before, {.status = next, .completed_at = completed_at}, std::nullopt);
}

}  // namespace rondo
