#include "usecases/tags/named_tags.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "domain/readable_text.hpp"

namespace rondo {

named_tags::named_tags(const transaction& tx, user_id owner, const tag_choice& choice, std::span<const tag> present)
    : owner_{owner}, choice_{choice} {
    if (const auto* ids = std::get_if<std::vector<tag_id>>(&choice)) {
        for (const tag_id id : *ids) {
            found_.push_back(find(tx, id, present));
            if (!found_.back())
                faults_.push_back({"/tag_ids/" + std::to_string(found_.size() - 1), "is not one of your tags"});
        }
        return;
    }
    for (const tag_mention& mention : std::get<std::vector<tag_mention>>(choice)) {
        found_.push_back(mention.id ? find(tx, *mention.id, present) : std::nullopt);
        if (!found_.back() && mention.name.empty())
            faults_.push_back(
                {"/tags/" + std::to_string(found_.size() - 1), "is not one of your tags, and has no name"});
        else if (!found_.back())
            if (auto fault = fault_of_line(mention.name); fault && !tx.find_tag_named(owner, mention.name))
                faults_.push_back({"/tags/" + std::to_string(found_.size() - 1), *std::move(fault)});
    }
}

std::optional<tag> named_tags::find(const transaction& tx, tag_id id, std::span<const tag> present) const {
    const auto known = std::ranges::find(present, id, &tag::id);
    if (known != present.end())
        return *known;
    const auto counted = tx.find_tag(owner_, id);
    return counted ? std::optional{counted->tag} : std::nullopt;
}

std::vector<tag> named_tags::make(transaction& tx) const {
    assert(faults_.empty());
    std::vector<tag> made;
    for (std::size_t i = 0; i < found_.size(); ++i) {
        std::optional<tag> one = found_[i];
        if (!one) {
            const std::string& name = std::get<std::vector<tag_mention>>(choice_)[i].name;
            one = tx.find_tag_named(owner_, name);
            if (!one) {
                one = tag{.id = tx.new_id<tag_id>(),
                          .owner = owner_,
                          .name = name,
                          .color = tag_default_color,
                          .created_at = tx.now()};
                if (!tx.insert_tag(*one))
                    throw unavailable{"A tag of the same name was made meanwhile."};
            }
        }
        if (std::ranges::find(made, one->id, &tag::id) == made.end())
            made.push_back(*std::move(one));
    }
    return made;
}

}  // namespace rondo
