#pragma once
// What every transport delivers to: reads the message, reconciles the task, stores what cannot be read.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/event_json.hpp"
#include "store/store.hpp"
#include "telemetry/metrics.hpp"
#include "usecases/tasks/ensure_next_occurrence.hpp"

namespace rondo {

struct consumed {
    enum class verdict : unsigned char { success, drop };
    verdict what = verdict::success;
    reconciled done{};           ///< with success
    std::string reason;          ///< with drop: why, as kept with the dead letter
};

/// "created", "exists", ...: as the endpoint answers it.
std::string_view to_string(reconciled::outcome);

/// Handles one message in one transaction, poison included: after it is answered, a drop is in the dead letters and a success is durable.
/// Throws `unavailable` when the database cannot be reached: deliver it again. Thread-safe.
class consumer {
public:
    consumer(store& target, metrics& meters);

    /// A message as it came in, for a transport that awaits.
    async<consumed> handle(incoming_message message);
    /// The same for a thread that may wait.
    consumed handle_and_wait(incoming_message message);
    /// A batch: what needs work is given to the store all at once, in order, so that it shares commits. Nothing where the database could not be
    /// reached: hand it in again.
    async<std::vector<std::optional<consumed>>> handle(std::vector<incoming_message> messages);
    std::vector<std::optional<consumed>> handle_and_wait(std::vector<incoming_message> messages);
    /// The same of events as they lie in the outbox.
    std::vector<std::optional<consumed>> handle_and_wait(std::span<const stored_event> events);

    /// Stores a message that somebody else has given up on, whatever it holds. Throws `unavailable`.
    async<consumed> bury_message(incoming_message message, std::string reason);

private:
    struct delivery;
    static std::vector<delivery> read(std::vector<incoming_message> messages);
    /// Submits the jobs of a batch; the last one to end calls `all_done`, on any thread.
    void start(std::span<delivery> each, std::function<void()> all_done);
    /// What has failed for good becomes a dead letter.
    static std::optional<dead_letter> letter_after_failure(delivery& one);
    std::vector<std::optional<consumed>> run_and_wait(std::span<delivery> each);
    std::vector<std::optional<consumed>> answers(std::span<delivery> each);
    consumed report(const event_notice& notice, reconciled done);
    consumed report_dropped(const dead_letter& buried);

    store& store_;
    metrics& metrics_;
};

}  // namespace rondo
