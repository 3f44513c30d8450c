#include "usecases/record_change.hpp"
#include "usecases/tasks.hpp"

namespace rondo {

result<changed_task> toggle_task(transaction& tx, const actor& who, task_id id, std::optional<instant> completed_at,
                                 std::optional<std::int64_t> expected) {
    const auto before = find_expected(tx, who.user, id, expected);
    if (!before)
        return std::unexpected(before.error());
    const auto next = before->status == task_status::done ? task_status::pending : task_status::done;
    return change_found(tx, who, *before, {.status = next, .completed_at = completed_at}, std::nullopt);
}

}  // namespace rondo
