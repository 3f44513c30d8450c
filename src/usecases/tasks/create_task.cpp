#include <cassert>
#include <utility>

#include "usecases/tasks/judge_changes.hpp"
#include "usecases/tasks/record_change.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

namespace {

time_zone zone_of(const transaction& tx, user_id owner) {
    const auto found = tx.find_user(owner);
    return found ? found->zone : time_zone{};
}

}  // namespace

result<changed_task> create_task(transaction& tx, const actor& who, const task_changes& fields,
                                 const std::optional<tag_choice>& tags) {
    const auto id = tx.new_id<task_id>();
    const task empty{.id = id,
                     .owner = who.user,
                     .zone = fields.zone ? *fields.zone : zone_of(tx, who.user),
                     .series = id,
                     .created_at = tx.now(),
                     .updated_at = tx.now()};
    auto judged = judge_changes(tx, empty, fields, tags);
    if (!judged)
        return std::unexpected(std::move(judged.error()));
    task& wanted = judged->after;
    if (judged->tags)
        wanted.tags = judged->tags->make(tx);

    // What is born done is created pending and then completed, so that its events are those of any other task.
    const bool is_done = wanted.status == task_status::done;
    task born = wanted;
    if (is_done) {
        born.status = task_status::pending;
        born.completed_at.reset();
    }
    [[maybe_unused]] const bool inserted = tx.insert_task(born);
    assert(inserted);  // it has no source that another could have
    append_event(tx, who, event_type::created, born);
    if (is_done)
        return save_change(tx, who, born, std::move(wanted));
    return changed_task{.task = std::move(born), .completion = std::nullopt};
}

}  // namespace rondo
