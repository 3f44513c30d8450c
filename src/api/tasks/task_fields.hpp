#pragma once
// A request's JSON as the fields of a task.

#include <optional>
#include <vector>

#include <boost/json/object.hpp>

#include "api/wire/json_reader.hpp"
#include "usecases/tasks/judge_changes.hpp"

namespace rondo {

enum class task_body : bool { of_new_task, of_change };

struct task_fields {
    task_changes changes;
    std::optional<tag_choice> tags;
    std::vector<fault> faults;  ///< of fields that could not be read; `changes` lacks those
};

/// Reads what is given. Fields that are only shown (`id`, `version`, ...) are passed over, so that a fetched task can
/// be sent back.
task_fields read_task_fields(const boost::json::object& object, task_body kind);

/// The name of a time zone; a fault names the one that was likely meant.
std::optional<time_zone> read_zone(object_reader& body, std::string_view name);

/// The body of a toggle: `completed_at`, or nothing.
result<std::optional<instant>> read_completed_at(const boost::json::object& object);

/// The error for fields that could not be read, with what else does not fit of those that could: every fault at once.
error every_fault(const task_fields& read, const result<judged_task>& judged);

}  // namespace rondo
