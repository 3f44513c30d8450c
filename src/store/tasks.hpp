#pragma once
// What a use case may do with tasks and tags. Every call that takes an owner sees that user's rows and no others.
// The const functions read; the others are allowed in write jobs only. Nothing in here suspends.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/stats.hpp"
#include "domain/task.hpp"
#include "store/text_keys.hpp"

namespace rondo {

enum class sort_key : std::uint8_t { created_at, due_date, updated_at, priority, title };

/// Where a page ended: the sort key's value and the id of its last row. Stable when rows are inserted.
struct task_cursor {
    std::variant<std::int64_t, std::string> key;
    task_id last;
};

/// What due dates are compared with: a timed task by its instant with `at`, an all-day task by its date with `day`. Of a
/// moment, `day` is its date, and of a date, `at` is its beginning, both in the zone of whoever asks: so the days there
/// are ranges that neither overlap nor leave a task out.
struct due_bound {
    instant at;
    std::chrono::local_days day;
};

/// All conditions given must hold. Tasks in the trash are never listed.
struct task_filter {
    std::optional<task_status> status;
    std::optional<task_priority> priority;
    std::optional<tag_id> tag;
    std::vector<std::string> tag_names;  ///< all of them; the same as tag_key() says
    std::optional<due_bound> due_before;  ///< due strictly before
    std::optional<due_bound> due_after;  ///< due at or after
    std::optional<bool> overdue;  ///< due before `now` (all day: its day is over) and neither done nor cancelled
    std::optional<bool> recurring;
    std::optional<task_id> series;
    std::optional<task_id> parent;
    std::optional<std::string>
        text;  ///< words and signs, all of which occur in title, description or tag names (search_words.hpp); never query syntax
    instant now;
};

/// Sorted by due date, an all-day task stands at the end of its day in its zone, before what is due at the midnight that
/// follows; tasks without a due date come last upwards.
struct page_request {
    sort_key sort = sort_key::created_at;
    bool descending = true;
    std::size_t limit = 10'000;
    std::optional<task_cursor> after;
};

struct task_page {
    std::vector<task> tasks;
    std::optional<task_cursor> next;  ///< empty on the last page
};

/// A task as the consumer finds it, wherever it is.
struct found_task {
    rondo::task task;
    std::optional<instant> deleted_at;
};

struct refreshed_dues {
    std::optional<task_id> last;  ///< the last task that was looked at; none: there was none to look at
    std::size_t changed = 0;
};

struct tag_count {
    rondo::tag tag;
    std::int64_t task_count;  ///< tasks that carry it and are not in the trash
};

class task_store {
public:
    /// The user's task, unless it is in the trash.
    virtual std::optional<task> find_task(user_id owner, task_id id) const = 0;
    /// The user's task, also from the trash.
    virtual std::optional<found_task> find_task_anywhere(user_id owner, task_id id) const = 0;
    /// The task that completing `source` made, also from the trash.
    virtual std::optional<found_task> find_child_made_by(user_id owner, task_id source) const = 0;
    /// Whether any task, trashed or not, names `parent` as its parent or was made by completing it.
    virtual bool has_children(user_id owner, task_id parent) const = 0;
    /// Whether `ancestor` is `id` or above it in the chain of parents.
    virtual bool is_ancestor(user_id owner, task_id ancestor, task_id id) const = 0;
    virtual task_page list_tasks(user_id owner, const task_filter& filter, const page_request& page) const = 0;

    /// Adds a task with its tags (which exist). False, and nothing is changed, if another task already has its `source`, or
    /// had it until it was purged from the trash and the source was neither reopened nor completed since.
    virtual bool insert_task(const task& added) = 0;
    /// Writes every field and the tags of a task whose stored version is one less. False, and nothing is changed, if it
    /// is not there, is in the trash, or has another version.
    virtual bool update_task(const task& changed) = 0;
    /// Removes a task for good; used only to take an untouched child back.
    virtual void remove_task(user_id owner, task_id id) = 0;

