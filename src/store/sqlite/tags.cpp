#include "store/sqlite/sqlite_transaction.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

tag sqlite_transaction::read_tag(const statement& row, int first) {
    return {.id = {row.id(first)},
            .owner = {row.id(first + 1)},
            .name = std::string{row.text(first + 2)},
            .color = std::string{row.text(first + 3)},
            .created_at = row.at(first + 4)};
}

// Tasks that carry the tag `g` and are not in the trash.
#define RONDO_TAG_COUNT                                                           \
    "(SELECT count(*) FROM task_tags tt CROSS JOIN tasks t ON t.number = tt.task" \
    " WHERE tt.tag = g.number AND t.owner = g.owner AND t.deleted_at IS NULL)"

std::vector<tag_count> sqlite_transaction::list_tags(user_id owner) const {
    auto rows = db_.query("SELECT g.id, g.owner, g.name, g.color, g.created_at, " RONDO_TAG_COUNT
                          " FROM tags g WHERE g.owner = ? ORDER BY g.name_key",
                          owner);
    std::vector<tag_count> tags;
    while (rows.step())
        tags.push_back({.tag = read_tag(rows, 0), .task_count = rows.integer(5)});
    return tags;
}

std::optional<tag_count> sqlite_transaction::find_tag(user_id owner, tag_id id) const {
    auto row = db_.query("SELECT g.id, g.owner, g.name, g.color, g.created_at, " RONDO_TAG_COUNT
                         " FROM tags g WHERE g.id = ? AND g.owner = ?",
                         id, owner);
    if (!row.step())
        return std::nullopt;
    return tag_count{.tag = read_tag(row, 0), .task_count = row.integer(5)};
}

std::optional<tag> sqlite_transaction::find_tag_named(user_id owner, std::string_view name) const {
    auto row = db_.query("SELECT id, owner, name, color, created_at FROM tags WHERE owner = ? AND name_key = ?", owner,
                         tag_key(name));
    return row.step() ? std::optional{read_tag(row, 0)} : std::nullopt;
}

std::optional<std::pair<std::int64_t, tag>> sqlite_transaction::find_numbered_tag(user_id owner, tag_id id) const {
    auto row =
        db_.query("SELECT number, id, owner, name, color, created_at FROM tags WHERE id = ? AND owner = ?", id, owner);
    return row.step() ? std::optional{std::pair{row.integer(0), read_tag(row, 1)}} : std::nullopt;
}

bool sqlite_transaction::insert_tag(const tag& added) {
    connection& db = changing();
    const std::int64_t inserted = db.run(
        "INSERT INTO tags (id, owner, name, name_key, color, created_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (owner, name_key) DO NOTHING",
        added.id, added.owner, added.name, tag_key(added.name), added.color, added.created_at);
    if (inserted == 0)
        return false;
    write_tag_text(db.last_insert_number(), added);
    return true;
}

bool sqlite_transaction::update_tag(const tag& changed) {
    connection& db = changing();
    const auto before = find_numbered_tag(changed.owner, changed.id);
    if (!before)
        return false;
    const std::int64_t updated =
        db.run("UPDATE OR IGNORE tags SET name = ?, name_key = ?, color = ? WHERE id = ? AND owner = ?", changed.name,
               tag_key(changed.name), changed.color, changed.id, changed.owner);
    if (updated == 0)
        return false;
    if (before->second.name != changed.name)
        write_tag_text(before->first, changed);
    return true;
}

bool sqlite_transaction::delete_tag(user_id owner, tag_id id) {
    connection& db = changing();
    const auto before = find_numbered_tag(owner, id);
    if (!before)
        return false;
    db.run("DELETE FROM tag_text WHERE rowid = ?", before->first);
    db.run("DELETE FROM tags WHERE number = ? AND owner = ?", before->first, owner);
    return true;
}

}  // namespace rondo::sqlite
