#pragma once
// Events as they lie in the outbox, made for the tests of transports.

#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "domain/event.hpp"
#include "store/outbox.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

namespace rondo::test {

class event_maker {
public:
    explicit event_maker(std::uint64_t seed = 1) : random_{seed} {}

    user_id owner() { return new_id<user_id>(); }

    /// The next event, of a task of its own, with at least so many bytes of data.
    stored_event event(user_id owner, std::size_t bytes = 0, event_type type = event_type::updated) {
        const auto subject = new_id<task_id>();
        std::string data = R"({"event_type":")";
        data.append(type == event_type::completed ? "task-completed" : to_string(type));
        data.append(R"(","task_id":")").append(to_string(subject));
        data.append(R"(","user_id":")").append(to_string(owner));
        data.append(R"(","title":")").append(bytes, 'x').append("\"}");
        return {.sequence = ++last_,
                .id = new_id<event_id>(),
                .type = type,
                .owner = owner,
                .subject = subject,
                .at = time_.now(),
                .traceparent = {},
                .data = data};
    }

private:
    template <class Id>
    Id new_id() {
        return {make_uuid_v7(time_.now(), random_)};
    }

    manual_clock time_;
    seeded_random random_;
    std::int64_t last_ = 0;
};

}  // namespace rondo::test
