#pragma once
// The keys that the program makes of people's text (text/keys.hpp, text/words.hpp), as the databases keep them: of which
// rules they are, and what becomes of tags whose names are the same by the rules of today.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace rondo {

/// What the one row of the table text_keys says.
struct text_keys_state {
    std::int64_t rules = 0;  ///< of which the keys are, see text_rules(); 0: none were made yet
    std::optional<std::int64_t> done_to;  ///< tasks up to this number have keys of those rules; none: all have
    bool gaps = false;  ///< of the other tasks, some have no words yet: a search looks at their text

    /// Titles can be sorted by their keys.
    bool is_complete() const;
};

/// What one step at the keys did.
struct made_text_keys {
    std::size_t looked_at = 0;
    std::int64_t left = 0;  ///< at most so many tasks are to be looked at
    bool is_others = false;  ///< the keys are of the rules of other servers, which are there: nothing to do here
};

/// What was merged, for the log.
struct merged_tags {
    std::int64_t tags = 0;  ///< that are there no more
    std::int64_t users = 0;  ///< who had them
    std::int64_t ties = 0;  ///< of tasks to them that go to the tag that stays
};
/// Says so in the log, if there was anything to merge.
void tell(const merged_tags& merged);

/// A tag as merging it sees it.
struct keyed_tag {
    std::int64_t number;
    uuid owner;
    std::string key;
    std::int64_t created_at;

    /// The older of two stays.
    bool stays_before(const keyed_tag& other) const {
        return created_at != other.created_at ? created_at < other.created_at : number < other.number;
    }
};

}  // namespace rondo
