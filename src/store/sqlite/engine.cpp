#include "store/sqlite/engine.hpp"

#include <cassert>

#include "store/sql/statements.hpp"

namespace rondo::sqlite {

void engine::set_savepoint() {
    assert(in_group_ && "only write jobs change things");
    if (alone_ || savepoint_)
        return;
    db_.run("SAVEPOINT job");
    savepoint_ = true;
}

void engine::begin_group(std::chrono::milliseconds wait_at_most) {
    db_.wait_for_lock(wait_at_most);
    db_.run("BEGIN IMMEDIATE");
    in_group_ = true;
}

void engine::begin_job(bool alone) {
    alone_ = alone;
    savepoint_ = false;
    job_changed_ = false;
}

bool engine::keep_job() {
    if (savepoint_)
        db_.run("RELEASE job");
    return job_changed_;
}

bool engine::roll_back_job() {
    if (!db_.in_transaction())  // SQLite has rolled everything back itself, as it may when the disk fails
        return false;
    if (alone_) {
        roll_back_group();
    } else if (savepoint_) {
        db_.run("ROLLBACK TO job");
        db_.run("RELEASE job");
    }
    return true;
}

void engine::commit_group() {
    if (db_.in_transaction())
        db_.run("COMMIT");
    in_group_ = false;
}

void engine::roll_back_group() noexcept {
    in_group_ = false;
    try {
        if (db_.in_transaction())
            db_.run("ROLLBACK");
    } catch (const std::exception&) {
        // The connection is reopened after a failed commit.
    }
}

}  // namespace rondo::sqlite

// Every statement of store/sql, for this engine.
template class rondo::sql::tables<rondo::sqlite::engine>;
