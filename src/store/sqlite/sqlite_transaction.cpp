#include "store/sqlite/sqlite_transaction.hpp"

namespace rondo::sqlite {

void sqlite_transaction::begin_reading() {
    on().run("BEGIN");
    now_ = around_.time.now();
}

void sqlite_transaction::end_reading() noexcept {
    try {
        if (on().in_transaction())
            on().run("COMMIT");
    } catch (const std::exception&) {
        // Nothing was written, and the next BEGIN tells if the connection is of no more use.
    }
}

void sqlite_transaction::begin_group(std::chrono::milliseconds wait_at_most) {
    db_.begin_group(wait_at_most);
    outcome_ = {};
    text_changes_.clear();
    text_changes_written_ = 0;
}

void sqlite_transaction::begin_job(bool alone) {
    now_ = around_.time.now();
    db_.begin_job(alone);
    job_owners_.clear();
    text_changes_before_job_ = text_changes_.size();
    text_changes_written_before_job_ = text_changes_written_;
}

void sqlite_transaction::keep_job() {
    const bool changed = db_.keep_job();
    outcome_.owners.insert(outcome_.owners.end(), job_owners_.begin(), job_owners_.end());
    outcome_.changed = outcome_.changed || changed;
}

bool sqlite_transaction::roll_back_job() noexcept {
    text_changes_.erase(text_changes_.begin() + static_cast<std::ptrdiff_t>(text_changes_before_job_),
                        text_changes_.end());
    text_changes_written_ = text_changes_written_before_job_;
    try {
        return db_.roll_back_job();
    } catch (const std::exception&) {
        return false;
    }
}

group_outcome sqlite_transaction::commit_group() {
    if (on().in_transaction()) {
        db_.end_jobs();
        write_text_changes();
    }
    db_.commit_group();
    return std::move(outcome_);
}

void sqlite_transaction::roll_back_group() noexcept {
    text_changes_.clear();
    text_changes_written_ = 0;
    db_.roll_back_group();
}

}  // namespace rondo::sqlite
