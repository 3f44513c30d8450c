// What is appended to the log of events, and what a relay does with the outbox.

#include <span>

#include "store/postgres/postgres_transaction.hpp"

namespace rondo::postgres {

void postgres_transaction::append(const event& happened) {
    const user_id owner = happened.snapshot.owner;
    of(owner).queue(
        "WITH happened AS (INSERT INTO events (id, type, owner, subject, at, traceparent, data)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING sequence, owner)"
        " INSERT INTO outbox (sequence, owner) SELECT sequence, owner FROM happened",
        happened.id, happened.type, owner, happened.snapshot.id, happened.at, happened.traceparent,
        around_.encode_event(happened));
    event_owners_.push_back(owner);
}

std::vector<stored_event> postgres_transaction::claim_events(std::size_t limit, instant now, uuid holder,
                                                             std::chrono::milliseconds lease) {
    connection& db = of_everyone();
    // Owners are claimed first, and what they have is read after that, by a statement that sees what a relay before us has
    // left. Leases are measured by the server's clock: those of the replicas may differ.
    db.queue(
        "INSERT INTO relay_claims (owner, holder, expires_at)"
        " SELECT owner, $3, clock_timestamp() + $4 * interval '1 millisecond' FROM (SELECT DISTINCT owner FROM"
        " (SELECT o.owner FROM outbox o WHERE " RONDO_NOT_WAITING
        " AND NOT EXISTS (SELECT 1 FROM relay_claims c WHERE c.owner = o.owner AND c.holder <> $3"
        " AND c.expires_at > clock_timestamp()) ORDER BY o.sequence LIMIT $2) oldest) owners ORDER BY owner"
        " ON CONFLICT (owner) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at"
        " WHERE relay_claims.holder = excluded.holder OR relay_claims.expires_at <= clock_timestamp()",
        now, limit, holder, lease.count());
    return sql::read_waiting_events(
        db.query("SELECT " RONDO_WAITING_COLUMNS
                 " FROM relay_claims c JOIN outbox o ON o.owner = c.owner JOIN events e ON e.sequence = o.sequence"
                 " WHERE c.holder = $3 AND c.expires_at > clock_timestamp() AND " RONDO_NOT_WAITING
                 " ORDER BY o.sequence LIMIT $2",
                 now, limit, holder));
}

void postgres_transaction::release_claims(uuid holder) {
    of_nobody().queue("DELETE FROM relay_claims WHERE holder = $1", holder);
}

std::optional<instant> postgres_transaction::next_attempt_at() const {
    // What another relay has claimed and is due is on its way already.
    auto row = of_everyone().query(
        "SELECT min(not_before) FROM outbox o WHERE not_before > 0 AND (not_before > $1 OR NOT EXISTS"
        " (SELECT 1 FROM relay_claims c WHERE c.owner = o.owner AND c.expires_at > clock_timestamp()))",
        now_);
    row.step();
    return row.optional_at(0);
}

void postgres_transaction::mark_published(std::span<const std::int64_t> sequences, instant) {
    of_everyone().queue("DELETE FROM outbox WHERE sequence = ANY($1)", sequences);
}

void postgres_transaction::mark_handled_locally(std::span<const std::int64_t> sequences) {
    of_everyone().queue("UPDATE outbox SET handled_locally = true WHERE sequence = ANY($1)", sequences);
}

}  // namespace rondo::postgres
