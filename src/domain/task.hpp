#pragma once
// What a task is, and what may become of it. Pure functions of values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/rfc3339.hpp"
#include "domain/recurrence/recurrence.hpp"
#include "domain/tag.hpp"

namespace rondo {

inline constexpr std::size_t title_max = 200;          // characters, after trimming
inline constexpr std::size_t description_max = 10'000;  // characters
inline constexpr int interval_max = 999;

enum class task_status : std::uint8_t { pending, in_progress, done, cancelled };
enum class task_priority : std::uint8_t { low, medium, high, urgent };

struct task {
    task_id id;
    user_id owner;
    std::string title;
    std::optional<std::string> description;
    task_status status = task_status::pending;
    task_priority priority = task_priority::medium;
    std::vector<tag> tags;

    std::optional<rondo::due> due;
    time_zone zone;
    recurrence repeat;
    std::optional<rondo::due> series_start;  ///< what the series counts from; the first due
    /// Set while this occurrence alone is moved: the due date that the series gave it.
    std::optional<rondo::due> moved_from;

    std::optional<task_id> parent;
    task_id series;  ///< the first task's id; its own for that one
    int occurrence = 1;
    std::optional<task_id> source;  ///< the completed task that made this one: unique, the last guard of exactly-once
    std::optional<series_end> ended;  ///< why completing this one made no child; empty while unknown or when it did

    std::int64_t version = 1;  ///< rises by one with every change; the ETag
    instant created_at;
    instant updated_at;
    std::optional<instant> completed_at;

    friend bool operator==(const task&, const task&) = default;
};

/// The wire names of the enumerations, both ways. Parsing gives nothing for an unknown name.
std::string_view to_string(task_status);
std::string_view to_string(task_priority);
std::string_view to_string(recurring_type);
std::string_view to_string(repeat_mode);
std::string_view to_string(series_end);
std::optional<task_status> parse_status(std::string_view);
std::optional<task_priority> parse_priority(std::string_view);
std::optional<recurring_type> parse_recurring_type(std::string_view);
std::optional<repeat_mode> parse_repeat_mode(std::string_view);
std::optional<series_end> parse_series_end(std::string_view);

enum class edit_scope : std::uint8_t { series, occurrence };

/// The fields of a request that are given: an empty outer optional leaves the field as it is, an empty inner one
/// clears it. Tags are resolved by the use case, so they are not here.
struct task_changes {
    std::optional<std::string> title;
    std::optional<std::optional<std::string>> description;
    std::optional<task_status> status;
    std::optional<task_priority> priority;
    std::optional<std::optional<date_or_time>> due_date;
    std::optional<time_zone> zone;
    std::optional<recurring_type> type;
    std::optional<int> interval;
    std::optional<std::optional<std::string>> rule;
    std::optional<std::optional<repeat_mode>> mode;
    std::optional<std::optional<date_or_time>> end_date;
    std::optional<std::optional<task_id>> parent;
    std::optional<instant> completed_at;
    edit_scope scope = edit_scope::series;
};

/// `before` with the changes made, or every field that does not fit, with pointers as in the HTTP body. Sets due,
/// series_start, completed_at and ended consistently with the new status and rule; leaves id, owner, tags, version and
/// updated_at alone. Making a task is applying changes to an empty one.
result<task> apply(task before, const task_changes& changes, instant now);

/// What `next_occurrence` is asked about a task.
occurrence_input occurrence_of(const task& of);

/// The next occurrence of a completed task as a new, pending task, or why there is none. The caller gives the id.
std::expected<task, series_end> make_child(const task& completed, task_id id, instant now);

/// The task moved to the due date that it would have next, were it done at `now`; its status stays. Or why there is none.
std::expected<task, series_end> skip_occurrence(task of, instant now);

/// Whether nobody has touched a child since the consumer made it, so that reopening its parent may take it back.
bool is_untouched(const task& child);

}  // namespace rondo