    /// Moves a task, and its descendants if asked, to the trash under one `batch`; raises their versions. Gives what was
    /// moved, as it is afterwards; empty if the task is not there.
    virtual std::vector<task> trash_task(user_id owner, task_id id, bool with_descendants, uuid batch, instant now) = 0;
    /// Takes from every living child of `parent` its parent; raises their versions. Gives the children afterwards.
    virtual std::vector<task> orphan_children(user_id owner, task_id parent, instant now) = 0;
    /// Deleted since `since`, newest delete first; `deleted_at` is set in each.
    virtual std::vector<found_task> list_trash(user_id owner, instant since, std::size_t limit) const = 0;
    /// Brings back everything that the delete which took `id` took, if it is in the trash since `since` or later; a parent that is
    /// gone is forgotten. Gives what came back, the asked-for task first; empty if there is none.
    virtual std::vector<task> restore_task(user_id owner, task_id id, instant since, instant now) = 0;
    /// Deletes for good at most `limit` tasks trashed before `before`; where one was made by completing a task, that task is marked so that no
    /// sweep makes it again. Gives how many.
    virtual std::size_t purge_trash(instant before, std::size_t limit) = 0;

    /// Writes why completing a task made no child, or forgets it; version and updated_at stay: no one but the history sees it.
    virtual void mark_ended(user_id owner, task_id id, std::optional<series_end> why) = 0;

    /// Completed, recurring, unended tasks outside the trash that have no child of their making.
    virtual std::vector<std::pair<user_id, task_id>> missing_children(std::size_t limit) const = 0;

    /// Works out anew the instants that due dates stand for, by which lists are filtered and sorted: they are stale where a
    /// zone's rules have changed since. Looks at up to `limit` tasks with a due date, of every owner and in any state, in the
    /// order of their ids from the first one after `after`. Writes only where they differ; version and updated_at stay. A
    /// task in a zone that the tz database lost stays as it is.
    virtual refreshed_dues refresh_due_instants(task_id after, std::size_t limit) = 0;

    /// Makes what titles are sorted by and what a search looks in for up to `limit` tasks of any owner that have none yet, or have
    /// it by other rules than this program's (text_rules()); goes on where it stopped, also after a crash. Where servers share the
    /// database and have different rules, the newer ones hold as long as a server that has them is there.
    virtual made_text_keys make_text_keys(std::size_t limit) = 0;

    /// The user's tasks outside the trash that were completed in the range, by `completed_at`; at most `limit`.
    virtual std::vector<occurrence_record> list_completions(user_id owner, const instant_range& when,
                                                            std::size_t limit) const = 0;
    /// What of the user's tasks outside the trash was skipped in the range, in order; at most `limit`.
    virtual std::vector<skip_record> list_skips(user_id owner, const instant_range& when, std::size_t limit) const = 0;
    /// The tasks of a series outside the trash, in order of occurrence; where there are more than `limit`, the newest.
    virtual std::vector<occurrence_record> list_series(user_id owner, task_id series, std::size_t limit) const = 0;

    virtual std::vector<tag_count> list_tags(user_id owner) const = 0;
    virtual std::optional<tag_count> find_tag(user_id owner, tag_id id) const = 0;
    /// By a name that is the same as tag_key() says.
    virtual std::optional<tag> find_tag_named(user_id owner, std::string_view name) const = 0;
    /// False, and nothing is changed, if the user has a tag of that name.
    virtual bool insert_tag(const tag& added) = 0;
    /// False, and nothing is changed, if another tag of the user has that name. Precondition: the tag exists.
    virtual bool update_tag(const tag& changed) = 0;
    /// Takes the tag from every task. False if it is not there.
    virtual bool delete_tag(user_id owner, tag_id id) = 0;

protected:
    ~task_store() = default;
};

}  // namespace rondo
