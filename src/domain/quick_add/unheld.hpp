#pragma once
// The phrases of days and times that a task cannot hold, or that may mean several things. They stay title, and the answer
// tells why.

#include <cstddef>
#include <string>

#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/words.hpp"

namespace rondo::quick {

struct unheld {
    std::size_t words = 0;  ///< 0: none
    std::string why{};  ///< a sentence for the one who wrote it, without a full stop
};

/// `every 8 hours`, `3x a day`, `a week before every 1st`, `in june`, `feb 30`, `12/1` without a locale. To be asked where
/// nothing that can be read begins.
unheld unheld_in(phrase words, const context& when);

}  // namespace rondo::quick
