#include "events/sweep.hpp"

#include <cassert>
#include <string>
#include <vector>

#include "telemetry/log.hpp"

namespace rondo {

sweep::sweep(store& target, metrics& meters, const clock& time)
    : store_{target}, consumer_{target, meters}, time_{time} {}

sweep::~sweep() {
    stop();
}

void sweep::start() {
    assert(!thread_.joinable());
    thread_ = std::thread{[this] { run(); }};
}

void sweep::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        woken_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

bool sweep::stopping() {
    const std::lock_guard lock{mutex_};
    return stopping_;
}

sweep::swept sweep::run_once() {
    return {.redated = redate(), .mended = mend(), .purged = purge()};
}

/// Missing children come to light when a message was lost on its way: made here, they are late, but they are made.
std::size_t sweep::mend() {
    std::size_t mended = 0;
    while (!stopping()) {
        const auto before = time_.now() - sweep_leaves_to_relay;
        const auto found = read_and_wait(store_, [&](const transaction& tx) {
            std::vector<stored_event> notices;
            for (const auto& [owner, id] : tx.missing_children(sweep_batch_max))
                if (const auto completed = tx.find_task(owner, id); completed && completed->updated_at <= before)
                    notices.push_back({.sequence = 0,
                                       .id = {},
                                       .type = event_type::completed,
                                       .owner = owner,
                                       .subject = id,
                                       .at = tx.now(),
                                       .traceparent = {},
                                       .data = {}});
            return notices;
        });
        std::size_t handled = 0;
        for (const auto& answer : consumer_.handle_and_wait(found))
            handled += answer && answer->what == consumed::verdict::success ? 1 : 0;
        mended += handled;
        // Fewer than a batch: that was all. None handled: they would only be found again.
        if (found.size() < sweep_batch_max || handled == 0)
            break;
    }
    if (mended > 0)
        log(log_level::warning, "Completed tasks lacked their next occurrence", {{"mended", std::to_string(mended)}});
    return mended;
}

std::size_t sweep::purge() {
    std::size_t purged = 0;
    for (std::size_t gone = sweep_batch_max; gone >= sweep_batch_max && !stopping(); purged += gone) {
        const auto now = time_.now();
        gone = write_and_wait(store_, [&](transaction& tx) {
            return tx.purge_trash(now - trash_kept, sweep_batch_max) +
                   tx.purge_accounts(now - kept_throttles, now - kept_answers, now - kept_sessions, sweep_batch_max);
        });
    }
    return purged;
}

std::size_t sweep::redate() {
    std::size_t changed = 0;
    while (redated_up_to_ && !stopping()) {
        const auto batch = write_and_wait(
            store_, [&](transaction& tx) { return tx.refresh_due_instants(*redated_up_to_, sweep_batch_max); });
        redated_up_to_ = batch.last;
        changed += batch.changed;
    }
    if (changed > 0)
        log(log_level::info, "Due dates follow the changed rules of their time zones",
            {{"tasks", std::to_string(changed)}});
    return changed;
}

void sweep::run() {
    auto purge_at = std::chrono::steady_clock::now();
    while (!stopping()) {
        const auto now = std::chrono::steady_clock::now();
        try {
            if (now < purge_at) {
                mend();
            } else {
                purge_at = now + purge_interval;
                run_once();
            }
        } catch (const std::exception& failed) {
            log(log_level::error, "Sweep failed, trying again later", {{"reason", failed.what()}});
        }
        std::unique_lock lock{mutex_};
        woken_.wait_for(lock, mend_interval, [this] { return stopping_; });
    }
}

}  // namespace rondo
