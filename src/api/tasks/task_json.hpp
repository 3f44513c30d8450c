#pragma once
// Tasks and tags as the contract's JSON.

#include <span>
#include <string>

#include "store/tasks.hpp"

namespace rondo {

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
