#pragma once
// The statements that are the same for both engines, each written once. Which engine they are for is known when they are
// compiled, so nothing is paid for that.
//
// An engine E has
//   E::row                      rows of a query, read while `step` gives true: `integer(i)`, `truth(i)`, `text(i)`, ...
//   of(owner).query(sql, ...)   rows; in the name of a user, or `of_everyone()`, or `of_nobody()`
//   of(owner).run(sql, ...)     changes something; gives how many rows
//   of(owner).queue(sql, ...)   changes something, and nobody waits for the outcome
//   lock(sql, ...)              a lock for a write job, where several of them run at once
// Parameters are called $1, $2, ... in every statement. SQLite's planner joins in the order in which tables stand if they
// stand with CROSS JOIN; to PostgreSQL that is a join like any other.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/sql/reading.hpp"
#include "store/transaction.hpp"

namespace rondo::sql {

struct surroundings {
    const clock& time;
    random_source& random;
    std::string (*encode_event)(const event&);
};

/// What both engines' transactions have in common. Its methods are spread over the headers of this folder, all of which
/// statements.hpp includes.
template <class Engine>
class tables : public transaction {
public:
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

    std::vector<stored_event> pending_events(std::size_t limit, instant now) const override;
    std::vector<stored_event> unhandled_events(std::int64_t after, std::size_t limit) const override;
    void postpone(std::int64_t sequence, instant until) override;
    outbox_state outbox() const override;
    bool outbox_holds(std::size_t count) const override;
    std::optional<stored_event> find_event(user_id owner, event_id id) const override;
    std::vector<stored_event> list_events(user_id owner, const event_filter& filter, std::size_t limit) const override;
    void add_dead_letter(const dead_letter& added) override;
    std::vector<dead_letter> list_dead_letters(std::size_t limit) const override;
    std::optional<dead_letter> find_dead_letter(std::int64_t id) const override;
    bool drop_dead_letter(std::int64_t id) override;

    bool has_children(user_id owner, task_id parent) const override;
    bool is_ancestor(user_id owner, task_id ancestor, task_id id) const override;
    std::vector<task> trash_task(user_id owner, task_id id, bool with_descendants, uuid batch, instant now) override;
    std::vector<task> orphan_children(user_id owner, task_id parent, instant now) override;
    std::vector<found_task> list_trash(user_id owner, instant since, std::size_t limit) const override;
    std::vector<task> restore_task(user_id owner, task_id id, instant since, instant now) override;
    void mark_ended(user_id owner, task_id id, std::optional<series_end> why) override;
    std::vector<std::pair<user_id, task_id>> missing_children(std::size_t limit) const override;
    refreshed_dues refresh_due_instants(task_id after, std::size_t limit) override;
    std::vector<occurrence_record> list_completions(user_id owner, const instant_range& when,
                                                    std::size_t limit) const override;
    std::vector<skip_record> list_skips(user_id owner, const instant_range& when, std::size_t limit) const override;
    std::vector<occurrence_record> list_series(user_id owner, task_id series, std::size_t limit) const override;

    std::vector<tag_count> list_tags(user_id owner) const override;
    std::optional<tag_count> find_tag(user_id owner, tag_id id) const override;
    std::optional<tag> find_tag_named(user_id owner, std::string_view name) const override;

protected:
    using row = typename Engine::row;

    template <class... Way>
    explicit tables(const surroundings& around, const Way&... way) : db_{way...}, around_{around} {}
    ~tables() override = default;

    time_zone zone(std::string_view name) const;
    user read_user(const row& from, int first) const;
    std::int64_t purge_login_throttles(instant before, std::size_t limit);
    std::int64_t purge_answers(instant before, std::size_t limit);
    std::int64_t purge_sessions(instant tokens_before, std::size_t limit);

    task_row read_task(const row& from) const;
    std::vector<task_row> read_tasks(row& found, user_id owner) const;
    /// The rows of a query for the columns of stats.hpp.
    std::vector<occurrence_record> read_records(row rows) const;

    virtual void load_tags(std::vector<task_row>& tasks, user_id owner) const = 0;
    /// The tasks of these numbers that are the owner's, in that order, wherever they are.
    virtual std::vector<task> tasks_numbered(const std::vector<std::int64_t>& numbers, user_id owner) const = 0;
    /// A living task of the owner's, then its living children, and so on down.
    virtual std::vector<std::int64_t> family_numbers(user_id owner, task_id id) const = 0;

    mutable Engine db_;
    const surroundings around_;
    instant now_{};

private:
    mutable std::string last_zone_name_;
    mutable time_zone last_zone_;
};

template <class Engine>
time_zone tables<Engine>::zone(std::string_view name) const {
    if (name != last_zone_name_) {
        last_zone_ = time_zone::of_stored(name);
        last_zone_name_ = name;
    }
    return last_zone_;
}

}  // namespace rondo::sql
