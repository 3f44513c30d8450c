// The log of events, what of it is not published yet, and the dead letters.

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

namespace {

std::vector<stored_event> read_events(statement& rows) {
    std::vector<stored_event> found;
    while (rows.step())
        found.push_back({.sequence = rows.integer(0),
                         .id = {rows.id(1)},
                         .type = rows.enumerator<event_type>(2),
                         .owner = {rows.id(3)},
                         .subject = {rows.id(4)},
                         .at = rows.at(5),
                         .traceparent = std::string{rows.text(6)},
                         .data = std::string{rows.text(7)},
                         .attempts = static_cast<int>(rows.integer(8)),
                         .handled_locally = rows.integer(9) != 0});
    return found;
}

}  // namespace

std::vector<stored_event> sqlite_transaction::pending_events(std::size_t limit, instant now) const {
    auto rows = db_.query(
        "SELECT e.sequence, e.id, e.type, e.owner, e.subject, e.at, e.traceparent, e.data, o.attempts, "
        "o.handled_locally"
        " FROM outbox o CROSS JOIN events e ON e.sequence = o.sequence"
        " WHERE NOT EXISTS (SELECT 1 FROM outbox w WHERE w.owner = o.owner AND w.sequence <= o.sequence"
        " AND w.not_before > 0 AND w.not_before > ?)"
        " ORDER BY o.sequence LIMIT ?",
        now, limit);
    return read_events(rows);
}

std::vector<stored_event> sqlite_transaction::unhandled_events(std::int64_t after, std::size_t limit) const {
    auto rows = db_.query(
        "SELECT e.sequence, e.id, e.type, e.owner, e.subject, e.at, e.traceparent, e.data, o.attempts, "
        "o.handled_locally"
        " FROM outbox o CROSS JOIN events e ON e.sequence = o.sequence"
        " WHERE o.sequence > ? AND o.handled_locally = 0 ORDER BY o.sequence LIMIT ?",
        after, limit);
    return read_events(rows);
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

void sqlite_transaction::postpone(std::int64_t sequence, instant until) {
    changing().run("UPDATE outbox SET attempts = attempts + 1, not_before = ? WHERE sequence = ?", until, sequence);
}

outbox_state sqlite_transaction::outbox() const {
    auto row = db_.query(
        "SELECT (SELECT count(*) FROM outbox), (SELECT at FROM events WHERE sequence = (SELECT min(sequence) FROM "
        "outbox))");
    row.step();
    return {.pending = row.integer(0), .oldest = row.optional_at(1)};
}

bool sqlite_transaction::outbox_holds(std::size_t count) const {
    // Counting is needed only where the numbers of the first and the last event lie so far apart.
    auto span =
        db_.query("SELECT (SELECT max(sequence) FROM outbox) - (SELECT min(sequence) FROM outbox) + 1 >= ?", count);
    span.step();
    if (span.integer(0) == 0)
        return false;
    auto counted = db_.query("SELECT count(*) >= ? FROM (SELECT 1 FROM outbox LIMIT ?)", count, count);
    counted.step();
    return counted.integer(0) != 0;
}

namespace {

dead_letter read_dead_letter(const statement& row) {
    return {.id = row.integer(0),
            .at = row.at(1),
            .origin = std::string{row.text(2)},
            .reason = std::string{row.text(3)},
            .content_type = std::string{row.text(4)},
            .bytes = std::string{row.blob(5)}};
}

}  // namespace

void sqlite_transaction::add_dead_letter(const dead_letter& added) {
    changing().run("INSERT INTO dead_letters (at, origin, reason, content_type, bytes) VALUES (?, ?, ?, ?, ?)",
                   added.at, added.origin, added.reason, added.content_type, std::span{added.bytes});
}

std::vector<dead_letter> sqlite_transaction::list_dead_letters(std::size_t limit) const {
    auto rows =
        db_.query("SELECT id, at, origin, reason, content_type, bytes FROM dead_letters ORDER BY id LIMIT ?", limit);
    std::vector<dead_letter> letters;
    while (rows.step())
        letters.push_back(read_dead_letter(rows));
    return letters;
}

std::optional<dead_letter> sqlite_transaction::find_dead_letter(std::int64_t id) const {
    auto row = db_.query("SELECT id, at, origin, reason, content_type, bytes FROM dead_letters WHERE id = ?", id);
    return row.step() ? std::optional{read_dead_letter(row)} : std::nullopt;
}

bool sqlite_transaction::drop_dead_letter(std::int64_t id) {
    return changing().run("DELETE FROM dead_letters WHERE id = ?", id) == 1;
}

}  // namespace rondo::sqlite
