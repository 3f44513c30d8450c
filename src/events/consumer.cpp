#include "events/consumer.hpp"

#include <exception>
#include <latch>
#include <memory>
#include <new>
#include <utility>

#include "telemetry/log.hpp"
#include "telemetry/trace.hpp"

namespace rondo {
namespace {

std::string id_text(event_id id) {
    return id == event_id{} ? std::string{} : to_string(id);
}

reconciled reconcile(transaction& tx, const event_notice& notice, const scoped_span& work) {
    return ensure_next_occurrence(tx, {.user = notice.owner, .traceparent = work.traceparent()}, notice.subject);
}

scoped_span span_of(const event_notice& notice) {
    scoped_span work{"process task-events", span_kind::consumer, notice.traceparent};
    work.set("messaging.message.id", id_text(notice.id));
    work.set("task_id", to_string(notice.subject));
    return work;
}

reconciled nothing_to_do() {
    return {.what = reconciled::outcome::ignored, .child = {}, .completed = {}};
}

dead_letter to_dead_letter(incoming_message message, std::string reason) {
    return {.origin = std::move(message.origin),
            .reason = std::move(reason),
            .content_type = std::move(message.content_type),
            .bytes = std::move(message.body)};
}

/// The write job that puts a message to the dead letters.
auto bury(dead_letter& letter) {
    return [&letter](transaction& tx) {
        letter.at = tx.now();
        tx.add_dead_letter(letter);
        return true;
    };
}

std::string trace_id(std::string_view traceparent) {
    return traceparent.size() == 55 ? std::string{traceparent.substr(3, 32)} : std::string{};
}

/// Why handling failed, if it did so for good. A broken environment is thrown on: it may work the next time.
std::string lasting_reason(std::exception_ptr failure) {
    try {
        std::rethrow_exception(std::move(failure));
    } catch (const unavailable&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw unavailable{"Out of memory."};
    } catch (const std::exception& failed) {
        return std::string{"Handling it failed: "} + failed.what();
    }
}

}  // namespace

std::string_view to_string(reconciled::outcome outcome) {
    switch (outcome) {
        case reconciled::outcome::created:
            return "created";
        case reconciled::outcome::exists:
            return "exists";
        case reconciled::outcome::retracted:
            return "retracted";
        case reconciled::outcome::ended:
            return "ended";
        case reconciled::outcome::ignored:
            break;
    }
    return "ignored";
}

consumer::consumer(store& target, metrics& meters) : store_{target}, metrics_{meters} {}

async<consumed> consumer::handle(incoming_message message) {
    const auto notice = decode_event(message);
    std::string reason;
    if (notice) {
        if (!notice->needs_reconciling())
            co_return report(*notice, nothing_to_do());
        scoped_span work = span_of(*notice);
        std::exception_ptr failure;
        try {
            auto done = co_await write(store_, [&](transaction& tx) { return reconcile(tx, *notice, work); });
            co_return report(*notice, std::move(done));
        } catch (...) {
            failure = std::current_exception();
        }
        work.fail();
        reason = lasting_reason(failure);
    } else {
        reason = notice.error();
    }
    auto letter = to_dead_letter(std::move(message), std::move(reason));
    co_await write(store_, bury(letter));
    co_return report_dropped(letter);
}

consumed consumer::handle_and_wait(incoming_message message) {
    const auto notice = decode_event(message);
    std::string reason;
    if (notice) {
        if (!notice->needs_reconciling())
            return report(*notice, nothing_to_do());
        scoped_span work = span_of(*notice);
        try {
            return report(*notice,
                          write_and_wait(store_, [&](transaction& tx) { return reconcile(tx, *notice, work); }));
        } catch (...) {
            work.fail();
            reason = lasting_reason(std::current_exception());
        }
    } else {
        reason = notice.error();
    }
    auto letter = to_dead_letter(std::move(message), std::move(reason));
    write_and_wait(store_, bury(letter));
    return report_dropped(letter);
}

std::vector<std::optional<consumed>> consumer::handle_and_wait(std::span<const stored_event> events) {
    struct handled {
        event_notice notice;
        std::optional<scoped_span> work{};
        reconciled done = nothing_to_do();
        std::exception_ptr failure{};
    };
    std::vector<handled> each;
    each.reserve(events.size());
    for (const stored_event& stored : events)
        each.push_back({.notice = to_notice(stored)});

    // Shared with the jobs' completions: the last of them may still be inside count_down() when wait() returns.
    const auto all = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(events.size()));
    for (handled& one : each) {
        if (!one.notice.needs_reconciling()) {
            all->count_down();
            continue;
        }
        one.work.emplace(span_of(one.notice));
        try {
            store_.submit_write(
                [&one](transaction& tx) {
                    one.done = reconcile(tx, one.notice, *one.work);
                    return store::verdict::keep;
                },
                [&one, all](std::exception_ptr failure) {
                    one.failure = std::move(failure);
                    all->count_down();
                });
        } catch (const unavailable&) {
            one.failure = std::current_exception();
            all->count_down();
        }
    }
    all->wait();

    std::vector<std::optional<consumed>> answers(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        handled& one = each[i];
        if (!one.failure) {
            answers[i] = report(one.notice, std::move(one.done));
            continue;
        }
        one.work->fail();
        try {
            auto letter = to_dead_letter({.body = to_cloud_event(events[i]),
                                          .content_type = std::string{cloud_event_content_type},
                                          .ce_type = {},
                                          .traceparent = {},
                                          .origin = "embedded"},
                                         lasting_reason(one.failure));
            write_and_wait(store_, bury(letter));
            answers[i] = report_dropped(letter);
        } catch (const unavailable&) {
            // left empty: the caller hands it in again
        }
    }
    return answers;
}

consumed consumer::report(const event_notice& notice, reconciled done) {
    metrics_.event_consumed(to_string(done.what));
    if (done.what == reconciled::outcome::created) {
        metrics_.task_created_by_recurrence();
        if (done.completed)
            metrics_.child_created(done.child->created_at - *done.completed);
        log(log_level::info, "Created recurring task",
            {{"event_id", id_text(notice.id)},
             {"task_id", to_string(done.child->id)},
             {"parent_task_id", to_string(notice.subject)},
             {"user_id", to_string(notice.owner)},
             {"trace_id", trace_id(notice.traceparent)}});
    }
    return {.what = consumed::verdict::success, .done = std::move(done), .reason = {}};
}

consumed consumer::report_dropped(const dead_letter& buried) {
    metrics_.event_consumed("dropped");
    metrics_.event_dead_lettered(buried.origin);
    log(log_level::warning, "Message put to the dead letters", {{"origin", buried.origin}, {"reason", buried.reason}});
    return {.what = consumed::verdict::drop, .done = {}, .reason = buried.reason};
}

}  // namespace rondo
