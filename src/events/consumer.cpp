#include "events/consumer.hpp"

#include <atomic>
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

/// One message of a batch on its way through.
struct consumer::delivery {
    incoming_message message{};             ///< as it came in
    const stored_event* stored = nullptr;   ///< or: where it lies in the outbox
    event_notice notice{};
    std::optional<dead_letter> letter{};    ///< what it becomes when it cannot be handled
    std::optional<scoped_span> work{};
    reconciled done = nothing_to_do();
    std::exception_ptr failure{};
};

std::vector<consumer::delivery> consumer::read(std::vector<incoming_message> messages) {
    std::vector<delivery> each(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        each[i].message = std::move(messages[i]);
        if (auto notice = decode_event(each[i].message))
            each[i].notice = *std::move(notice);
        else
            each[i].letter = to_dead_letter(std::move(each[i].message), notice.error());
    }
    return each;
}

void consumer::start(std::span<delivery> each, std::function<void()> all_done) {
    // Shared with the jobs' completions: the last of them calls `all_done` and may still be inside it when the batch is gone.
    struct countdown {
        std::atomic<std::size_t> left;
        std::function<void()> at_zero;
        void one_less() {
            if (left.fetch_sub(1) == 1)
                at_zero();
        }
    };
    const auto all = std::make_shared<countdown>(each.size() + 1, std::move(all_done));
    for (delivery& one : each) {
        store::write_job job;
        if (one.letter) {
            job = [&one](transaction& tx) {
                bury (*one.letter)(tx);
                return store::verdict::keep;
            };
        } else if (one.notice.needs_reconciling()) {
            one.work.emplace(span_of(one.notice));
            job = [&one](transaction& tx) {
                one.done = reconcile(tx, one.notice, *one.work);
                return store::verdict::keep;
            };
        } else {
            all->one_less();
            continue;
        }
        try {
            store_.submit_write(std::move(job), [&one, all](std::exception_ptr failure) {
                one.failure = std::move(failure);
                all->one_less();
            });
        } catch (...) {
            one.failure = std::current_exception();
            all->one_less();
        }
    }
    all->one_less();
}

std::optional<dead_letter> consumer::letter_after_failure(delivery& one) {
    if (!one.failure)
        return std::nullopt;
    if (one.work)
        one.work->fail();
    try {
        auto reason = lasting_reason(one.failure);
        if (one.letter)
            return one.letter;
        if (one.stored)
            one.message = {.body = to_cloud_event(*one.stored),
                           .content_type = std::string{cloud_event_content_type},
                           .ce_type = {},
                           .traceparent = {},
                           .origin = "embedded"};
        return to_dead_letter(std::move(one.message), std::move(reason));
    } catch (const unavailable&) {
        return std::nullopt;  // it may work the next time
    }
}

std::vector<std::optional<consumed>> consumer::answers(std::span<delivery> each) {
    std::vector<std::optional<consumed>> given(each.size());
    for (std::size_t i = 0; i < each.size(); ++i)
        if (!each[i].failure)
            given[i] =
                each[i].letter ? report_dropped(*each[i].letter) : report(each[i].notice, std::move(each[i].done));
    return given;
}

std::vector<std::optional<consumed>> consumer::run_and_wait(std::span<delivery> each) {
    const auto all = std::make_shared<std::latch>(1);
    start(each, [all] { all->count_down(); });
    all->wait();
    for (delivery& one : each) {
        if (auto letter = letter_after_failure(one)) {
            try {
                write_and_wait(store_, bury(*letter));
                one.letter = std::move(letter);
                one.failure = nullptr;
            } catch (const unavailable&) {
                // stays failed: it is handed in again
            }
        }
    }
    return answers(each);
}

std::vector<std::optional<consumed>> consumer::handle_and_wait(std::span<const stored_event> events) {
    std::vector<delivery> each(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        each[i].stored = &events[i];
        each[i].notice = to_notice(events[i]);
    }
    return run_and_wait(each);
}

std::vector<std::optional<consumed>> consumer::handle_and_wait(std::vector<incoming_message> messages) {
    auto each = read(std::move(messages));
    return run_and_wait(each);
}

async<std::vector<std::optional<consumed>>> consumer::handle(std::vector<incoming_message> messages) {
    auto each = read(std::move(messages));
    auto on = co_await asio::this_coro::executor;
    co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void()>(
        [&](auto handler) {
            const auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
            start(each, [on, waiting] {
                asio::post(on, [handler = std::move(*waiting)]() mutable { std::move(handler)(); });
            });
        },
        asio::use_awaitable_t<executor>{});
    for (delivery& one : each) {
        if (auto letter = letter_after_failure(one)) {
            try {
                co_await write(store_, bury(*letter));
                one.letter = std::move(letter);
                one.failure = nullptr;
            } catch (const unavailable&) {
                // stays failed: it is handed in again
            }
        }
    }
    co_return answers(each);
}

async<consumed> consumer::bury_message(incoming_message message, std::string reason) {
    auto letter = to_dead_letter(std::move(message), std::move(reason));
    co_await write(store_, bury(letter));
    co_return report_dropped(letter);
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
