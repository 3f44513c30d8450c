#pragma once
// Places at which a debug build can be stopped, made to fail, or held up; docs/testing.md says how. In a release nothing
// of it is left.

#include <cstdint>

namespace rondo {

/// In the order in which a completed task comes by them.
enum class failpoint : std::uint8_t {
    before_begin,  ///< a writing transaction is about to begin
    after_begin,
    after_task_row,  ///< a user's change of a task is written, its event is not
    after_outbox_row,  ///< both are, and neither is committed
    before_commit,
    after_commit,
    before_answer,  ///< nobody has been told of the commit
    after_claim,  ///< the relay has events in hand
    after_child_row,  ///< the next occurrence is written, its own event is not
    after_publish,  ///< the transport has taken the events, the outbox does not know it
    after_mark_sent,
    before_offset,  ///< Kafka: the messages are handled, and not yet ticked off
    after_offset,
};

/// Does what the file that RONDO_FAILPOINTS names asks for at this place. Throws `unavailable` for `fail`.
#ifdef RONDO_FAILPOINTS_BUILT
void reach(failpoint where);
#else
inline void reach(failpoint) {}
#endif

}  // namespace rondo
