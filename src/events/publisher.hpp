#pragma once
// The way out for events: what each transport implements.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/outbox.hpp"

namespace rondo {

/// What became of one event.
enum class publish_result : unsigned char {
    acknowledged,  ///< it has reached the transport for good
    retry,         ///< not now; it may or may not have arrived: the same id is sent again
    rejected,      ///< it never will be taken (too large, malformed): to the dead letters
    unreachable,   ///< as `retry`, but the transport as a whole takes nothing: no other event would fare better
};

class publisher {
public:
    virtual ~publisher() = default;

    virtual std::string_view name() const = 0;  ///< "embedded", "dapr", "kafka"

    /// Publishes the events, in order within each owner; gives one result each. After a `retry` or `unreachable` of an owner's event, that owner's
    /// later ones in the batch are not acknowledged either. Called by the relay's thread alone; waits for the acknowledgements, at most a few
    /// seconds. Logs why something failed, once for each reason.
    virtual std::vector<publish_result> publish(std::span<const stored_event> events) = 0;
};

}  // namespace rondo
