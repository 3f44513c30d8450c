#pragma once
// What jobs are given: the transaction on one connection. Its methods are spread over accounts.cpp, event_log.cpp,
// outbox.cpp, stats.cpp, tags.cpp, tasks.cpp, task_list.cpp, task_text.cpp, text_keys.cpp and trash.cpp; this header and sqlite_transaction.cpp say how jobs share a commit.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/search_words.hpp"
#include "store/sqlite/connection.hpp"
#include "store/transaction.hpp"

namespace rondo::sqlite {

/// What became of a group of write jobs.
struct group_outcome {
    std::size_t answered = std::numeric_limits<std::size_t>::max();  ///< how many of its jobs have their answer
    std::vector<user_id> owners;  ///< of the events that are in the outbox now
    bool changed = false;  ///< something is durable now
};

/// A connection and the job that runs on it. Several write jobs share one commit: each has a savepoint of its own, set
/// at its first change, so that it can be rolled back alone.
class sqlite_transaction final : public transaction {
public:
    struct surroundings {
        const clock& time;
        random_source& random;
        std::string (*encode_event)(const event&);
    };

    sqlite_transaction(const std::string& name, connection::mode how, const surroundings& around);

    connection& on() { return db_; }

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

    instant now() const override { return now_; }
    uuid new_uuid() override { return make_uuid_v7(now_, around_.random); }

    std::optional<user> find_user(user_id id) const override;
    std::optional<user> find_user_by_email(std::string_view email) const override;
    bool insert_user(const user& added) override;
    void update_user(const user& changed) override;
    void insert_session(const session& added) override;
    std::optional<user> find_session_user(session_id id) const override;
    std::vector<live_session> live_sessions_of(user_id user, instant now) const override;
    void revoke_session(session_id id, instant now) override;
    void revoke_sessions_of(user_id user, instant now) override;
    void insert_refresh_token(const refresh_token& added) override;
    std::optional<std::pair<refresh_token, session>> find_refresh_token(const digest& hash) const override;
    void mark_refresh_token_used(const digest& hash, instant now) override;
    std::optional<login_throttle> find_login_throttle(std::string_view key) const override;
    void save_login_throttle(const login_throttle& saved) override;
    void clear_login_throttle(std::string_view key) override;
    std::optional<remembered_answer> find_answer(std::string_view scope, std::string_view key) const override;
    void remember_answer(const remembered_answer& saved) override;
    std::size_t purge_accounts(instant throttles_before, instant answers_before, instant tokens_before,
                               std::size_t limit) override;

    void append(const event& happened) override;
    std::vector<stored_event> pending_events(std::size_t limit, instant now) const override;
    std::vector<stored_event> claim_events(std::size_t limit, instant now, uuid holder,
                                           std::chrono::milliseconds lease) override;
    void release_claims(uuid holder) override;
    std::optional<instant> next_attempt_at() const override;
    void mark_published(std::span<const std::int64_t> sequences, instant now) override;
    void mark_handled_locally(std::span<const std::int64_t> sequences) override;
    void postpone(std::int64_t sequence, instant until) override;
    std::vector<stored_event> unhandled_events(std::int64_t after, std::size_t limit) const override;
    outbox_state outbox() const override;
    bool outbox_holds(std::size_t count) const override;
    std::optional<stored_event> find_event(user_id owner, event_id id) const override;
    std::vector<stored_event> list_events(user_id owner, const event_filter& filter, std::size_t limit) const override;
    void add_dead_letter(const dead_letter& added) override;
    std::vector<dead_letter> list_dead_letters(std::size_t limit) const override;
    std::optional<dead_letter> find_dead_letter(std::int64_t id) const override;
    bool drop_dead_letter(std::int64_t id) override;

