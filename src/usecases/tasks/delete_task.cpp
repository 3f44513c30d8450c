#include "usecases/tasks/record_change.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

result<void> delete_task(transaction& tx, const actor& who, task_id id, bool with_descendants,
                         std::optional<std::int64_t> expected) {
    if (const auto found = find_expected(tx, who.user, id, expected); !found)
        return std::unexpected(found.error());
    if (!with_descendants)
        for (const task& orphan : tx.orphan_children(who.user, id, tx.now()))
            append_event(tx, who, event_type::updated, orphan);
    for (const task& gone : tx.trash_task(who.user, id, with_descendants, tx.new_uuid(), tx.now()))
        append_event(tx, who, event_type::deleted, gone);
    return {};
}

}  // namespace rondo
