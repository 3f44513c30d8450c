// The log of events, what of it is not published yet, and the dead letters.

#include <span>

#include "store/moving/kept_rows.hpp"
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

namespace {

// An event of `o` whose key waits no longer at $1.
#define RONDO_NOT_WAITING                                                                     \
    "NOT EXISTS (SELECT 1 FROM outbox w WHERE w.owner = o.owner AND w.sequence <= o.sequence" \
    " AND w.not_before > 0 AND w.not_before > $1)"

std::vector<stored_event> read_events(rows row) {
    std::vector<stored_event> found;
    while (row.step())
        found.push_back({.sequence = row.integer(0),
                         .id = {row.id(1)},
                         .type = row.enumerator<event_type>(2),
                         .owner = {row.id(3)},
                         .subject = {row.id(4)},
                         .at = row.at(5),
                         .traceparent = std::string{row.text(6)},
                         .data = std::string{row.text(7)},
                         .attempts = static_cast<int>(row.integer(8)),
                         .handled_locally = row.truth(9)});
    return found;
}

}  // namespace

#define RONDO_EVENT_COLUMNS                                                                  \
    "e.sequence, e.id, e.type, e.owner, e.subject, e.at, e.traceparent, e.data, o.attempts," \
    " o.handled_locally"

std::vector<stored_event> postgres_transaction::pending_events(std::size_t limit, instant now) const {
    return read_events(of_everyone().query("SELECT " RONDO_EVENT_COLUMNS
                                           " FROM outbox o JOIN events e ON e.sequence = o.sequence"
                                           " WHERE " RONDO_NOT_WAITING " ORDER BY o.sequence LIMIT $2",
                                           now, limit));
}

std::vector<stored_event> postgres_transaction::unhandled_events(std::int64_t, std::size_t limit) const {
    // Another replica may yet commit an event of a lower sequence, so none is passed over for being behind.
    return read_events(of_everyone().query("SELECT " RONDO_EVENT_COLUMNS
                                           " FROM outbox o JOIN events e ON e.sequence = o.sequence"
                                           " WHERE NOT o.handled_locally ORDER BY o.sequence LIMIT $1",
                                           limit));
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
    return read_events(
        db.query("SELECT " RONDO_EVENT_COLUMNS
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

void postgres_transaction::postpone(std::int64_t sequence, instant until) {
    of_everyone().queue("UPDATE outbox SET attempts = attempts + 1, not_before = $1 WHERE sequence = $2", until,
                        sequence);
}

bool postgres_transaction::outbox_holds(std::size_t count) const {
    // Counting is needed only where the numbers of the first and the last event lie so far apart.
    auto row = of_everyone().query(
        "SELECT CASE WHEN (SELECT max(sequence) - min(sequence) + 1 FROM outbox) >= $1"
        " THEN (SELECT count(*) >= $1 FROM (SELECT 1 FROM outbox LIMIT $1) AS first_ones) ELSE false END",
        count);
    row.step();
    return row.truth(0);
}

outbox_state postgres_transaction::outbox() const {
    auto row = of_everyone().query(
        "SELECT (SELECT count(*) FROM outbox),"
        " (SELECT at FROM events WHERE sequence = (SELECT min(sequence) FROM outbox))");
    row.step();
    return {.pending = row.integer(0), .oldest = row.optional_at(1)};
}

namespace {

dead_letter read_dead_letter(const rows& row) {
    return {.id = row.integer(0),
            .at = row.at(1),
            .origin = std::string{row.text(2)},
            .reason = std::string{row.text(3)},
            .content_type = std::string{row.text(4)},
            .bytes = std::string{row.text(5)}};
}

}  // namespace

// A reason may quote what came in, and a content type is a header's; PostgreSQL's text is UTF-8 without NUL.
void postgres_transaction::add_dead_letter(const dead_letter& added) {
    of_nobody().query("INSERT INTO dead_letters (at, origin, reason, content_type, bytes) VALUES ($1, $2, $3, $4, $5)",
                      added.at, added.origin, clean_text(added.reason, "?"), clean_text(added.content_type, "?"),
                      std::as_bytes(std::span{added.bytes}));
}

std::vector<dead_letter> postgres_transaction::list_dead_letters(std::size_t limit) const {
    auto row = of_nobody().query(
        "SELECT id, at, origin, reason, content_type, bytes FROM dead_letters ORDER BY id LIMIT $1", limit);
    std::vector<dead_letter> letters;
    while (row.step())
        letters.push_back(read_dead_letter(row));
    return letters;
}

std::optional<dead_letter> postgres_transaction::find_dead_letter(std::int64_t id) const {
    auto row =
        of_nobody().query("SELECT id, at, origin, reason, content_type, bytes FROM dead_letters WHERE id = $1", id);
    return row.step() ? std::optional{read_dead_letter(row)} : std::nullopt;
}

bool postgres_transaction::drop_dead_letter(std::int64_t id) {
    return of_nobody().run("DELETE FROM dead_letters WHERE id = $1", id) == 1;
}

}  // namespace rondo::postgres
