#pragma once
// The phrases of quick add that say how a task repeats, for how long, and what counts when it is late.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/lengths.hpp"
#include "domain/quick_add/phrases/schedules.hpp"
#include "domain/quick_add/phrases/words.hpp"
#include "domain/recurrence/recurrence.hpp"

namespace rondo::quick {

/// `every 2 weeks on tue`, `monthly`, `on mondays`, `3 days` before `after done`. `after_every`: the word before is `every!`.
/// `before` is the key of the word before it.
said_repeat repeat_in(phrase words, bool after_every, std::string_view before, const context& when);

struct said_mode {
    std::size_t words = 0;  ///< 0: no mode
    repeat_mode mode{};
};

/// `after completion`, `skipping missed`, `keep missed`, `each one`
said_mode mode_in(phrase words);

struct for_units {
    int count;
    unit of;
};

struct said_limit {
    std::size_t words = 0;  ///< 0: no limit
    std::variant<std::chrono::local_days, for_units, int> limit{};  ///< a last day, a length, or so many times
};

/// `until june`, `for 5 weeks`, `10 times` (right behind something that is read, or behind `for`). `after_start`: right
/// behind `from june`, where `to august` is a limit, too.
said_limit limit_in(phrase words, bool after_read, bool after_start, const context& when);

}  // namespace rondo::quick
