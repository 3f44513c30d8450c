#include "store/postgres/text_keys.hpp"

#include <set>

#include "store/fold.hpp"
#include "store/postgres/postgres_transaction.hpp"
#include "store/search_words.hpp"
#include "text/keys.hpp"

namespace rondo::postgres {

namespace {

constexpr std::size_t tags_per_chunk = 1000;
constexpr std::size_t tasks_per_look = 5000;

struct named_tag {
    keyed_tag tag;
    std::string name, old_key;
};

std::vector<named_tag> tags_after(connection& db, std::int64_t number) {
    auto row = db.query(
        "SELECT number, owner, name, name_key, created_at FROM tags WHERE number > $1 ORDER BY number LIMIT $2", number,
        tags_per_chunk);
    std::vector<named_tag> tags;
    while (row.step())
        tags.push_back({.tag = {.number = row.integer(0), .owner = row.id(1), .key = {}, .created_at = row.integer(4)},
                        .name = std::string{row.text(2)},
                        .old_key = std::string{row.text(3)}});
    return tags;
}

/// The words of every tag anew. Gives the tags whose keys are others by now; these have keys of nobody's until they get them.
std::vector<keyed_tag> make_tag_words(connection& db) {
    std::vector<keyed_tag> changed;
    for (auto chunk = tags_after(db, 0); !chunk.empty(); chunk = tags_after(db, chunk.back().tag.number))
        for (named_tag& each : chunk) {
            db.queue("UPDATE tags SET folded_words = $1 WHERE number = $2 AND folded_words <> $1", tag_words(each.name),
                     each.tag.number);
            each.tag.key = tag_key(each.name);
            if (each.tag.key == each.old_key)
                continue;
            db.queue("UPDATE tags SET name_key = chr(1) || number WHERE number = $1", each.tag.number);
            changed.push_back(std::move(each.tag));
        }
    return changed;
}

std::optional<keyed_tag> tag_with_key(connection& db, const uuid& owner, const std::string& key) {
    auto row = db.query("SELECT number, created_at FROM tags WHERE owner = $1 AND name_key = $2", owner, key);
    if (!row.step())
        return std::nullopt;
    return keyed_tag{.number = row.integer(0), .owner = owner, .key = key, .created_at = row.integer(1)};
}

/// A task that carries both keeps one of them, at the place of the first. Gives how many tasks carried `gone`.
std::int64_t merge(connection& db, const keyed_tag& kept, const keyed_tag& gone) {
    db.queue(
        "DELETE FROM task_tags tt WHERE tag = $1 AND EXISTS (SELECT 1 FROM task_tags other"
        " WHERE other.task = tt.task AND other.tag = $2 AND other.position < tt.position)",
        kept.number, gone.number);
    const std::int64_t moved = db.run(
        "UPDATE task_tags tt SET tag = $1 WHERE tag = $2"
        " AND NOT EXISTS (SELECT 1 FROM task_tags other WHERE other.task = tt.task AND other.tag = $1)",
        kept.number, gone.number);
    db.queue("DELETE FROM tags WHERE number = $1", gone.number);
    return moved;
}

}  // namespace

text_keys_state read_text_keys(const rows& row) {
    return {.rules = row.integer(0),
            .done_to = row.is_null(1) ? std::nullopt : std::optional{row.integer(1)},
            .gaps = row.truth(2)};
}

void adopt_text_rules(connection& db) {
    auto row = db.query("SELECT rules, seen_at < now() - interval '10 minutes' FROM text_keys FOR UPDATE");
    row.step();
    const bool are_left = row.truth(1);
    if (row.integer(0) == text_rules() || (row.integer(0) > text_rules() && !are_left))
        return;
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
            db.queue("UPDATE tags SET name_key = $1 WHERE number = $2", each.key, each.number);
    }
    merged.users = static_cast<std::int64_t>(users.size());
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
    for (auto chunk = tags_after(db, 0); !chunk.empty(); chunk = tags_after(db, chunk.back().tag.number))
        for (const named_tag& each : chunk)
            db.queue(
                "UPDATE tags t SET name_key = $1 WHERE number = $2"
                " AND NOT EXISTS (SELECT 1 FROM tags o WHERE o.owner = t.owner AND o.name_key = $1)",
                folded(each.name), each.tag.number);
    db.finish();
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
    const auto state = read_text_keys(row);
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
