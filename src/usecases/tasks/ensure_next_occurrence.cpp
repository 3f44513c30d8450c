#include "usecases/tasks/ensure_next_occurrence.hpp"

#include <utility>

#include "base/failpoint.hpp"
#include "domain/event.hpp"

namespace rondo {
namespace {

void append_event(transaction& tx, const actor& who, event_type type, const task& told) {
    tx.append(
        {.id = tx.new_id<event_id>(), .type = type, .at = tx.now(), .traceparent = who.traceparent, .snapshot = told});
}

reconciled outcome_of(reconciled::outcome what, std::optional<task> child = {}) {
    return {.what = what, .child = std::move(child), .completed = {}};
}

reconciled make_missing_child(transaction& tx, const actor& who, const task& completed) {
    auto child = make_child(completed, tx.new_id<task_id>(), tx.now());
    if (!child) {
        if (completed.ended != child.error())
            tx.mark_ended(who.user, completed.id, child.error());
        return outcome_of(reconciled::outcome::ended);
    }
    if (!tx.insert_task(*child))  // somebody was quicker, or the child was made and has been purged since
        return outcome_of(reconciled::outcome::exists);
    reach(failpoint::after_child_row);
    append_event(tx, who, event_type::created, *child);
    if (completed.ended)
        tx.mark_ended(who.user, completed.id, std::nullopt);
    return {.what = reconciled::outcome::created, .child = std::move(*child), .completed = completed.updated_at};
}

/// Whether the child is as the consumer made it: nobody has changed it, thrown it away, or built upon it.
bool may_take_back(const transaction& tx, const actor& who, const found_task& child) {
    return !child.deleted_at && is_untouched(child.task) && !tx.has_children(who.user, child.task.id);
}

reconciled take_back(transaction& tx, const actor& who, task child) {
    tx.remove_task(who.user, child.id);
    ++child.version;
    child.updated_at = tx.now();
    append_event(tx, who, event_type::deleted, child);
    return outcome_of(reconciled::outcome::retracted);
}

}  // namespace

reconciled ensure_next_occurrence(transaction& tx, const actor& who, task_id id) {
    const auto found = tx.find_task_anywhere(who.user, id);
    if (!found || found->deleted_at)
        return outcome_of(reconciled::outcome::ignored);
    const task& cause = found->task;
    auto child = tx.find_child_made_by(who.user, id);

    // A child in the trash counts: who threw it away does not want it back with the next duplicate of the event.
    if (cause.status == task_status::done && cause.repeat.type != recurring_type::none)
        return child ? outcome_of(reconciled::outcome::exists, std::move(child->task))
                     : make_missing_child(tx, who, cause);

    if (!child)
        return outcome_of(reconciled::outcome::ignored);
    if (may_take_back(tx, who, *child))
        return take_back(tx, who, std::move(child->task));
    return outcome_of(reconciled::outcome::exists, std::move(child->task));
}

}  // namespace rondo
