#pragma once
// Where a page of tasks ended, as the opaque text in the link to the next one.

#include <optional>
#include <string>
#include <string_view>

#include "store/tasks.hpp"

namespace rondo {

/// The list that a cursor belongs to: it opens in no other.
struct listing {
    user_id owner;
    sort_key sort;
    bool descending;
};

/// `secret_key`: SECRET_KEY, so that nobody else can make one.
std::string seal_cursor(const task_cursor& at, const listing& of, std::string_view secret_key);

/// Nothing for a text that seal_cursor did not make for this listing.
std::optional<task_cursor> open_cursor(std::string_view text, const listing& of, std::string_view secret_key);

}  // namespace rondo
