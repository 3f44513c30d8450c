#include <utility>

#include "domain/words/describe.hpp"
#include "usecases/tasks/record_change.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

result<changed_task> skip_task(transaction& tx, const actor& who, task_id id, std::optional<std::int64_t> expected) {
    const auto before = find_expected(tx, who.user, id, expected);
    if (!before)
        return std::unexpected(before.error());
    if (before->status == task_status::done)
        return fail(errc::conflict, "The task is done; skip the occurrence that followed it.");
    auto after = skip_occurrence(*before, tx.now());
    if (!after)
        return fail(errc::conflict, "There is no next occurrence to skip to: " + describe(after.error()) + ".");
    return save_change_as(tx, who, event_type::skipped, *before, *std::move(after));
}

}  // namespace rondo
