#include "store/sqlite/text_keys.hpp"

#include "store/search_words.hpp"
#include "store/sql/text_keys.hpp"
#include "store/sqlite/sqlite_transaction.hpp"
#include "store/sqlite/task_text.hpp"
#include "text/keys.hpp"

namespace rondo::sqlite {

text_keys_state read_text_keys(connection& db) {
    auto row = db.query("SELECT rules, done_to, gaps FROM text_keys");
    row.step();
    return sql::read_text_keys(row);
}

bool adopt_text_rules(connection& db) {
    if (read_text_keys(db).rules == text_rules())
        return false;
    const merged_tags merged = sql::make_tag_keys(db);
    db.run("DELETE FROM tag_text");
    sql::for_each_tag(db, [&](const sql::named_tag& each) {
        db.run("INSERT INTO tag_text (rowid, owner, words) VALUES (?, ?, ?)", each.tag.number,
               owner_word({each.tag.owner}), tag_words(each.name));
    });
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
    sql::restore_simple_tag_keys(db);
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
