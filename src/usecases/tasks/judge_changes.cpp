#include "usecases/tasks/judge_changes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rondo {

namespace {

std::optional<fault> fault_of_parent(const transaction& tx, const task& child, task_id parent) {
    if (!tx.find_task(child.owner, parent))
        return fault{"/parent_task_id", "is not one of your tasks"};
    if (tx.is_ancestor(child.owner, child.id, parent))
        return fault{"/parent_task_id", "must not be the task itself or one of its descendants"};
    return std::nullopt;
}

}  // namespace

result<judged_task> judge_changes(const transaction& tx, const task& before, const task_changes& changes,
                                  const std::optional<tag_choice>& tags) {
    auto after = apply(before, changes, tx.now());
    std::vector<fault> faults = after ? std::vector<fault>{} : std::move(after.error().faults);
    // A parent that stays is not asked for: it may be in the trash.
    if (changes.parent && *changes.parent && *changes.parent != before.parent)
        if (auto bad = fault_of_parent(tx, before, **changes.parent))
            faults.push_back(*std::move(bad));
    std::optional<named_tags> chosen;
    if (tags) {
        chosen.emplace(tx, before.owner, *tags, before.tags);
        std::ranges::copy(chosen->faults(), std::back_inserter(faults));
    }
    if (!faults.empty())
        return std::unexpected(error{
            .code = errc::invalid, .detail = "Some fields of the request do not fit.", .faults = std::move(faults)});
    return judged_task{.after = *std::move(after), .tags = std::move(chosen)};
}

}  // namespace rondo
