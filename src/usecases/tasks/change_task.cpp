#include <algorithm>
#include <utility>

#include "usecases/tasks/judge_changes.hpp"
#include "usecases/tasks/record_change.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

namespace {

bool same_tags(const std::vector<tag>& a, const std::vector<tag>& b) {
    return std::ranges::is_permutation(a, b, {}, &tag::id, &tag::id);
}

}  // namespace

result<changed_task> change_found(transaction& tx, const actor& who, const task& before, const task_changes& changes,
                                  const std::optional<tag_choice>& tags) {
    auto judged = judge_changes(tx, before, changes, tags);
    if (!judged)
        return std::unexpected(std::move(judged.error()));
    if (judged->tags)
        if (auto made = judged->tags->make(tx); !same_tags(made, before.tags))
            judged->after.tags = std::move(made);
    if (judged->after == before)
        return changed_task{.task = before, .completion = std::nullopt};
    return save_change(tx, who, before, std::move(judged->after));
}

result<changed_task> change_task(transaction& tx, const actor& who, task_id id, const task_changes& changes,
                                 const std::optional<tag_choice>& tags, std::optional<std::int64_t> expected) {
    const auto before = find_expected(tx, who.user, id, expected);
    if (!before)
        return std::unexpected(before.error());
    return change_found(tx, who, *before, changes, tags);
}

}  // namespace rondo
