#include "events/relay.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/failpoint.hpp"
#include "events/event_json.hpp"
#include "telemetry/log.hpp"
#include "telemetry/trace.hpp"

namespace rondo {
namespace {

// A wake-up is never missed; an hour is cheap insurance against a clock set back. Where others share the outbox, what one that
// died had in hand is looked for more often.
constexpr std::chrono::hours idle_max{1};
constexpr std::chrono::seconds shared_idle_max{5};

/// Publishes, with a span for each event in the trace of the change that made it.
std::vector<publish_result> publish_traced(publisher& out, std::span<const stored_event> events) {
    std::vector<scoped_span> spans;
    spans.reserve(events.size());
    for (const stored_event& one : events) {
        auto& work = spans.emplace_back("publish task-events", span_kind::producer, one.traceparent);
        work.set("messaging.message.id", to_string(one.id));
    }
    auto results = out.publish(events);
    assert(results.size() == events.size());
    for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i] != publish_result::acknowledged)
            spans[i].fail();
    return results;
}

}  // namespace

std::chrono::milliseconds relay_backoff(int attempts, random_source& random) {
    const std::chrono::milliseconds most{relay_backoff_max};
    const auto full = std::min(most, relay_backoff_min * (1 << std::clamp(attempts, 0, 20)));
    std::uint16_t dice = 0;
    random.fill(std::as_writable_bytes(std::span{&dice, 1}));
    return full - full * dice / (2 * 65'536);
}

/// What one pass leaves behind, in one transaction.
struct relay::outcome {
    std::vector<std::int64_t> finished;  ///< acknowledged or rejected
    std::vector<const stored_event*> heads;  ///< the first event of each key that has to wait
    std::vector<const stored_event*> rejected;
    bool unreachable = false;  ///< the transport as a whole; its events are left as they are
};

relay::outcome relay::sort_out(std::span<const stored_event> events, std::span<const publish_result> results) {
    outcome sorted;
    std::unordered_set<user_id> waiting;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const stored_event& one = events[i];
        if (results[i] == publish_result::unreachable) {
            sorted.unreachable = true;
            continue;
        }
        if (results[i] == publish_result::retry) {
            if (waiting.insert(one.owner).second)
                sorted.heads.push_back(&one);
            continue;
        }
        if (results[i] == publish_result::rejected)
            sorted.rejected.push_back(&one);
        sorted.finished.push_back(one.sequence);
    }
    return sorted;
}

relay::relay(store& outbox, publisher& out, metrics& meters, const clock& time, random_source& random,
             std::optional<local_handling> while_down)
    : outbox_{outbox},
      out_{out},
      metrics_{meters},
      time_{time},
      random_{random},
      while_down_{while_down},
      holder_{make_uuid_v7(time.now(), random)} {}

relay::~relay() {
    stop();
}

void relay::start() {
    assert(!thread_.joinable());
    thread_ = std::thread{[this] { run(); }};
}

void relay::wake() {
    if (work_.exchange(true))
        return;  // told already, and not yet looked
    const std::lock_guard lock{mutex_};
    woken_.notify_one();
}

void relay::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        woken_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

bool relay::run_once() {
    const auto now = time_.now();
    if (waits_for_transport(now))
        return handle_locally(now);
    const auto events = take_in_hand(now);
    if (events.empty())
        return false;

    reach(failpoint::after_claim);
    const auto sorted = sort_out(events, publish_traced(out_, events));
    reach(failpoint::after_publish);
    const bool some_answered = !sorted.finished.empty() || !sorted.heads.empty();
    if (some_answered)
        note_recovery(now);
    if (some_answered || outbox_.is_shared())
        record(sorted);
    if (sorted.unreachable)
        note_outage(now);
    return sorted.unreachable ? handle_locally(now) : true;
}

std::vector<stored_event> relay::take_in_hand(instant now) {
    if (outbox_.is_shared())
        return write_and_wait(
            outbox_, [&](transaction& tx) { return tx.claim_events(relay_batch_max, now, holder_, relay_lease); });
    return read_and_wait(outbox_, [&](const transaction& tx) { return tx.pending_events(relay_batch_max, now); });
}

