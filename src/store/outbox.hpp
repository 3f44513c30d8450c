#pragma once
// The log of events, written with the change they tell of; what of it is still to be published; and the dead letters.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/event.hpp"

namespace rondo {

/// An event as it waits in the outbox. `data` is the event contract's `data` object as JSON text, encoded once when it
/// was appended.
struct stored_event {
    std::int64_t sequence;  ///< rises, among one owner's, in the order of commits
    event_id id;
    event_type type;
    user_id owner;  ///< the key within which order is kept
    task_id subject;
    instant at;
    std::string traceparent;
    std::string data;
    int attempts = 0;
    bool handled_locally = false;  ///< the consumer has seen it in-process while the transport was down
};

inline constexpr std::size_t outbox_pending_max =
    1'000'000;  ///< more unpublished events, and users' changes are refused

/// Which of a user's events: all conditions given must hold.
struct event_filter {
    std::optional<task_id> subject{};
    std::optional<event_type> type{};
    std::int64_t after = 0;                ///< only those of a higher sequence
    std::optional<std::int64_t> before{};  ///< only those of a lower one
    bool newest_first = false;             ///< else in the order in which they happened
};

struct outbox_state {
    std::int64_t pending = 0;
    std::optional<instant> oldest;
};

/// A message that cannot be handled, with its bytes: never lost, never retried for ever.
struct dead_letter {
    std::int64_t id = 0;  ///< given by the store
    instant at;
    std::string origin;       ///< where it came from: "endpoint", "relay", "topic"
    std::string reason;
    std::string content_type;
    std::string bytes;
};

class outbox_store {
public:
    /// Seen by the relay if, and only if, the transaction commits.
    virtual void append(const event& happened) = 0;

    /// The oldest unpublished events whose key is not waiting (see `postpone`), in order of sequence.
    virtual std::vector<stored_event> pending_events(std::size_t limit, instant now) const = 0;
    /// The same for one of several relays, which calls itself `holder`: no other is given events of these owners until
    /// `release_claims`, or until `lease` has passed. An engine whose data only one process publishes has no other.
    virtual std::vector<stored_event> claim_events(std::size_t limit, instant now, uuid holder,
                                                   std::chrono::milliseconds lease) = 0;
    virtual void release_claims(uuid holder) = 0;
    /// When the earliest postponed event may be tried again, if any is; in the past if it has fallen due meanwhile.
    virtual std::optional<instant> next_attempt_at() const = 0;
    virtual void mark_published(std::span<const std::int64_t> sequences, instant now) = 0;
    virtual void mark_handled_locally(std::span<const std::int64_t> sequences) = 0;
    /// Counts a failed attempt; the event, and with it every later event of its key, waits until then.
    virtual void postpone(std::int64_t sequence, instant until) = 0;
    /// The oldest unpublished events that the consumer has not seen in-process, waiting or not. Up to the sequence `after` the
    /// caller knows of none: an engine may spare itself the search, unless a later commit may bring an earlier sequence.
    virtual std::vector<stored_event> unhandled_events(std::int64_t after, std::size_t limit) const = 0;
    virtual outbox_state outbox() const = 0;
    /// Whether at least so many events are unpublished. Cheap as long as they are far fewer.
    virtual bool outbox_holds(std::size_t count) const = 0;

    /// The user's event, published or not; `attempts` and `handled_locally` are not told.
    virtual std::optional<stored_event> find_event(user_id owner, event_id id) const = 0;
    /// At most `limit` of the user's events, as above, in order of sequence. Events outlive their task.
    virtual std::vector<stored_event> list_events(user_id owner, const event_filter& filter,
                                                  std::size_t limit) const = 0;

    virtual void add_dead_letter(const dead_letter& added) = 0;
    virtual std::vector<dead_letter> list_dead_letters(std::size_t limit) const = 0;
    virtual std::optional<dead_letter> find_dead_letter(std::int64_t id) const = 0;
    /// False if it is not there.
    virtual bool drop_dead_letter(std::int64_t id) = 0;

protected:
    ~outbox_store() = default;
};

}  // namespace rondo
