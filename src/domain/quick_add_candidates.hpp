#pragma once
// The phrases of a line that could be read, and which of them are.

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "domain/quick_add.hpp"
#include "domain/quick_add_dates.hpp"
#include "domain/quick_add_repeats.hpp"
#include "domain/quick_add_words.hpp"

namespace rondo::quick {

/// What a phrase settles. Of two that settle the same the later counts: the title comes first.
enum slot : unsigned {
    no_slot = 0,
    priority_slot = 1,
    day_slot = 2,
    clock_slot = 4,
    part_slot = 8,
    repeat_slot = 16,
    mode_slot = 32,
    limit_slot = 64
};

struct tag_name {
    std::string name;
};

/// Words that may be read as something.
struct candidate {
    std::size_t begin;
    std::size_t end;
    quick_kind as;
    unsigned slots;
    std::variant<tag_name, task_priority, said_day, said_time, said_repeat, repeat_mode, said_limit> says;
    condition counts = condition::always;
    bool only_repeating = false;  ///< means nothing where nothing repeats
    bool is_banned = false;
    bool is_read = false;
};

/// Every phrase that could be read, from left to right, none over another.
std::vector<candidate> find_candidates(const std::vector<word>& words, const context& when);

/// Sets `is_read` of those that are: of two that settle the same the later one; none that means nothing where it stands.
void choose(const std::vector<word>& words, std::vector<candidate>& found, const context& when);

}  // namespace rondo::quick
