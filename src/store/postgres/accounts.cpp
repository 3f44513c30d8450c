// Users, sessions, refresh tokens, login throttles and remembered answers. A write job that looks for one of them takes a
// lock first, so that it and another like it follow one another: of the user behind it, or of its key.

#include <algorithm>

#include "store/fold.hpp"
#include "store/postgres/postgres_transaction.hpp"

namespace rondo::postgres {

namespace {

digest read_digest(const rows& row, int column) {
    const std::string_view bytes = row.text(column);
    digest read{};
    if (bytes.size() != read.size())
        throw database_error{database_error::kind::broken,
                             "The database is damaged: a digest of " + std::to_string(bytes.size()) + " bytes"};
    std::ranges::copy(std::as_bytes(std::span{bytes}), read.begin());
    return read;
}

}  // namespace

user postgres_transaction::read_user(const rows& row, int first) const {
    return {.id = {row.id(first)},
            .email = std::string{row.text(first + 1)},
            .name = row.optional_text(first + 2),
            .zone = zone(row.text(first + 3)),
            .password_hash = std::string{row.text(first + 4)},
            .created_at = row.at(first + 5)};
}

std::optional<user> postgres_transaction::find_user(user_id id) const {
    auto row = of(id).query("SELECT id, email, name, zone, password_hash, created_at FROM users WHERE id = $1", id);
    return row.step() ? std::optional{read_user(row, 0)} : std::nullopt;
}

std::optional<user> postgres_transaction::find_user_by_email(std::string_view email) const {
    connection& db = of_nobody();
    const std::string key = folded(email);
    if (is_writing())
        db.queue("SELECT pg_advisory_xact_lock(uuid_hash_extended(id, 0)) FROM users WHERE email_key = $1", key);
    auto row = db.query("SELECT id, email, name, zone, password_hash, created_at FROM users WHERE email_key = $1", key);
    return row.step() ? std::optional{read_user(row, 0)} : std::nullopt;
}

bool postgres_transaction::insert_user(const user& added) {
    return of(added.id).run(
               "INSERT INTO users (id, email, email_key, name, zone, password_hash, created_at)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email_key) DO NOTHING",
               added.id, added.email, folded(added.email), added.name, added.zone.name(), added.password_hash,
               added.created_at) == 1;
}

void postgres_transaction::update_user(const user& changed) {
    of(changed.id)
        .queue("UPDATE users SET email = $1, email_key = $2, name = $3, zone = $4, password_hash = $5 WHERE id = $6",
               changed.email, folded(changed.email), changed.name, changed.zone.name(), changed.password_hash,
               changed.id);
}

void postgres_transaction::insert_session(const session& added) {
    of(added.user)
        .queue("INSERT INTO sessions (id, owner, created_at, revoked_at, agent) VALUES ($1, $2, $3, $4, $5)", added.id,
               added.user, added.created_at, added.revoked_at, added.agent);
}

std::optional<user> postgres_transaction::find_session_user(session_id id) const {
    connection& db = of_nobody();
    if (is_writing())
        db.queue("SELECT pg_advisory_xact_lock(uuid_hash_extended(owner, 0)) FROM sessions WHERE id = $1", id);
    auto row = db.query(
        "SELECT u.id, u.email, u.name, u.zone, u.password_hash, u.created_at"
        " FROM sessions s JOIN users u ON u.id = s.owner WHERE s.id = $1 AND s.revoked_at IS NULL",
        id);
    return row.step() ? std::optional{read_user(row, 0)} : std::nullopt;
}

std::vector<live_session> postgres_transaction::live_sessions_of(user_id user, instant now) const {
    auto row = of(user).query(
        "SELECT s.id, s.created_at, s.agent, coalesce(max(r.used_at), s.created_at) AS used,"
        " max(r.expires_at) FILTER (WHERE r.used_at IS NULL) AS expires"
        " FROM sessions s JOIN refresh_tokens r ON r.session = s.id WHERE s.owner = $1 AND s.revoked_at IS NULL"
        " GROUP BY s.id HAVING max(r.expires_at) FILTER (WHERE r.used_at IS NULL) > $2"
        " ORDER BY used DESC, s.id DESC LIMIT $3",
        user, now, live_sessions_max);
    std::vector<live_session> found;
    while (row.step())
        found.push_back({.session = {.id = {row.id(0)},
                                     .user = user,
                                     .created_at = row.at(1),
                                     .revoked_at = std::nullopt,
                                     .agent = row.optional_text(2)},
                         .last_used_at = row.at(3),
                         .expires_at = row.at(4)});
    return found;
}

void postgres_transaction::revoke_session(session_id id, instant now) {
    of_nobody().queue("UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", now, id);
}

void postgres_transaction::revoke_sessions_of(user_id user, instant now) {
    of(user).queue("UPDATE sessions SET revoked_at = $1 WHERE owner = $2 AND revoked_at IS NULL", now, user);
}

void postgres_transaction::insert_refresh_token(const refresh_token& added) {
    of_nobody().queue("INSERT INTO refresh_tokens (hash, session, expires_at, used_at) VALUES ($1, $2, $3, $4)",
                      added.hash, added.session, added.expires_at, added.used_at);
}

std::optional<std::pair<refresh_token, session>> postgres_transaction::find_refresh_token(const digest& hash) const {
    connection& db = of_nobody();
    if (is_writing())
        db.queue(
            "SELECT pg_advisory_xact_lock(uuid_hash_extended(s.owner, 0))"
            " FROM refresh_tokens r JOIN sessions s ON s.id = r.session WHERE r.hash = $1",
            hash);
    auto row = db.query(
        "SELECT r.hash, r.expires_at, r.used_at, s.id, s.owner, s.created_at, s.revoked_at, s.agent"
        " FROM refresh_tokens r JOIN sessions s ON s.id = r.session WHERE r.hash = $1",
        hash);
    if (!row.step())
        return std::nullopt;
    const session_id family{row.id(3)};
    return std::pair{
        refresh_token{
            .hash = read_digest(row, 0), .session = family, .expires_at = row.at(1), .used_at = row.optional_at(2)},
        session{.id = family,
                .user = {row.id(4)},
                .created_at = row.at(5),
                .revoked_at = row.optional_at(6),
                .agent = row.optional_text(7)}};
}

void postgres_transaction::mark_refresh_token_used(const digest& hash, instant now) {
    of_nobody().queue("UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2", now, hash);
}

std::optional<login_throttle> postgres_transaction::find_login_throttle(std::string_view key) const {
    connection& db = of_nobody();
    if (is_writing())  // there may be no row to lock yet
        db.queue("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", key);
    auto row = db.query("SELECT failures, last_failure_at, blocked_until FROM login_throttles WHERE key = $1", key);
    if (!row.step())
        return std::nullopt;
    return login_throttle{.key = std::string{key},
                          .failures = static_cast<int>(row.integer(0)),
                          .last_failure_at = row.at(1),
                          .blocked_until = row.at(2)};
}

void postgres_transaction::save_login_throttle(const login_throttle& saved) {
    of_nobody().queue(
        "INSERT INTO login_throttles (key, failures, last_failure_at, blocked_until) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_failure_at = excluded.last_failure_at,"
        " blocked_until = excluded.blocked_until",
        saved.key, saved.failures, saved.last_failure_at, saved.blocked_until);
}

void postgres_transaction::clear_login_throttle(std::string_view key) {
    of_nobody().queue("DELETE FROM login_throttles WHERE key = $1", key);
}

std::optional<remembered_answer> postgres_transaction::find_answer(std::string_view scope, std::string_view key) const {
    connection& db = of_nobody();
    if (is_writing())  // the same request, sent twice, is run once
        db.queue("SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 2))", scope, key);
    auto row =
        db.query("SELECT request_hash, answer, created_at FROM answers WHERE scope = $1 AND key = $2", scope, key);
    if (!row.step())
        return std::nullopt;
    return remembered_answer{.scope = std::string{scope},
                             .key = std::string{key},
                             .request_hash = read_digest(row, 0),
                             .answer = std::string{row.text(1)},
                             .created_at = row.at(2)};
}

void postgres_transaction::remember_answer(const remembered_answer& saved) {
    of_nobody().queue(
        "INSERT INTO answers (scope, key, request_hash, answer, created_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (scope, key) DO UPDATE SET request_hash = excluded.request_hash, answer = excluded.answer,"
        " created_at = excluded.created_at",
        saved.scope, saved.key, saved.request_hash, std::as_bytes(std::span{saved.answer}), saved.created_at);
}

std::size_t postgres_transaction::purge_accounts(instant throttles_before, instant answers_before,
                                                 instant tokens_before, std::size_t limit) {
    // The condition stands twice: what has been used again meanwhile stays.
    connection& db = of_nobody();
    std::int64_t gone = db.run(
        "DELETE FROM login_throttles WHERE last_failure_at < $1 AND key IN"
        " (SELECT key FROM login_throttles WHERE last_failure_at < $1 ORDER BY last_failure_at LIMIT $2)",
        throttles_before, limit);
    gone += db.run(
        "DELETE FROM answers WHERE created_at < $1 AND (scope, key) IN"
        " (SELECT scope, key FROM answers WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
        answers_before, limit);
    // A session without a token may be a minute old; one whose making lies before `tokens_before` is of no more use. Its
    // tokens go with it.
    gone += db.run(
        "DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.created_at < $1 AND NOT EXISTS"
        " (SELECT 1 FROM refresh_tokens r WHERE r.session = s.id AND r.expires_at >= $1) ORDER BY s.created_at"
        " LIMIT $2)",
        tokens_before, limit);
    return static_cast<std::size_t>(gone);
}

}  // namespace rondo::postgres
