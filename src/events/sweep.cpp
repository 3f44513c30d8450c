#include "events/sweep.hpp"

#include <cassert>
#include <string>
#include <utility>
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

bool sweep::follow_time_zones() {
    const std::string before = tz_database_in_use().version;
    const auto seen = zones_.look();
    if (seen == tz_watch::seen::refused) {
        if (std::exchange(zone_trouble_, zones_.trouble()) != zones_.trouble())
            log(log_level::warning,
                zone_trouble_ +
                    ": time zones stay those of the tz database that was read before. Install tzdata again.",
                {{"version", before}});
        return false;
    }
    if (seen != tz_watch::seen::writing && !std::exchange(zone_trouble_, {}).empty())
        log(log_level::info, "The tz database is whole again");
    if (seen != tz_watch::seen::taken)
        return false;
    const auto used = tz_database_in_use();
    const auto today = floor<std::chrono::days>(time_.now());
    log(log_level::info, "Time zones changed: tz database " + describe(used, today), {{"before", before}});
    if (const auto warning = tz_warning(used.version, tz_version_built_with(), today))
        log(log_level::warning, *warning);
    return true;
}

void sweep::tell_missing_zones() {
    const auto missing = tz_database_in_use().missing;
    if (missing.size() > missing_zones_) {
        std::string names;
        for (const std::string& name : missing)
            names += (names.empty() ? "" : ", ") + name;
        log(log_level::warning,
            "Tasks or users are in time zones that the tz database has not: they go on by the rules last known, or by "
            "UTC. Install the newest tzdata, or choose other zones.",
            {{"zones", names}});
    }
    missing_zones_ = missing.size();
}

void sweep::run() {
    constexpr auto never = std::chrono::steady_clock::time_point::max();
    auto purge_at = std::chrono::steady_clock::now();
    auto redate_again_at = purge_at + purge_interval;
    while (!stopping()) {
        const auto now = std::chrono::steady_clock::now();
        if (follow_time_zones()) {
            redated_up_to_ = task_id{};
            redate_again_at = now + purge_interval;
        } else if (now >= redate_again_at && !redated_up_to_) {
            redated_up_to_ = task_id{};
            redate_again_at = never;
        }
        try {
            if (now < purge_at) {
                redate();
                mend();
            } else {
                purge_at = now + purge_interval;
                run_once();
            }
        } catch (const std::exception& failed) {
            log(log_level::error, "Sweep failed, trying again later", {{"reason", failed.what()}});
        }
        tell_missing_zones();
        std::unique_lock lock{mutex_};
        woken_.wait_for(lock, mend_interval, [this] { return stopping_; });
    }
}

}  // namespace rondo
