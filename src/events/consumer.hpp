#pragma once
// What every transport delivers to: reads the message, reconciles the task, stores what cannot be read.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/event_json.hpp"
#include "store/store.hpp"
#include "telemetry/metrics.hpp"
#include "usecases/ensure_next_occurrence.hpp"

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
    /// A batch out of the outbox, from the embedded transport: what needs work is given to the store all at once, so that it shares commits.
    /// Nothing where the database could not be reached: hand it in again.
    std::vector<std::optional<consumed>> handle_and_wait(std::span<const stored_event> events);

private:
    consumed report(const event_notice& notice, reconciled done);
    consumed report_dropped(const dead_letter& buried);

    store& store_;
    metrics& metrics_;
};

}  // namespace rondo
