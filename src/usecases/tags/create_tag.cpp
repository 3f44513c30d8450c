#include "usecases/tags/tag_names.hpp"
#include "usecases/tags/tags.hpp"

namespace rondo {

result<tag> create_tag(transaction& tx, const actor& who, std::string name, std::string color) {
    if (const auto fits = check_tag_name(name); !fits)
        return std::unexpected(fits.error());
    tag added{.id = tx.new_id<tag_id>(),
              .owner = who.user,
              .name = std::move(name),
              .color = std::move(color),
              .created_at = tx.now()};
    if (!tx.insert_tag(added))
        return tag_name_taken(added.name);
    return added;
}

}  // namespace rondo
