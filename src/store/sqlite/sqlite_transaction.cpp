#include "store/sqlite/sqlite_transaction.hpp"

#include <cassert>

namespace rondo::sqlite {

sqlite_transaction::sqlite_transaction(const std::string& name, connection::mode how, const surroundings& around)
    : db_{name, how}, around_{around} {}

void sqlite_transaction::begin_reading() {
    db_.run("BEGIN");
    now_ = around_.time.now();
}

void sqlite_transaction::end_reading() noexcept {
    try {
        if (db_.in_transaction())
            db_.run("COMMIT");
    } catch (const std::exception&) {
        // Nothing was written, and the next BEGIN tells if the connection is of no more use.
    }
}

void sqlite_transaction::begin_group(std::chrono::milliseconds wait_at_most) {
    db_.wait_for_lock(wait_at_most);
    db_.run("BEGIN IMMEDIATE");
    in_group_ = true;
    outcome_ = {};
    text_changes_.clear();
    text_changes_written_ = 0;
}

void sqlite_transaction::begin_job(bool alone) {
    now_ = around_.time.now();
    alone_ = alone;
    savepoint_ = false;
    job_owners_.clear();
    job_changed_ = false;
    text_changes_before_job_ = text_changes_.size();
    text_changes_written_before_job_ = text_changes_written_;
}

connection& sqlite_transaction::changing() {
    assert(in_group_ && "only write jobs change things");
    set_savepoint();
    job_changed_ = true;
    return db_;
}

void sqlite_transaction::set_savepoint() const {
    if (alone_ || savepoint_)
        return;
    db_.run("SAVEPOINT job");
    savepoint_ = true;
}

void sqlite_transaction::keep_job() {
    if (savepoint_)
        db_.run("RELEASE job");
    outcome_.owners.insert(outcome_.owners.end(), job_owners_.begin(), job_owners_.end());
    outcome_.changed = outcome_.changed || job_changed_;
}

bool sqlite_transaction::roll_back_job() noexcept {
    text_changes_.erase(text_changes_.begin() + static_cast<std::ptrdiff_t>(text_changes_before_job_),
                        text_changes_.end());
    text_changes_written_ = text_changes_written_before_job_;
    try {
        if (!db_.in_transaction())  // SQLite has rolled everything back itself, as it may when the disk fails
            return false;
        if (alone_) {
            roll_back_group();
        } else if (savepoint_) {
            db_.run("ROLLBACK TO job");
            db_.run("RELEASE job");
        }
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

group_outcome sqlite_transaction::commit_group() {
    if (db_.in_transaction()) {
        alone_ = true;  // what is written from here on belongs to the group
        write_text_changes();
        db_.run("COMMIT");
    }
    in_group_ = false;
    return std::move(outcome_);
}

void sqlite_transaction::roll_back_group() noexcept {
    in_group_ = false;
    text_changes_.clear();
    text_changes_written_ = 0;
    try {
        if (db_.in_transaction())
            db_.run("ROLLBACK");
    } catch (const std::exception&) {
        // The connection is reopened after a failed commit.
    }
}

time_zone sqlite_transaction::zone(std::string_view name) const {
    if (name != last_zone_name_) {
        last_zone_ = time_zone::of_stored(name);
        last_zone_name_ = name;
    }
    return last_zone_;
}

}  // namespace rondo::sqlite
