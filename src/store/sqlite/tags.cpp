#include "store/sqlite/sqlite_transaction.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

std::optional<std::pair<std::int64_t, tag>> sqlite_transaction::find_numbered_tag(user_id owner, tag_id id) const {
    auto row =
        db_.query("SELECT number, id, owner, name, color, created_at FROM tags WHERE id = ? AND owner = ?", id, owner);
    return row.step() ? std::optional{std::pair{row.integer(0), sql::read_tag(row, 1)}} : std::nullopt;
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
