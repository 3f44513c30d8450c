#pragma once
// What jobs are given: a transaction on one connection. Most of its methods are those of store/sql; here and in outbox.cpp,
// tags.cpp, tasks.cpp, task_list.cpp and text_keys.cpp are those that PostgreSQL has for itself.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/postgres/engine.hpp"
#include "store/search_words.hpp"
#include "store/sql/tables.hpp"

namespace rondo::postgres {

/// A connection and the job that runs on it.
class postgres_transaction final : public sql::tables<engine> {
public:
    using surroundings = sql::surroundings;
    using mode = engine::mode;

    /// Connects. Throws `database_error`.
    postgres_transaction(const std::string& url, const surroundings& around) : tables{around, url} {}

    connection& on() { return db_.on(); }

    /// What is done from here on is one transaction.
    void begin(mode how) {
        db_.begin(how);
        now_ = around_.time.now();
        event_owners_.clear();
    }
    /// After an exception nothing of it has happened, unless `may_have_committed`. Gives the owners of the events that it appended.
    std::vector<user_id> commit() {
        db_.commit();
        return std::move(event_owners_);
    }
    bool may_have_committed() const { return db_.may_have_committed(); }
    bool has_begun() const { return db_.has_begun(); }
    void end() noexcept { db_.end(); }

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
    connection& of(user_id owner) const { return db_.of(owner); }
    connection& of_everyone() const { return db_.of_everyone(); }
    connection& of_nobody() const { return db_.of_nobody(); }

    void load_tags(std::vector<sql::task_row>& tasks, user_id owner) const override;
    std::vector<task> tasks_numbered(const std::vector<std::int64_t>& numbers, user_id owner) const override;
    std::vector<std::int64_t> family_numbers(user_id owner, task_id id) const override;
    /// The one task, with its tags, that the condition about `t`, of which $1 is the owner and $2 the id, holds for.
    std::optional<sql::task_row> read_only_task(std::string_view condition, user_id owner, task_id id) const;
    void write_tags(std::int64_t number, const task& of);
    /// For each word the numbers of the owner's tasks after the number `after` that have no words yet, and it in their text.
    std::vector<std::vector<std::int64_t>> found_without_words(user_id owner, const std::vector<search_word>& words,
                                                               std::int64_t after) const;

    std::vector<user_id> event_owners_;  ///< of the events appended
};

}  // namespace rondo::postgres
