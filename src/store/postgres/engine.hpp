#pragma once
// What the statements of store/sql run on: a connection, and in whose name it speaks.

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "store/postgres/connection.hpp"
#include "store/sql/text.hpp"

namespace rondo::postgres {

/// A statement about a user runs in that user's name: row-level security hides everyone else's rows from it. A write job
/// holds, from its first look at a user on, that user's lock: the writes of one user follow one another, on all replicas,
/// and each sees what the one before left; so the events of one user are in the order of their commits.
class engine {
public:
    enum class mode : bool { reading, writing };
    using row = rows;
    /// What the column is called that says whose a session is.
    static constexpr sql::piece session_owner{"owner"};
    /// Before a column: keeps the planner from the index that begins with it, which needs no help here.
    static constexpr sql::piece unindexed{""};
    /// Behind a truth.
    static constexpr sql::piece is_false{" = false"};
    /// At the end of a query: other writers may not change its rows of `t`.
    static constexpr sql::piece locking_t{" FOR UPDATE OF t"};
    /// Events get their numbers before they are committed.
    static constexpr bool commits_in_order = false;
    /// Text from outside, as it can be kept: UTF-8 without NUL.
    static std::string kept_text(std::string_view any);

    /// Connects. Throws `database_error`.
    explicit engine(const std::string& url);

    connection& on() { return db_; }

    /// What is done from here on is one transaction; a reading one sees one snapshot. Asks the server nothing yet.
    void begin(mode how);
    void commit();
    /// Whether the server has been asked anything.
    bool has_begun() const { return begun_; }
    /// The connection was lost before the server said whether it committed.
    bool may_have_committed() const { return committing_ && db_.is_lost(); }
    /// Ends what was begun: rolls a writing one back. Does not wait for the server.
    void end() noexcept;

    /// The connection, for statements about one user's rows.
    connection& of(user_id owner);
    /// For those about everyone's: the relay's, the sweep's.
    connection& of_everyone();
    /// For those about what belongs to nobody yet.
    connection& of_nobody();
    /// Has a write job run a statement that takes a lock, so that it and another like it follow one another. Comes before
    /// the statement that looks for what is locked.
    template <class... Values>
    void lock(std::string_view sql, const Values&... values) {
        if (is_writing())
            of_nobody().queue(sql, values...);
    }

private:
    bool is_writing() const { return mode_ == mode::writing; }

    connection db_;
    mode mode_ = mode::reading;
    bool begun_ = false;  ///< the server has been told, or will be with the next statement
    bool committing_ = false;
    std::optional<user_id> in_name_of_;  ///< empty: of nobody, or of everyone
    bool of_everyone_ = false;
};

}  // namespace rondo::postgres
