// What is appended to the log of events, and what a relay does with the outbox.

#include <span>

#include "store/sqlite/sqlite_transaction.hpp"

namespace rondo::sqlite {

void sqlite_transaction::append(const event& happened) {
    connection& db = changing();
    db.run("INSERT INTO events (id, type, owner, subject, at, traceparent, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
           happened.id, happened.type, happened.snapshot.owner, happened.snapshot.id, happened.at, happened.traceparent,
           around_.encode_event(happened));
    db.run("INSERT INTO outbox (sequence, owner) VALUES (?, ?)", db.last_insert_number(), happened.snapshot.owner);
    job_owners_.push_back(happened.snapshot.owner);
}

std::vector<stored_event> sqlite_transaction::claim_events(std::size_t limit, instant now, uuid,
                                                           std::chrono::milliseconds) {
    return pending_events(limit, now);
}

void sqlite_transaction::release_claims(uuid) {}

std::optional<instant> sqlite_transaction::next_attempt_at() const {
    auto row = db_.query("SELECT min(not_before) FROM outbox WHERE not_before > 0");
    row.step();
    return row.optional_at(0);
}

void sqlite_transaction::mark_published(std::span<const std::int64_t> sequences, instant) {
    connection& db = changing();
    for (const std::int64_t sequence : sequences)
        db.run("DELETE FROM outbox WHERE sequence = ?", sequence);
}

void sqlite_transaction::mark_handled_locally(std::span<const std::int64_t> sequences) {
    connection& db = changing();
    for (const std::int64_t sequence : sequences)
        db.run("UPDATE outbox SET handled_locally = 1 WHERE sequence = ?", sequence);
}

}  // namespace rondo::sqlite