    std::optional<task> find_task(user_id owner, task_id id) const override;
    std::optional<found_task> find_task_anywhere(user_id owner, task_id id) const override;
    std::optional<found_task> find_child_made_by(user_id owner, task_id source) const override;
    bool has_children(user_id owner, task_id parent) const override;
    bool is_ancestor(user_id owner, task_id ancestor, task_id id) const override;
    task_page list_tasks(user_id owner, const task_filter& filter, const page_request& page) const override;
    bool insert_task(const task& added) override;
    bool update_task(const task& changed) override;
    void remove_task(user_id owner, task_id id) override;
    std::vector<task> trash_task(user_id owner, task_id id, bool with_descendants, uuid batch, instant now) override;
    std::vector<task> orphan_children(user_id owner, task_id parent, instant now) override;
    std::vector<found_task> list_trash(user_id owner, instant since, std::size_t limit) const override;
    std::vector<task> restore_task(user_id owner, task_id id, instant since, instant now) override;
    std::size_t purge_trash(instant before, std::size_t limit) override;
    void mark_ended(user_id owner, task_id id, std::optional<series_end> why) override;
    std::vector<std::pair<user_id, task_id>> missing_children(std::size_t limit) const override;
    refreshed_dues refresh_due_instants(task_id after, std::size_t limit) override;
    made_text_keys make_text_keys(std::size_t limit) override;
    std::vector<occurrence_record> list_completions(user_id owner, const instant_range& when,
                                                    std::size_t limit) const override;
    std::vector<skip_record> list_skips(user_id owner, const instant_range& when, std::size_t limit) const override;
    std::vector<occurrence_record> list_series(user_id owner, task_id series, std::size_t limit) const override;

    std::vector<tag_count> list_tags(user_id owner) const override;
    std::optional<tag_count> find_tag(user_id owner, tag_id id) const override;
    std::optional<tag> find_tag_named(user_id owner, std::string_view name) const override;
    bool insert_tag(const tag& added) override;
    bool update_tag(const tag& changed) override;
    bool delete_tag(user_id owner, tag_id id) override;

private:
    /// A task as a row: what the other tables call it by comes first.
    struct task_row {
        std::int64_t number;
        std::int64_t due_at;  ///< as it is sorted by
        found_task found;
    };
    /// A change of the full text, kept until the commit: every savepoint makes FTS5 write out all it holds.
    struct text_change {
        std::int64_t task;
        user_id owner;
        std::optional<std::string> words;  ///< none: the task is gone
    };

    /// The connection, for a statement that changes something.
    connection& changing();
    void set_savepoint() const;

    time_zone zone(std::string_view name) const;
    user read_user(const statement& row, int first) const;
    static tag read_tag(const statement& row, int first);
    task_row read_task(const statement& row) const;
    /// The one row of a query for tasks, with its tags, if there is one.
    std::optional<task_row> read_only_task(statement&& query, user_id owner) const;
    std::vector<task_row> read_tasks(statement&& query, user_id owner) const;
    std::vector<task_row> read_tasks(statement& query, user_id owner) const;
    /// The rows of a query for the columns of stats.cpp.
    std::vector<occurrence_record> read_records(statement&& rows) const;
    void load_tags(std::vector<task_row>& rows, user_id owner) const;
    /// The tasks of these numbers that are the owner's, in that order, wherever they are.
    std::vector<task> tasks_numbered(const std::vector<std::int64_t>& numbers, user_id owner) const;
    void write_tags(std::int64_t number, const task& of);
    /// Deletes for good the tasks of a query for number and owner; gives how many.
    std::size_t delete_tasks(statement&& doomed);
    void write_text(const text_change& change) const;
    void write_text_changes() const;
    void write_tag_text(std::int64_t number, const tag& of) const;
    /// Of the owner's tasks after the number `after` that have no words yet, those in which the word is found.
    std::vector<std::int64_t> found_without_words(user_id owner, const search_word& word, std::int64_t after) const;
    std::optional<std::pair<std::int64_t, tag>> find_numbered_tag(user_id owner, tag_id id) const;

    mutable connection db_;
    surroundings around_;
    instant now_{};

    bool in_group_ = false;
    bool alone_ = false;
    mutable bool savepoint_ = false;  ///< set by this job
    group_outcome outcome_;  ///< of the jobs kept so far
    std::vector<user_id> job_owners_;  ///< of the events that it has appended
    bool job_changed_ = false;
    std::vector<text_change> text_changes_;
    std::size_t text_changes_before_job_ = 0;
    mutable std::size_t text_changes_written_ = 0;
    std::size_t text_changes_written_before_job_ = 0;

    mutable std::string last_zone_name_;
    mutable time_zone last_zone_;
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
