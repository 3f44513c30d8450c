#pragma once
// A user with a scratch database, and the events that the verbs leave in it.

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "support/scratch_store.hpp"
#include "usecases/tags/tags.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

/// What the tests want to see of an event: `task.created v1 pending`.
inline std::string encode_summary(const event& happened) {
    return std::string{to_string(happened.type)} + " v" + std::to_string(happened.snapshot.version) + " " +
           std::string{to_string(happened.snapshot.status)};
}

class task_fixture : public testing::Test {
protected:
    test::scratch_store db{test::scratch_in::memory, test::scratch_jobs::at_once, encode_summary};
    user ann = db.add_user("ann@example.org");
    user bob = db.add_user("bob@example.org");
    actor as_ann{.user = ann.id, .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
    actor as_bob{.user = bob.id, .traceparent = ""};

    result<changed_task> create(const task_changes& fields, const std::optional<tag_choice>& tags = std::nullopt) {
        return db.write([&](transaction& tx) { return create_task(tx, as_ann, fields, tags); });
    }
    task created(task_changes fields, const std::optional<tag_choice>& tags = std::nullopt) {
        if (!fields.title)
            fields.title = "Water the plants";
        return create(fields, tags).value().task;
    }
    result<changed_task> change(task_id id, const task_changes& changes,
                                const std::optional<tag_choice>& tags = std::nullopt,
                                std::optional<std::int64_t> expected = std::nullopt) {
        return db.write([&](transaction& tx) { return change_task(tx, as_ann, id, changes, tags, expected); });
    }
    result<changed_task> toggle(task_id id, std::optional<instant> completed_at = std::nullopt,
                                std::optional<std::int64_t> expected = std::nullopt) {
        return db.write([&](transaction& tx) { return toggle_task(tx, as_ann, id, completed_at, expected); });
    }
    result<void> remove(task_id id, bool with_descendants = true, std::optional<std::int64_t> expected = std::nullopt) {
        return db.write([&](transaction& tx) { return delete_task(tx, as_ann, id, with_descendants, expected); });
    }
    result<task> restore(task_id id) {
        return db.write([&](transaction& tx) { return restore_task(tx, as_ann, id); });
    }
    std::optional<task> found(task_id id) {
        return db.read([&](const transaction& tx) { return tx.find_task(ann.id, id); });
    }

    std::vector<stored_event> stored_events() {
        return db.read([&](const transaction& tx) { return tx.pending_events(1000, tx.now()); });
    }
    /// All events so far, oldest first, as `encode_summary` shows them.
    std::vector<std::string> events() {
        std::vector<std::string> all;
        for (const stored_event& one : stored_events())
            all.push_back(one.data);
        return all;
    }
    std::vector<std::string> tag_names() {
        std::vector<std::string> names;
        for (const tag_count& one : db.read([&](const transaction& tx) { return tx.list_tags(ann.id); }))
            names.push_back(one.tag.name);
        return names;
    }
};

inline std::vector<tag_mention> named(std::initializer_list<std::string> names) {
    std::vector<tag_mention> mentions;
    for (const std::string& name : names)
        mentions.push_back({.name = name});
    return mentions;
}

}  // namespace rondo
