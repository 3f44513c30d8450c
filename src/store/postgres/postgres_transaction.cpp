#include "store/postgres/postgres_transaction.hpp"

#include <cassert>
#include <utility>

#include "base/failpoint.hpp"

namespace rondo::postgres {

postgres_transaction::postgres_transaction(const std::string& url, const surroundings& around)
    : db_{url}, around_{around} {
    // Far longer than anything takes that goes well; shorter than a client waits.
    db_.query(
        "SELECT set_config('statement_timeout', '10s', false), set_config('lock_timeout', '5s', false),"
        " set_config('idle_in_transaction_session_timeout', '60s', false)");
}

void postgres_transaction::begin(mode how) {
    assert(!begun_);
    mode_ = how;
    now_ = around_.time.now();
    committing_ = false;
    event_owners_.clear();
    in_name_of_.reset();
    of_everyone_ = false;
}

std::vector<user_id> postgres_transaction::commit() {
    if (!begun_)
        return {};
    reach(failpoint::before_commit);
    committing_ = true;
    const rows done = db_.query("COMMIT");
    begun_ = false;
    committing_ = false;
    if (done.command() != "COMMIT")
        throw std::logic_error{"a transaction with a failed statement was to be kept"};
    reach(failpoint::after_commit);
    return std::move(event_owners_);
}

void postgres_transaction::end() noexcept {
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

connection& postgres_transaction::of_nobody() const {
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

connection& postgres_transaction::of(user_id owner) const {
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

connection& postgres_transaction::of_everyone() const {
    of_nobody();
    if (!of_everyone_)
        db_.queue("SELECT set_config('rondo.user', '*', true)");
    of_everyone_ = true;
    in_name_of_.reset();
    return db_;
}

time_zone postgres_transaction::zone(std::string_view name) const {
    if (name != last_zone_name_) {
        last_zone_ = time_zone::of_stored(name);
        last_zone_name_ = name;
    }
    return last_zone_;
}

}  // namespace rondo::postgres
