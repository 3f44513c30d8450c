#pragma once
// What the statements of store/sql run on: a connection whose changes belong to a job.

#include <string_view>

#include "base/ids.hpp"
#include "store/sql/text.hpp"
#include "store/sqlite/connection.hpp"

namespace rondo::sqlite {

/// Several write jobs share one commit: each has a savepoint of its own, set at its first change, so that it can be
/// rolled back alone. `query` is for what changes nothing; the others change something.
class engine {
public:
    using row = statement;
    /// What the column is called that says whose a session is.
    static constexpr sql::piece session_owner{"user"};
    /// Before a column: keeps the planner from the index that begins with it.
    static constexpr sql::piece unindexed{"+"};
    /// Behind a truth, as the indexes say it.
    static constexpr sql::piece is_false{" = 0"};
    /// At the end of a query: other writers may not change its rows of `t`.
    static constexpr sql::piece locking_t{""};
    /// Events get their numbers in the order in which they are committed.
    static constexpr bool commits_in_order = true;
    /// Text from outside, as it can be kept.
    static std::string_view kept_text(std::string_view any) { return any; }

    engine(const std::string& name, connection::mode how) : db_{name, how} {}

    /// For statements about one user's rows, about everyone's, about what belongs to nobody yet: who asks is all the same
    /// to a file.
    engine& of(user_id) { return *this; }
    engine& of_everyone() { return *this; }
    engine& of_nobody() { return *this; }
    /// What keeps other writers off until the end of a write job: there are none.
    void lock(std::string_view, const auto&...) {}

    template <class... Values>
    statement query(std::string_view sql, const Values&... values) {
        return db_.query(sql, values...);
    }
    /// Gives how many rows it changed.
    template <class... Values>
    std::int64_t run(std::string_view sql, const Values&... values) {
        return changing().run(sql, values...);
    }
    /// For a change whose outcome nobody waits for.
    template <class... Values>
    void queue(std::string_view sql, const Values&... values) {
        changing().run(sql, values...);
    }

    /// The connection itself, for what is no job's change.
    connection& on() { return db_; }
    /// The same for statements that change something for the job.
    connection& changing() {
        set_savepoint();
        job_changed_ = true;
        return db_;
    }
    void set_savepoint();

    void begin_group(std::chrono::milliseconds wait_at_most);
    /// `alone`: it is the group's only one, and rolled back with it.
    void begin_job(bool alone);
    /// Gives whether it has changed anything.
    bool keep_job();
    /// False if the whole group was lost with it.
    bool roll_back_job();
    /// What is written from here on belongs to the group.
    void end_jobs() { alone_ = true; }
    void commit_group();
    void roll_back_group() noexcept;

private:
    connection db_;
    bool in_group_ = false;
    bool alone_ = false;
    bool savepoint_ = false;  ///< set by this job
    bool job_changed_ = false;
};

}  // namespace rondo::sqlite
