#include "store/postgres/postgres_transaction.hpp"
#include "store/search_words.hpp"
#include "text/keys.hpp"

namespace rondo::postgres {

tag postgres_transaction::read_tag(const rows& row, int first) {
    return {.id = {row.id(first)},
            .owner = {row.id(first + 1)},
            .name = std::string{row.text(first + 2)},
            .color = std::string{row.text(first + 3)},
            .created_at = row.at(first + 4)};
}

// Tasks that carry the tag `g` and are not in the trash.
#define RONDO_TAG_COUNT                                                     \
    "(SELECT count(*) FROM task_tags tt JOIN tasks t ON t.number = tt.task" \
    " WHERE tt.tag = g.number AND t.owner = g.owner AND t.deleted_at IS NULL)"

std::vector<tag_count> postgres_transaction::list_tags(user_id owner) const {
    auto row = of(owner).query("SELECT g.id, g.owner, g.name, g.color, g.created_at, " RONDO_TAG_COUNT
                               " FROM tags g WHERE g.owner = $1 ORDER BY g.name_key",
                               owner);
    std::vector<tag_count> tags;
    while (row.step())
        tags.push_back({.tag = read_tag(row, 0), .task_count = row.integer(5)});
    return tags;
}

std::optional<tag_count> postgres_transaction::find_tag(user_id owner, tag_id id) const {
    auto row = of(owner).query("SELECT g.id, g.owner, g.name, g.color, g.created_at, " RONDO_TAG_COUNT
                               " FROM tags g WHERE g.id = $1 AND g.owner = $2",
                               id, owner);
    if (!row.step())
        return std::nullopt;
    return tag_count{.tag = read_tag(row, 0), .task_count = row.integer(5)};
}

std::optional<tag> postgres_transaction::find_tag_named(user_id owner, std::string_view name) const {
    auto row = of(owner).query("SELECT id, owner, name, color, created_at FROM tags WHERE owner = $1 AND name_key = $2",
                               owner, tag_key(name));
    return row.step() ? std::optional{read_tag(row, 0)} : std::nullopt;
}

bool postgres_transaction::insert_tag(const tag& added) {
    return of(added.owner)
               .run(
                   "INSERT INTO tags (id, owner, name, name_key, folded_words, color, created_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (owner, name_key) DO NOTHING",
                   added.id, added.owner, added.name, tag_key(added.name), tag_words(added.name), added.color,
                   added.created_at) == 1;
}

bool postgres_transaction::update_tag(const tag& changed) {
    // Its owner's lock is held: nobody takes the name between the look and the change.
    return of(changed.owner)
               .run(
                   "UPDATE tags SET name = $1, name_key = $2, folded_words = $3, color = $4"
                   " WHERE id = $5 AND owner = $6"
                   " AND NOT EXISTS (SELECT 1 FROM tags o WHERE o.owner = $6 AND o.name_key = $2 AND o.id <> $5)",
                   changed.name, tag_key(changed.name), tag_words(changed.name), changed.color, changed.id,
                   changed.owner) == 1;
}

bool postgres_transaction::delete_tag(user_id owner, tag_id id) {
    return of(owner).run("DELETE FROM tags WHERE id = $1 AND owner = $2", id, owner) == 1;
}

}  // namespace rondo::postgres
