#include <algorithm>
#include <iterator>
#include <utility>

#include "usecases/named_tags.hpp"
#include "usecases/record_change.hpp"
#include "usecases/tasks.hpp"

namespace rondo {

namespace {

bool same_tags(const std::vector<tag>& a, const std::vector<tag>& b) {
    return std::ranges::is_permutation(a, b, {}, &tag::id, &tag::id);
}

}  // namespace

result<changed_task> change_found(transaction& tx, const actor& who, const task& before, const task_changes& changes,
                                  const std::optional<tag_choice>& tags) {
    auto after = apply(before, changes, tx.now());
    std::vector<fault> faults = after ? std::vector<fault>{} : std::move(after.error().faults);
    if (changes.parent && *changes.parent && *changes.parent != before.parent)
        if (auto bad = fault_of_parent(tx, who.user, **changes.parent, before.id))
            faults.push_back(*std::move(bad));
    std::optional<named_tags> chosen;
    if (tags) {
        chosen.emplace(tx, who.user, *tags, before.tags);
        std::ranges::copy(chosen->faults(), std::back_inserter(faults));
    }
    if (!faults.empty())
        return all_faults(std::move(faults));

    if (chosen)
        if (auto made = chosen->make(tx); !same_tags(made, before.tags))
            after->tags = std::move(made);
    if (*after == before)
        return changed_task{.task = before, .completion = std::nullopt};
    return save_change(tx, who, before, *std::move(after));
}

result<changed_task> change_task(transaction& tx, const actor& who, task_id id, const task_changes& changes,
                                 const std::optional<tag_choice>& tags, std::optional<std::int64_t> expected) {
    const auto before = find_expected(tx, who.user, id, expected);
    if (!before)
        return std::unexpected(before.error());
    return change_found(tx, who, *before, changes, tags);
}

}  // namespace rondo
