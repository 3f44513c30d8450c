#include "store/sqlite/text_keys.hpp"

#include <set>

#include "store/fold.hpp"
#include "store/search_words.hpp"
#include "store/sqlite/sqlite_transaction.hpp"
#include "store/sqlite/task_text.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

namespace {

constexpr std::size_t tags_per_chunk = 1000;

struct named_tag {
    keyed_tag tag;
    std::string name, old_key;
};

std::vector<named_tag> tags_after(connection& db, std::int64_t number) {
    auto rows =
        db.query("SELECT number, owner, name, name_key, created_at FROM tags WHERE number > ? ORDER BY number LIMIT ?",
                 number, tags_per_chunk);
    std::vector<named_tag> tags;
    while (rows.step())
        tags.push_back(
            {.tag = {.number = rows.integer(0), .owner = rows.id(1), .key = {}, .created_at = rows.integer(4)},
             .name = std::string{rows.text(2)},
             .old_key = std::string{rows.text(3)}});
    return tags;
}

/// The words of every tag anew. Gives the tags whose keys are others by now; these have keys of nobody's until they get them.
std::vector<keyed_tag> make_tag_words(connection& db) {
    std::vector<keyed_tag> changed;
    db.run("DELETE FROM tag_text");
    for (auto chunk = tags_after(db, 0); !chunk.empty(); chunk = tags_after(db, chunk.back().tag.number))
        for (named_tag& each : chunk) {
            db.run("INSERT INTO tag_text (rowid, owner, words) VALUES (?, ?, ?)", each.tag.number,
                   owner_word({each.tag.owner}), tag_words(each.name));
            each.tag.key = tag_key(each.name);
            if (each.tag.key == each.old_key)
                continue;
            db.run("UPDATE tags SET name_key = char(1) || number WHERE number = ?", each.tag.number);
            changed.push_back(std::move(each.tag));
        }
    return changed;
}

std::optional<keyed_tag> tag_with_key(connection& db, const uuid& owner, const std::string& key) {
    auto row = db.query("SELECT number, created_at FROM tags WHERE owner = ? AND name_key = ?", owner, key);
    if (!row.step())
        return std::nullopt;
    return keyed_tag{.number = row.integer(0), .owner = owner, .key = key, .created_at = row.integer(1)};
}

/// A task that carries both keeps one of them, at the place of the first. Gives how many tasks carried `gone`.
std::int64_t merge(connection& db, const keyed_tag& kept, const keyed_tag& gone) {
    db.run(
        "DELETE FROM task_tags WHERE tag = ?1 AND EXISTS (SELECT 1 FROM task_tags other"
        " WHERE other.task = task_tags.task AND other.tag = ?2 AND other.position < task_tags.position)",
        kept.number, gone.number);
    const std::int64_t moved = db.run(
        "UPDATE task_tags SET tag = ?1 WHERE tag = ?2"
        " AND NOT EXISTS (SELECT 1 FROM task_tags other WHERE other.task = task_tags.task AND other.tag = ?1)",
        kept.number, gone.number);
    db.run("DELETE FROM task_tags WHERE tag = ?", gone.number);
    db.run("DELETE FROM tag_text WHERE rowid = ?", gone.number);
    db.run("DELETE FROM tags WHERE number = ?", gone.number);
    return moved;
}

}  // namespace

text_keys_state read_text_keys(connection& db) {
    auto row = db.query("SELECT rules, done_to, gaps FROM text_keys");
    row.step();
    return {.rules = row.integer(0),
            .done_to = row.is_null(1) ? std::nullopt : std::optional{row.integer(1)},
            .gaps = row.integer(2) != 0};
}

bool adopt_text_rules(connection& db) {
    if (read_text_keys(db).rules == text_rules())
        return false;
    merged_tags merged;
    std::set<uuid> users;
    for (const keyed_tag& each : make_tag_words(db)) {
        const auto other = tag_with_key(db, each.owner, each.key);
        const bool stays = !other || each.stays_before(*other);
        if (other) {
            merged.ties += stays ? merge(db, each, *other) : merge(db, *other, each);
            ++merged.tags;
            users.insert(each.owner);
        }
        if (stays)
            db.run("UPDATE tags SET name_key = ? WHERE number = ?", each.key, each.number);
    }
    merged.users = static_cast<std::int64_t>(users.size());
    tell(merged);
    db.run(
        "UPDATE text_keys SET rules = ?, done_to = CASE WHEN EXISTS (SELECT 1 FROM tasks) THEN 0 END,"
        " gaps = gaps AND EXISTS (SELECT 1 FROM tasks)",
        text_rules());
    return true;
}

void mark_text_keys_made(connection& db) {
    db.run("UPDATE text_keys SET rules = ?, done_to = NULL, gaps = 0", text_rules());
}

void restore_simple_tag_keys(connection& db) {
    for (auto chunk = tags_after(db, 0); !chunk.empty(); chunk = tags_after(db, chunk.back().tag.number))
        for (const named_tag& each : chunk)
            db.run("UPDATE OR IGNORE tags SET name_key = ? WHERE number = ?", folded(each.name), each.tag.number);
}

made_text_keys sqlite_transaction::make_text_keys(std::size_t limit) {
    struct task_text {
        std::int64_t number;
        user_id owner;
        std::string title;
        std::optional<std::string> description;
        std::string order;
    };
    connection& db = changing();
    write_text_changes();
    adopt_text_rules(db);
    const auto state = read_text_keys(db);
    if (!state.done_to)
        return {};
    std::vector<task_text> batch;
    {
        auto rows = db.query(
            "SELECT number, owner, title, description, title_order FROM tasks WHERE number > ? ORDER BY number LIMIT ?",
            *state.done_to, limit);
        while (rows.step())
            batch.push_back({.number = rows.integer(0),
                             .owner = {rows.id(1)},
                             .title = std::string{rows.text(2)},
                             .description = rows.optional_text(3),
                             .order = std::string{rows.bytes(4)}});
    }
    for (const task_text& each : batch) {
        if (const std::string order = title_order(each.title); order != each.order)
            db.run("UPDATE tasks SET title_order = ? WHERE number = ?", std::span{order}, each.number);
        const std::string words = task_words(each.title, each.description);
        auto present = db.query("SELECT words FROM task_text WHERE rowid = ?", each.number);
        if (!present.step() || present.text(0) != words)
            text_changes_.push_back({.task = each.number, .owner = each.owner, .words = words});
    }
    if (batch.size() < limit) {
        mark_text_keys_made(db);
        return {.looked_at = batch.size()};
    }
    db.run("UPDATE text_keys SET done_to = ?", batch.back().number);
    auto last = db.query("SELECT max(number) FROM tasks");
    last.step();
    return {.looked_at = batch.size(), .left = last.integer(0) - batch.back().number};
}

std::vector<std::int64_t> sqlite_transaction::found_without_words(user_id owner, const search_word& word,
                                                                  std::int64_t after) const {
    auto rows = db_.query(
        "SELECT number, title, description FROM tasks WHERE owner = ? AND number > ?"
        " AND NOT EXISTS (SELECT 1 FROM task_text WHERE rowid = number)",
        owner, after);
    std::vector<std::int64_t> found;
    while (rows.step())
        if (is_found(word, task_words(rows.text(1), rows.optional_text(2))))
            found.push_back(rows.integer(0));
    return found;
}

}  // namespace rondo::sqlite
