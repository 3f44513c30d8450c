#include "store/postgres/postgres_transaction.hpp"
#include "store/search_words.hpp"
#include "text/keys.hpp"

namespace rondo::postgres {

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
