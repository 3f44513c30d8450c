#include "usecases/tags/tag_names.hpp"
#include "usecases/tags/tags.hpp"

namespace rondo {

result<tag_count> change_tag(transaction& tx, const actor& who, tag_id id, const std::optional<std::string>& name,
                             const std::optional<std::string>& color) {
    auto found = tx.find_tag(who.user, id);
    if (!found)
        return fail(errc::not_found, "There is no such tag.");
    const tag before = found->tag;
    if (name && *name != before.name)
        if (const auto fits = check_tag_name(*name); !fits)
            return std::unexpected(fits.error());
    found->tag.name = name.value_or(before.name);
    found->tag.color = color.value_or(before.color);
    if (found->tag != before && !tx.update_tag(found->tag))
        return tag_name_taken(found->tag.name);
    return *std::move(found);
}

}  // namespace rondo
