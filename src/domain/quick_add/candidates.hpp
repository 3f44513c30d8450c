#pragma once
// The phrases of a line that could be read, and which of them are.

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/repeats.hpp"
#include "domain/quick_add/phrases/words.hpp"
#include "domain/quick_add/quick_add.hpp"
#include "domain/quick_add/unheld.hpp"

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

/// Words that may be read as something, or that are known not to be readable.
struct candidate {
    std::size_t begin;
    std::size_t end;
    quick_kind as;
    unsigned slots;
    std::variant<tag_name, task_priority, said_day, said_time, said_repeat, repeat_mode, said_limit, unheld> says;
    condition counts = condition::always;
    bool only_repeating = false;  ///< means nothing where nothing repeats
    bool is_banned = false;
    bool is_taken_back = false;  ///< it would be half of something: nothing before it is read in its place
    bool is_read = false;

    bool is_unheld() const { return std::holds_alternative<unheld>(says); }
    /// Part of when it is due or repeats.
    bool is_of_time() const { return as != quick_kind::title && as != quick_kind::tag && as != quick_kind::priority; }
};

/// Every phrase that could be read, from left to right, none over another.
std::vector<candidate> find_candidates(const std::vector<word>& words, const context& when);

/// Words of a day or time that are not read.
struct unread_words {
    std::size_t begin;
    std::size_t end;
    std::string why;
};

/// Sets `is_read` of those that are: of two that settle the same the later one; none that means nothing where it stands; none
/// that stands beside a day or time that is not read. Gives what was not read for that, or because no task can hold it.
std::vector<unread_words> choose(const std::vector<word>& words, std::vector<candidate>& found, const context& when);

}  // namespace rondo::quick
