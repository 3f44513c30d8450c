#include "usecases/tasks/record_change.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

result<task> restore_task(transaction& tx, const actor& who, task_id id) {
    const instant now = tx.now();
    std::vector<task> back = tx.restore_task(who.user, id, now - trash_kept, now);
    if (back.empty())
        return fail(errc::not_found, "There is no such task in the trash.");
    for (const task& one : back)
        append_event(tx, who, event_type::restored, one);
    return std::move(back.front());
}

}  // namespace rondo
