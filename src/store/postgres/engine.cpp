#include "store/postgres/engine.hpp"

#include <cassert>
#include <stdexcept>

#include "base/failpoint.hpp"
#include "store/moving/kept_rows.hpp"
#include "store/sql/statements.hpp"

namespace rondo::postgres {

engine::engine(const std::string& url) : db_{url} {
    // Far longer than anything takes that goes well; shorter than a client waits.
    db_.query(
        "SELECT set_config('statement_timeout', '10s', false), set_config('lock_timeout', '5s', false),"
        " set_config('idle_in_transaction_session_timeout', '60s', false)");
}

void engine::begin(mode how) {
    assert(!begun_);
    mode_ = how;
    committing_ = false;
    in_name_of_.reset();
    of_everyone_ = false;
}

void engine::commit() {
    if (!begun_)
        return;
    reach(failpoint::before_commit);
    committing_ = true;
    const rows done = db_.query("COMMIT");
    begun_ = false;
    committing_ = false;
    if (done.command() != "COMMIT")
        throw std::logic_error{"a transaction with a failed statement was to be kept"};
    reach(failpoint::after_commit);
}

void engine::end() noexcept {
    if (!begun_)
        return;
    begun_ = false;
    try {
        if (db_.is_lost())
            return;
        db_.queue(is_writing() ? "ROLLBACK" : "COMMIT");
        db_.send();
    } catch (const std::exception&) {
        // The connection is lost, and the server ends the transaction with it.
    }
}

connection& engine::of_nobody() {
    if (!begun_) {
        if (is_writing())
            reach(failpoint::before_begin);
        db_.queue(is_writing() ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        begun_ = true;
        if (is_writing())
            reach(failpoint::after_begin);
    }
    return db_;
}

connection& engine::of(user_id owner) {
    of_nobody();
    if (in_name_of_ == owner)
        return db_;
    if (is_writing())
        db_.queue("SELECT set_config('rondo.user', $1, true), pg_advisory_xact_lock(uuid_hash_extended($2, 0))",
                  to_string(owner), owner);
    else
        db_.queue("SELECT set_config('rondo.user', $1, true)", to_string(owner));
    in_name_of_ = owner;
    of_everyone_ = false;
    return db_;
}

connection& engine::of_everyone() {
    of_nobody();
    if (!of_everyone_)
        db_.queue("SELECT set_config('rondo.user', '*', true)");
    of_everyone_ = true;
    in_name_of_.reset();
    return db_;
}

std::string engine::kept_text(std::string_view any) {
    return clean_text(any, "?");
}

}  // namespace rondo::postgres

// Every statement of store/sql, for this engine.
template class rondo::sql::tables<rondo::postgres::engine>;
