#pragma once
// What jobs are given: the transaction on one connection. Most of its methods are those of store/sql; here and in outbox.cpp,
// tags.cpp, tasks.cpp, task_list.cpp, task_text.cpp and text_keys.cpp are those that SQLite has for itself.
// sqlite_transaction.cpp says how jobs share a commit.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/search_words.hpp"
#include "store/sql/tables.hpp"
#include "store/sqlite/engine.hpp"

namespace rondo::sqlite {

/// What became of a group of write jobs.
struct group_outcome {
    std::size_t answered = std::numeric_limits<std::size_t>::max();  ///< how many of its jobs have their answer
    std::vector<user_id> owners;  ///< of the events that are in the outbox now
    bool changed = false;  ///< something is durable now
};

/// A connection and the job that runs on it. Several write jobs share one commit: each has a savepoint of its own, set
/// at its first change, so that it can be rolled back alone.
class sqlite_transaction final : public sql::tables<engine> {
public:
    using surroundings = sql::surroundings;

    sqlite_transaction(const std::string& name, connection::mode how, const surroundings& around)
        : tables{around, name, how} {}

    connection& on() { return db_.on(); }

    /// Takes a snapshot, which lasts until `end_reading`.
    void begin_reading();
    void end_reading() noexcept;

    /// Takes the write lock, waiting for it at most so long; throws `database_error`.
    void begin_group(std::chrono::milliseconds wait_at_most);
    /// Before each job. `alone`: it is the group's only one, and rolled back with it.
    void begin_job(bool alone);
    void keep_job();
    /// False if the whole group was lost with it.
    bool roll_back_job() noexcept;
    /// After an exception nothing of the group has happened, once `roll_back_group` has been called.
    group_outcome commit_group();
    void roll_back_group() noexcept;

    void append(const event& happened) override;
    std::vector<stored_event> claim_events(std::size_t limit, instant now, uuid holder,
                                           std::chrono::milliseconds lease) override;
    void release_claims(uuid holder) override;
    std::optional<instant> next_attempt_at() const override;
    void mark_published(std::span<const std::int64_t> sequences, instant now) override;
    void mark_handled_locally(std::span<const std::int64_t> sequences) override;

    std::optional<task> find_task(user_id owner, task_id id) const override;
    std::optional<found_task> find_task_anywhere(user_id owner, task_id id) const override;
    std::optional<found_task> find_child_made_by(user_id owner, task_id source) const override;
    task_page list_tasks(user_id owner, const task_filter& filter, const page_request& page) const override;
    bool insert_task(const task& added) override;
    bool update_task(const task& changed) override;
    void remove_task(user_id owner, task_id id) override;
    std::size_t purge_trash(instant before, std::size_t limit) override;
    made_text_keys make_text_keys(std::size_t limit) override;

    bool insert_tag(const tag& added) override;
    bool update_tag(const tag& changed) override;
    bool delete_tag(user_id owner, tag_id id) override;

private:
    /// A change of the full text, kept until the commit: every savepoint makes FTS5 write out all it holds.
    struct text_change {
        std::int64_t task;
        user_id owner;
        std::optional<std::string> words;  ///< none: the task is gone
    };

    /// The connection, for statements that change something.
    connection& changing() { return db_.changing(); }

    void load_tags(std::vector<sql::task_row>& rows, user_id owner) const override;
    std::vector<task> tasks_numbered(const std::vector<std::int64_t>& numbers, user_id owner) const override;
    std::vector<std::int64_t> family_numbers(user_id owner, task_id id) const override;
    /// The one row of a query for tasks, with its tags, if there is one.
    std::optional<sql::task_row> read_only_task(statement&& query, user_id owner) const;
    void write_tags(std::int64_t number, const task& of);
    /// Deletes for good the tasks of a query for number and owner; gives how many.
    std::size_t delete_tasks(statement&& doomed);
    void write_text(const text_change& change) const;
    void write_text_changes() const;
    void write_tag_text(std::int64_t number, const tag& of) const;
    /// Of the owner's tasks after the number `after` that have no words yet, those in which the word is found.
    std::vector<std::int64_t> found_without_words(user_id owner, const search_word& word, std::int64_t after) const;
    std::optional<std::pair<std::int64_t, tag>> find_numbered_tag(user_id owner, tag_id id) const;

    group_outcome outcome_;  ///< of the jobs kept so far
    std::vector<user_id> job_owners_;  ///< of the events that it has appended
    std::vector<text_change> text_changes_;
    std::size_t text_changes_before_job_ = 0;
    mutable std::size_t text_changes_written_ = 0;
    std::size_t text_changes_written_before_job_ = 0;
};

/// A snapshot for as long as it lives.
class reading {
public:
    explicit reading(sqlite_transaction& on) : on_{on} { on_.begin_reading(); }
    ~reading() { on_.end_reading(); }
    reading(const reading&) = delete;
    reading& operator=(const reading&) = delete;

private:
    sqlite_transaction& on_;
};

}  // namespace rondo::sqlite