void relay::record(const outcome& sorted) {
    write_and_wait(outbox_, [&](transaction& tx) {
        for (const stored_event* one : sorted.rejected)
            tx.add_dead_letter({.at = tx.now(),
                                .origin = "relay",
                                .reason = "The transport " + std::string{out_.name()} + " refused it for good.",
                                .content_type = std::string{cloud_event_content_type},
                                .bytes = to_cloud_event(*one)});
        tx.mark_published(sorted.finished, tx.now());
        for (const stored_event* one : sorted.heads)
            tx.postpone(one->sequence, tx.now() + relay_backoff(one->attempts, random_));
        tx.release_claims(holder_);
        return true;
    });

    reach(failpoint::after_mark_sent);
    for (std::size_t left = sorted.finished.size() - sorted.rejected.size(); left > 0; --left)
        metrics_.event_published(out_.name());
    for (const stored_event* one : sorted.rejected) {
        metrics_.event_dead_lettered("relay");
        log(log_level::error, "Event rejected by the transport",
            {{"event_id", to_string(one->id)},
             {"task_id", to_string(one->subject)},
             {"user_id", to_string(one->owner)}});
    }
    if (!sorted.heads.empty())
        log(log_level::warning, "Events not published, trying again",
            {{"transport", std::string{out_.name()}},
             {"keys", std::to_string(sorted.heads.size())},
             {"event_id", to_string(sorted.heads.front()->id)},
             {"attempt", std::to_string(sorted.heads.front()->attempts + 1)}});
}

void relay::note_outage(instant now) {
    if (!outage_) {
        outage_.emplace(outage{.since = now, .next_attempt = now});
        log(log_level::warning, "Transport out of reach, events wait", {{"transport", std::string{out_.name()}}});
    }
    // The time an attempt took is no part of the wait.
    outage_->next_attempt = time_.now() + relay_backoff(outage_->attempts++, random_);
}

void relay::note_recovery(instant now) {
    if (!outage_)
        return;
    const auto lasted = std::chrono::duration_cast<std::chrono::seconds>(now - outage_->since);
    log(log_level::info, "Transport within reach again",
        {{"transport", std::string{out_.name()}}, {"lasted_s", std::to_string(lasted.count())}});
    outage_.reset();
}

bool relay::waits_for_transport(instant now) const {
    return outage_ && now < outage_->next_attempt && outage_->next_attempt - now <= relay_backoff_max;
}

bool relay::handle_locally(instant now) {
    if (!while_down_ || !outage_ || now - outage_->since < while_down_->after)
        return false;
    const auto events = read_and_wait(
        outbox_, [&](const transaction& tx) { return tx.unhandled_events(handled_up_to_, relay_batch_max); });
    if (events.empty())
        return false;
    if (!std::exchange(outage_->handled_locally, true))
        log(log_level::warning, "Transport still out of reach, events are handled in this process too",
            {{"transport", std::string{out_.name()}}});
    const auto answers = while_down_->events.handle_and_wait(events);
    std::vector<std::int64_t> done;  // up to the first that could not be handled
    for (std::size_t i = 0; i < events.size() && answers[i]; ++i)
        done.push_back(events[i].sequence);
    if (done.empty())
        throw unavailable{"The database did not take what the events ask for."};
    write_and_wait(outbox_, [&](transaction& tx) {
        tx.mark_handled_locally(done);
        return true;
    });
    handled_up_to_ = done.back();
    return true;
}

void relay::run() {
    int failures = 0;
    for (;;) {
        {
            const std::lock_guard lock{mutex_};
            if (stopping_)
                return;
        }
        try {
            work_ = false;
            while (run_once()) {
                failures = 0;
                const std::lock_guard lock{mutex_};
                if (stopping_)
                    return;
            }
            sleep(until_next_attempt());
            failures = 0;
        } catch (const std::exception& failed) {
            // The database does not answer, or there is a mistake of ours: either way the events stay where they are.
            log(log_level::error, "Relay failed, waiting", {{"reason", failed.what()}});
            pause(std::min<std::chrono::milliseconds>(relay_store_wait_max, relay_backoff(failures++, random_)));
        }
    }
}

void relay::sleep(std::chrono::milliseconds at_most) {
    std::unique_lock lock{mutex_};
    woken_.wait_for(lock, at_most, [this] { return stopping_ || work_; });
}

void relay::pause(std::chrono::milliseconds lasting) {
    std::unique_lock lock{mutex_};
    woken_.wait_for(lock, lasting, [this] { return stopping_; });
}

std::chrono::milliseconds relay::until_next_attempt() {
    const auto now = time_.now();
    std::chrono::milliseconds wait = outbox_.is_shared() ? std::chrono::milliseconds{shared_idle_max} : idle_max;
    const auto no_longer_than = [&](instant next) {
        wait = std::min(wait, std::max<std::chrono::milliseconds>(next - now, std::chrono::milliseconds{1}));
    };
    if (outage_) {
        no_longer_than(outage_->next_attempt);
        if (while_down_ && now < outage_->since + while_down_->after)
            no_longer_than(outage_->since + while_down_->after);
        return wait;
    }
    if (const auto next = read_and_wait(outbox_, [](const transaction& tx) { return tx.next_attempt_at(); }))
        no_longer_than(*next);
    return wait;
}

}  // namespace rondo
