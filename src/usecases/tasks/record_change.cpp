#include "usecases/tasks/record_change.hpp"

#include <utility>

#include "base/failpoint.hpp"

namespace rondo {

namespace {

std::unexpected<error> changed_meanwhile() {
    return fail(errc::version_mismatch,
                "The task has changed since you read it; read it again and repeat your change.");
}

event_type type_of_change(const task& before, const task& after) {
    const bool was_done = before.status == task_status::done;
    const bool is_done = after.status == task_status::done;
    if (was_done == is_done)
        return event_type::updated;
    return is_done ? event_type::completed : event_type::reopened;
}

}  // namespace

event_id append_event(transaction& tx, const actor& who, event_type what, const task& after) {
    // Only users' changes are refused: what the consumer adds empties the outbox in the end.
    if (tx.outbox_holds(outbox_pending_max))
        throw unavailable{"Too many events wait to be published; the broker has been out of reach for long.",
                          std::chrono::seconds{30}};
    const event happened{
        .id = tx.new_id<event_id>(), .type = what, .at = tx.now(), .traceparent = who.traceparent, .snapshot = after};
    reach(failpoint::after_task_row);
    tx.append(happened);
    reach(failpoint::after_outbox_row);
    return happened.id;
}

result<changed_task> save_change(transaction& tx, const actor& who, const task& before, task after) {
    const event_type what = type_of_change(before, after);
    return save_change_as(tx, who, what, before, std::move(after));
}

result<changed_task> save_change_as(transaction& tx, const actor& who, event_type what, const task& before,
                                    task after) {
    after.version = before.version + 1;
    after.updated_at = tx.now();
    if (!tx.update_task(after))
        return changed_meanwhile();
    const event_id told = append_event(tx, who, what, after);
    return changed_task{.task = std::move(after),
                        .completion = what == event_type::completed ? std::optional{told} : std::nullopt};
}

result<task> find_expected(const transaction& tx, user_id owner, task_id id, std::optional<std::int64_t> expected) {
    auto found = tx.find_task(owner, id);
    if (!found)
        return fail(errc::not_found, "There is no such task.");
    if (expected && *expected != found->version)
        return changed_meanwhile();
    return *std::move(found);
}

}  // namespace rondo
