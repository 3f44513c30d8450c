#pragma once
// A database with one user, in it tasks made without the use cases of the API, and the parts that events go through.

#include <optional>
#include <string>
#include <vector>

#include "domain/event.hpp"
#include "domain/task.hpp"
#include "events/consumer.hpp"
#include "events/event_json.hpp"
#include "support/scratch_store.hpp"
#include "telemetry/metrics.hpp"

namespace rondo::test {

using namespace std::chrono_literals;

inline constexpr std::chrono::local_seconds monday_nine{std::chrono::local_days{std::chrono::year{2026} / 2 / 9} + 9h};

struct event_world {
    explicit event_world(scratch_in where = scratch_in::memory, scratch_jobs jobs = scratch_jobs::at_once)
        : db{where, jobs, encode_event_data} {}

    scratch_store db;
    metrics meters;
    user ann = db.add_user();
    consumer events{db.get(), meters};

    /// A pending daily task, due on the Monday at nine, with its creation in the outbox.
    task add_task(const std::string& title = "Water the plants", std::optional<user_id> owner = {}) {
        return db.write([&](transaction& tx) {
            task added{.id = tx.new_id<task_id>(), .owner = owner.value_or(ann.id), .title = title};
            added.due = due{.wall = monday_nine};
            added.series_start = added.due;
            added.repeat.type = recurring_type::daily;
            added.series = added.id;
            added.created_at = added.updated_at = tx.now();
            tx.insert_task(added);
            append(tx, event_type::created, added);
            return added;
        });
    }

    /// Changes a task as a use case would: one version up, one event.
    template <class Change>
    task change(task_id id, event_type type, Change make) {
        return db.write([&](transaction& tx) {
            auto changed = tx.find_task(ann.id, id).value();
            make(changed);
            ++changed.version;
            changed.updated_at = tx.now();
            if (!tx.update_task(changed))
                throw std::logic_error{"the task has changed meanwhile"};
            append(tx, type, changed);
            return changed;
        });
    }

    task complete(task_id id, std::optional<instant> at = {}) {
        return change(id, event_type::completed, [&](task& t) {
            t.status = task_status::done;
            t.completed_at = at.value_or(db.time.now());
        });
    }
    task reopen(task_id id) {
        return change(id, event_type::reopened, [](task& t) {
            t.status = task_status::pending;
            t.completed_at.reset();
            t.ended.reset();
        });
    }

    /// A completion as a broker would bring it.
    incoming_message completion_of(const task& told, std::string origin = "endpoint") const {
        const event happened{
            .id = {}, .type = event_type::completed, .at = db.time.now(), .traceparent = {}, .snapshot = told};
        return {.body = encode_event_data(happened),
                .content_type = "application/json",
                .ce_type = {},
                .traceparent = {},
                .origin = std::move(origin)};
    }

    std::vector<task> children_of(task_id id) {
        return db.read(
            [&](const transaction& tx) { return tx.list_tasks(ann.id, {.parent = id, .now = tx.now()}, {}).tasks; });
    }
    std::vector<stored_event> pending() {
        return db.read([&](const transaction& tx) { return tx.pending_events(10'000, tx.now() + 365 * 24h); });
    }
    std::vector<dead_letter> dead_letters() {
        return db.read([](const transaction& tx) { return tx.list_dead_letters(1000); });
    }
    task find(task_id id) {
        return db.read([&](const transaction& tx) { return tx.find_task_anywhere(ann.id, id).value().task; });
    }
    /// The value of a metric's sample, as it is exposed.
    std::string sample(const std::string& name_and_labels) const {
        const auto text = meters.expose({});
        const auto at = text.find("\n" + name_and_labels + " ");
        if (at == std::string::npos)
            return "not there";
        const auto from = at + name_and_labels.size() + 2;
        return text.substr(from, text.find('\n', from) - from);
    }

    static void append(transaction& tx, event_type type, const task& told, std::string traceparent = {}) {
        tx.append({.id = tx.new_id<event_id>(),
                   .type = type,
                   .at = tx.now(),
                   .traceparent = std::move(traceparent),
                   .snapshot = told});
    }
};

}  // namespace rondo::test
