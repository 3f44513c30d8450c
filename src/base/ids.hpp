#pragma once
// UUIDs, and ids that cannot be mixed up: a task_id is not a user_id.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace rondo {

/// 128 bits in network order (RFC 9562).
struct uuid {
    std::array<std::uint8_t, 16> bytes{};
    friend auto operator<=>(const uuid&, const uuid&) = default;
};

/// A UUIDv7: ordered by `now` to the millisecond, random after that (RFC 9562, section 5.7).
uuid make_uuid_v7(instant now, random_source& random);

/// 36 characters, lower case.
std::string to_string(const uuid& value);

/// Reads the form 8-4-4-4-12, in either case; nothing else.
std::optional<uuid> parse_uuid(std::string_view text);

/// A UUID that names one kind of thing.
template <class Kind>
struct id {
    uuid value{};
    friend auto operator<=>(const id&, const id&) = default;
};

template <class Kind>
std::string to_string(const id<Kind>& value) {
    return to_string(value.value);
}

template <class Id>
std::optional<Id> parse_id(std::string_view text) {
    const auto parsed = parse_uuid(text);
    return parsed ? std::optional{Id{*parsed}} : std::nullopt;
}

using user_id = id<struct user_kind>;
using session_id = id<struct session_kind>;
using task_id = id<struct task_kind>;
using tag_id = id<struct tag_kind>;
using event_id = id<struct event_kind>;

}  // namespace rondo

template <>
struct std::hash<rondo::uuid> {
    std::size_t operator()(const rondo::uuid& value) const noexcept {
        std::size_t tail;  // the random half of a UUIDv7
        std::memcpy(&tail, value.bytes.data() + 8, sizeof tail);
        return tail;
    }
};

template <class Kind>
struct std::hash<rondo::id<Kind>> {
    std::size_t operator()(const rondo::id<Kind>& value) const noexcept {
        return std::hash<rondo::uuid>{}(value.value);
    }
};
