#pragma once

#include <optional>
#include <span>
#include <vector>

#include "store/transaction.hpp"
#include "usecases/tags/tag_choice.hpp"

namespace rondo {

/// The tags that a request chose. Looks up ids at once, so that faults are known before anything is written; makes
/// tags that are new only when `make` is called.
class named_tags {
public:
    /// `present`: tags that need no look-up, as the task has them. `choice` is kept by reference.
    named_tags(const transaction& tx, user_id owner, const tag_choice& choice, std::span<const tag> present);

    const std::vector<fault>& faults() const { return faults_; }

    /// All of them, each once, in the order given. Precondition: no faults.
    std::vector<tag> make(transaction& tx) const;

private:
    std::optional<tag> find(const transaction& tx, tag_id id, std::span<const tag> present) const;

    user_id owner_;
    const tag_choice& choice_;
    std::vector<std::optional<tag>> found_;  ///< by id, for each of the choice
    std::vector<fault> faults_;
};

}  // namespace rondo
