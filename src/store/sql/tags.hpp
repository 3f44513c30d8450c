#pragma once
// Tags as they are read; what searches look in is written with them, by each engine in its own way.

#include "store/sql/reading.hpp"
#include "store/sql/tables.hpp"
#include "text/keys.hpp"

namespace rondo::sql {

// Tasks that carry the tag `g` and are not in the trash.
#define RONDO_TAG_COUNT                                                                                    \
    "(SELECT count(*) FROM task_tags tt CROSS JOIN tasks t WHERE t.number = tt.task AND tt.tag = g.number" \
    " AND t.owner = g.owner AND t.deleted_at IS NULL)"

template <class Engine>
std::vector<tag_count> tables<Engine>::list_tags(user_id owner) const {
    auto row = db_.of(owner).query("SELECT g.id, g.owner, g.name, g.color, g.created_at, " RONDO_TAG_COUNT
                                   " FROM tags g WHERE g.owner = $1 ORDER BY g.name_key",
                                   owner);
    std::vector<tag_count> tags;
    while (row.step())
        tags.push_back({.tag = read_tag(row, 0), .task_count = row.integer(5)});
    return tags;
}

template <class Engine>
std::optional<tag_count> tables<Engine>::find_tag(user_id owner, tag_id id) const {
    auto row = db_.of(owner).query("SELECT g.id, g.owner, g.name, g.color, g.created_at, " RONDO_TAG_COUNT
                                   " FROM tags g WHERE g.id = $1 AND g.owner = $2",
                                   id, owner);
    return row.step() ? std::optional{tag_count{.tag = read_tag(row, 0), .task_count = row.integer(5)}} : std::nullopt;
}

template <class Engine>
std::optional<tag> tables<Engine>::find_tag_named(user_id owner, std::string_view name) const {
    auto row = db_.of(owner).query(
        "SELECT id, owner, name, color, created_at FROM tags WHERE owner = $1 AND name_key = $2", owner, tag_key(name));
    return row.step() ? std::optional{read_tag(row, 0)} : std::nullopt;
}

}  // namespace rondo::sql
