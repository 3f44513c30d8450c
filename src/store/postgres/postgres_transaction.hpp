#pragma once
// What jobs are given: a transaction on one connection. Its methods are spread over accounts.cpp, event_log.cpp,
// outbox.cpp, stats.cpp, tags.cpp, tasks.cpp, task_list.cpp, text_keys.cpp and trash.cpp; this header and postgres_transaction.cpp say in whose name it runs.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/postgres/connection.hpp"
#include "store/search_words.hpp"
#include "store/transaction.hpp"

namespace rondo::postgres {

/// A connection and the job that runs on it.
///
/// A statement about a user runs in that user's name: row-level security hides everyone else's rows from it. A write job
/// holds, from its first look at a user on, that user's lock: the writes of one user follow one another, on all replicas,
/// and each sees what the one before left; so the events of one user are in the order of their commits.
class postgres_transaction final : public transaction {
public:
    struct surroundings {
        const clock& time;
        random_source& random;
        std::string (*encode_event)(const event&);
    };
    enum class mode : bool { reading, writing };

    /// Connects. Throws `database_error`.
    postgres_transaction(const std::string& url, const surroundings& around);

    connection& on() { return db_; }

    /// What is done from here on is one transaction; a reading one sees one snapshot. Asks the server nothing yet.
    void begin(mode how);
    /// After an exception nothing of it has happened, unless `may_have_committed`. Gives the owners of the events that it appended.
    std::vector<user_id> commit();
    /// The connection was lost before the server said whether it did.
    bool may_have_committed() const { return committing_ && db_.is_lost(); }
    /// Whether the server has been asked anything.
    bool has_begun() const { return begun_; }
    /// Ends what was begun: rolls a writing one back. Does not wait for the server.
    void end() noexcept;

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
    std::vector<stored_event> unhandled_events(std::int64_t after, std::size_t limit) const override;
    bool outbox_holds(std::size_t count) const override;
    std::vector<stored_event> claim_events(std::size_t limit, instant now, uuid holder,
                                           std::chrono::milliseconds lease) override;
    void release_claims(uuid holder) override;
    std::optional<instant> next_attempt_at() const override;
    void mark_published(std::span<const std::int64_t> sequences, instant now) override;
    void mark_handled_locally(std::span<const std::int64_t> sequences) override;
    void postpone(std::int64_t sequence, instant until) override;
    outbox_state outbox() const override;
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

    /// The connection, for statements about one user's rows.
    connection& of(user_id owner) const;
    /// For those about everyone's: the relay's, the sweep's.
    connection& of_everyone() const;
    /// For those about what belongs to nobody yet.
    connection& of_nobody() const;
    bool is_writing() const { return mode_ == mode::writing; }

    time_zone zone(std::string_view name) const;
    user read_user(const rows& row, int first) const;
    static tag read_tag(const rows& row, int first);
    task_row read_task(const rows& row) const;
    /// The rows of a query for the columns of stats.cpp.
    std::vector<occurrence_record> read_records(rows row) const;
    /// The one task, with its tags, that the condition about `t`, of which $1 is the owner and $2 the id, holds for.
    std::optional<task_row> read_only_task(std::string_view condition, user_id owner, task_id id) const;
    std::vector<task_row> read_tasks(rows& found, user_id owner) const;
    void load_tags(std::vector<task_row>& tasks, user_id owner) const;
    /// The tasks of these numbers that are the owner's, in that order, wherever they are.
    std::vector<task> tasks_numbered(const std::vector<std::int64_t>& numbers, user_id owner) const;
    void write_tags(std::int64_t number, const task& of);
    /// For each word the numbers of the owner's tasks after the number `after` that have no words yet, and it in their text.
    std::vector<std::vector<std::int64_t>> found_without_words(user_id owner, const std::vector<search_word>& words,
                                                               std::int64_t after) const;

    mutable connection db_;
    surroundings around_;
    instant now_{};

    mode mode_ = mode::reading;
    mutable bool begun_ = false;  ///< the server has been told, or will be with the next statement
    bool committing_ = false;
    std::vector<user_id> event_owners_;  ///< of the events appended
    mutable std::optional<user_id> in_name_of_;  ///< empty: of nobody, or of everyone
    mutable bool of_everyone_ = false;

    mutable std::string last_zone_name_;
    mutable time_zone last_zone_;
};

}  // namespace rondo::postgres
