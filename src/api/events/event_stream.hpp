#pragma once
// A user's events as they happen, as server-sent events (HTML Living Standard, section 9.2).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "api/live_events.hpp"
#include "api/services.hpp"
#include "http/message.hpp"

namespace rondo {

inline constexpr std::chrono::milliseconds stream_heartbeat{15'000};
inline constexpr std::size_t stream_batch_max = 100;  ///< events in one piece

class event_stream final : public http::body_stream {
public:
    /// Whose they are, and for how long he may listen.
    struct listener {
        user_id user;
        session_id session;
        instant until;
    };

    /// Where it begins.
    struct beginning {
        std::int64_t after = 0;  ///< a sequence
        /// That of what the listener saw last nothing is known, so that something may be missing before: a `reset` event that
        /// carries the id of the newest event, if there is one.
        bool is_reset = false;
        std::optional<event_id> newest{};
    };

    /// The events from `begin` on. Ends when the listener's session does.
    event_stream(const services& with, listener who, std::unique_ptr<live_events::follower> news, beginning begin);

    async<std::optional<std::string>> next() override;
    void cancel() override;

private:
    struct found;

    found look(const transaction& tx) const;
    std::chrono::milliseconds patience() const;

    const services& with_;
    listener who_;
    std::unique_ptr<live_events::follower> news_;
    std::int64_t last_;
    std::string greeting_;
    bool begun_ = false;
    bool more_ = false;  ///< there were more than one piece may hold
    bool cancelled_ = false;
};

}  // namespace rondo
