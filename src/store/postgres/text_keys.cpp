#include "store/postgres/text_keys.hpp"

#include "store/postgres/postgres_transaction.hpp"
#include "store/search_words.hpp"
#include "store/sql/text_keys.hpp"
#include "text/keys.hpp"

namespace rondo::postgres {

namespace {

constexpr std::size_t tasks_per_look = 5000;

}  // namespace

void adopt_text_rules(connection& db) {
    auto row = db.query("SELECT rules, seen_at < now() - interval '10 minutes' FROM text_keys FOR UPDATE");
    row.step();
    const bool are_left = row.truth(1);
    if (row.integer(0) == text_rules() || (row.integer(0) > text_rules() && !are_left))
        return;
    const merged_tags merged = sql::make_tag_keys(db);
    sql::for_each_tag(db, [&](const sql::named_tag& each) {
        db.queue("UPDATE tags SET folded_words = $1 WHERE number = $2 AND folded_words <> $1", tag_words(each.name),
                 each.tag.number);
    });
    db.query(
        "UPDATE text_keys SET rules = $1, done_to = CASE WHEN EXISTS (SELECT 1 FROM tasks) THEN 0 END,"
        " gaps = gaps AND EXISTS (SELECT 1 FROM tasks), seen_at = now()",
        text_rules());
    tell(merged);
}

void mark_text_keys_made(connection& db) {
    db.query("UPDATE text_keys SET rules = $1, done_to = NULL, gaps = false, seen_at = now()", text_rules());
}

void restore_simple_tag_keys(connection& db) {
    sql::restore_simple_tag_keys(db);
}

namespace {

/// Gives the tasks of a query for number, version, title and description their keys, unless they have been changed
/// meanwhile, and got them with that. Gives the last number.
std::int64_t make_keys(connection& db, rows found) {
    std::int64_t last = 0;
    while (found.step()) {
        last = found.integer(0);
        const std::string order = title_order(found.text(2));
        db.queue(
            "UPDATE tasks SET title_order = $1, folded_words = $2, keys_stale = false WHERE number = $3 AND version = "
            "$4"
            " AND (keys_stale OR title_order <> $1 OR folded_words IS DISTINCT FROM $2)",
            std::span{order}, task_words(found.text(2), found.optional_text(3)), last, found.integer(1));
    }
    return last;
}

}  // namespace

made_text_keys postgres_transaction::make_text_keys(std::size_t limit) {
    connection& db = of_everyone();
    // One server at a time.
    auto held = db.query("SELECT rules, done_to, gaps FROM text_keys FOR UPDATE SKIP LOCKED");
    if (!held.step())
        return {};
    adopt_text_rules(db);
    auto row = db.query("SELECT rules, done_to, gaps FROM text_keys");
    row.step();
    const auto state = sql::read_text_keys(row);
    if (state.rules != text_rules())
        return {.is_others = true};
    if (!state.done_to) {
        auto stale = db.query(
            "SELECT number, version, title, description FROM tasks WHERE keys_stale ORDER BY number LIMIT $1", limit);
        const auto count = static_cast<std::size_t>(stale.count());
        make_keys(db, std::move(stale));
        db.query("UPDATE text_keys SET seen_at = now() WHERE seen_at < now() - interval '1 minute'");
        return {.looked_at = count, .left = count == limit ? 1 : 0};
    }
    auto batch =
        db.query("SELECT number, version, title, description FROM tasks WHERE number > $1 ORDER BY number LIMIT $2",
                 *state.done_to, limit);
    const auto count = static_cast<std::size_t>(batch.count());
    const std::int64_t last = make_keys(db, std::move(batch));
    if (count < limit) {
        mark_text_keys_made(db);
        return {.looked_at = count};
    }
    db.queue("UPDATE text_keys SET done_to = $1, seen_at = now()", last);
    auto newest = db.query("SELECT max(number) FROM tasks");
    newest.step();
    return {.looked_at = count, .left = newest.integer(0) - last};
}

std::vector<std::vector<std::int64_t>> postgres_transaction::found_without_words(user_id owner,
                                                                                 const std::vector<search_word>& words,
                                                                                 std::int64_t after) const {
    std::vector<std::vector<std::int64_t>> found(words.size());
    for (std::int64_t count = 1; count > 0;) {
        auto row = of(owner).query(
            "SELECT number, title, description FROM tasks WHERE owner = $1 AND number > $2 AND folded_words IS NULL"
            " ORDER BY number LIMIT $3",
            owner, after, tasks_per_look);
        count = row.count();
        while (row.step()) {
            after = row.integer(0);
            const std::string text = task_words(row.text(1), row.optional_text(2));
            for (std::size_t i = 0; i < words.size(); ++i)
                if (is_found(words[i], text))
                    found[i].push_back(after);
        }
    }
    return found;
}

}  // namespace rondo::postgres
