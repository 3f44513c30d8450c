#pragma once
// The keys of tags on their way to other rules (store/text_keys.hpp). Each function runs within a transaction of the
// caller's, on a connection that speaks for everyone.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/fold.hpp"
#include "store/text_keys.hpp"
#include "text/keys.hpp"

namespace rondo::sql {

struct named_tag {
    keyed_tag tag;  ///< without its key
    std::string name, old_key;
};

/// At most a thousand tags, those after a number.
template <class Connection>
std::vector<named_tag> tags_after(Connection& db, std::int64_t number) {
    auto row = db.query(
        "SELECT number, owner, name, name_key, created_at FROM tags WHERE number > $1 ORDER BY number LIMIT 1000",
        number);
    std::vector<named_tag> tags;
    while (row.step())
        tags.push_back({.tag = {.number = row.integer(0), .owner = row.id(1), .key = {}, .created_at = row.integer(4)},
                        .name = std::string{row.text(2)},
                        .old_key = std::string{row.text(3)}});
    return tags;
}

/// Calls `visit(named_tag&)` for every tag.
template <class Connection, class Visit>
void for_each_tag(Connection& db, const Visit& visit) {
    for (auto chunk = tags_after(db, 0); !chunk.empty(); chunk = tags_after(db, chunk.back().tag.number))
        for (named_tag& each : chunk)
            visit(each);
}

template <class Connection>
std::optional<keyed_tag> tag_with_key(Connection& db, const uuid& owner, const std::string& key) {
    auto row = db.query("SELECT number, created_at FROM tags WHERE owner = $1 AND name_key = $2", owner, key);
    if (!row.step())
        return std::nullopt;
    return keyed_tag{.number = row.integer(0), .owner = owner, .key = key, .created_at = row.integer(1)};
}

/// A task that carries both keeps one of them, at the place of the first. Gives how many tasks carried `gone`.
template <class Connection>
std::int64_t merge(Connection& db, const keyed_tag& kept, const keyed_tag& gone) {
    db.queue(
        "DELETE FROM task_tags WHERE tag = $1 AND EXISTS (SELECT 1 FROM task_tags other"
        " WHERE other.task = task_tags.task AND other.tag = $2 AND other.position < task_tags.position)",
        kept.number, gone.number);
    const std::int64_t moved = db.run(
        "UPDATE task_tags SET tag = $1 WHERE tag = $2"
        " AND NOT EXISTS (SELECT 1 FROM task_tags other WHERE other.task = task_tags.task AND other.tag = $1)",
        kept.number, gone.number);
    db.queue("DELETE FROM task_tags WHERE tag = $1", gone.number);
    db.queue("DELETE FROM tags WHERE number = $1", gone.number);
    return moved;
}

/// The keys of every tag anew. Tags of one user that have the same name by today's rules are merged into the oldest.
template <class Connection>
merged_tags make_tag_keys(Connection& db) {
    // The tags whose keys are others by now have keys of nobody's until they get them.
    std::vector<keyed_tag> changed;
    for_each_tag(db, [&](named_tag& each) {
        each.tag.key = tag_key(each.name);
        if (each.tag.key == each.old_key)
            return;
        db.queue("UPDATE tags SET name_key = $1 || number WHERE number = $2", "\1", each.tag.number);
        changed.push_back(std::move(each.tag));
    });
    merged_tags merged;
    std::set<uuid> users;
    for (const keyed_tag& each : changed) {
        const auto other = tag_with_key(db, each.owner, each.key);
        const bool stays = !other || each.stays_before(*other);
        if (other) {
            merged.ties += stays ? merge(db, each, *other) : merge(db, *other, each);
            ++merged.tags;
            users.insert(each.owner);
        }
        if (stays)
            db.queue("UPDATE tags SET name_key = $1 WHERE number = $2", each.key, each.number);
    }
    merged.users = static_cast<std::int64_t>(users.size());
    return merged;
}

/// On the way to a schema without them: tags get the keys that programs of that schema make.
template <class Connection>
void restore_simple_tag_keys(Connection& db) {
    for_each_tag(db, [&](const named_tag& each) {
        db.queue(
            "UPDATE tags SET name_key = $1 WHERE number = $2"
            " AND NOT EXISTS (SELECT 1 FROM tags o WHERE o.owner = tags.owner AND o.name_key = $1)",
            folded(each.name), each.tag.number);
    });
}

/// What a row of "rules, done_to, gaps" says.
text_keys_state read_text_keys(const auto& row) {
    return {.rules = row.integer(0),
            .done_to = row.is_null(1) ? std::nullopt : std::optional{row.integer(1)},
            .gaps = row.truth(2)};
}

}  // namespace rondo::sql
