#pragma once
// Tasks and tags as the contract's JSON.

#include <span>
#include <string>

#include "store/tasks.hpp"

namespace rondo {

/// A due date as the contract writes it: a date, or the local time with its offset; in a gap of the clocks, the time
/// that the wall clock shows instead.
std::string shown_due(const due& when, const time_zone& zone);

std::string to_json(const task& shown);
std::string to_json(std::span<const task> shown);
/// How it repeats, alone: `timezone` to `recurring_end_date`.
std::string rule_to_json(const task& shown);
/// With `deleted_at`.
std::string to_json(std::span<const found_task> trashed);

/// With `task_count`.
std::string to_json(const tag_count& shown);
std::string to_json(std::span<const tag_count> shown);

}  // namespace rondo
