#pragma once
// Users, sessions and refresh tokens. A write job that looks for one of them takes the lock of the user behind it.

#include "store/fold.hpp"
#include "store/sql/tables.hpp"
#include "store/sql/text.hpp"

namespace rondo::sql {

template <class Engine>
user tables<Engine>::read_user(const row& from, int first) const {
    return {.id = {from.id(first)},
            .email = std::string{from.text(first + 1)},
            .name = from.optional_text(first + 2),
            .zone = zone(from.text(first + 3)),
            .password_hash = std::string{from.text(first + 4)},
            .created_at = from.at(first + 5)};
}

template <class Engine>
std::optional<user> tables<Engine>::find_user(user_id id) const {
    auto row = db_.of(id).query("SELECT id, email, name, zone, password_hash, created_at FROM users WHERE id = $1", id);
    return row.step() ? std::optional{read_user(row, 0)} : std::nullopt;
}

template <class Engine>
std::optional<user> tables<Engine>::find_user_by_email(std::string_view email) const {
    const std::string key = folded(email);
    db_.lock("SELECT pg_advisory_xact_lock(uuid_hash_extended(id, 0)) FROM users WHERE email_key = $1", key);
    auto row = db_.of_nobody().query(
        "SELECT id, email, name, zone, password_hash, created_at FROM users WHERE email_key = $1", key);
    return row.step() ? std::optional{read_user(row, 0)} : std::nullopt;
}

template <class Engine>
bool tables<Engine>::insert_user(const user& added) {
    return db_.of(added.id).run(
               "INSERT INTO users (id, email, email_key, name, zone, password_hash, created_at)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email_key) DO NOTHING",
               added.id, added.email, folded(added.email), added.name, added.zone.name(), added.password_hash,
               added.created_at) == 1;
}

template <class Engine>
void tables<Engine>::update_user(const user& changed) {
    db_.of(changed.id)
        .queue("UPDATE users SET email = $1, email_key = $2, name = $3, zone = $4, password_hash = $5 WHERE id = $6",
               changed.email, folded(changed.email), changed.name, changed.zone.name(), changed.password_hash,
               changed.id);
}

template <class Engine>
void tables<Engine>::insert_session(const session& added) {
    db_.of(added.user)
        .queue(text<"INSERT INTO sessions (id, ", Engine::session_owner,
                    ", created_at, revoked_at, agent) VALUES ($1, $2, $3, $4, $5)">,
               added.id, added.user, added.created_at, added.revoked_at, added.agent);
}

template <class Engine>
std::optional<user> tables<Engine>::find_session_user(session_id id) const {
    db_.lock("SELECT pg_advisory_xact_lock(uuid_hash_extended(owner, 0)) FROM sessions WHERE id = $1", id);
    auto row = db_.of_nobody().query(text<"SELECT u.id, u.email, u.name, u.zone, u.password_hash, u.created_at"
                                          " FROM sessions s JOIN users u ON u.id = s.",
                                          Engine::session_owner, " WHERE s.id = $1 AND s.revoked_at IS NULL">,
                                     id);
    return row.step() ? std::optional{read_user(row, 0)} : std::nullopt;
}

template <class Engine>
std::vector<live_session> tables<Engine>::live_sessions_of(user_id user, instant now) const {
    auto row =
        db_.of(user).query(text<"SELECT s.id, s.created_at, s.agent, coalesce(max(r.used_at), s.created_at) AS used,"
                                " max(r.expires_at) FILTER (WHERE r.used_at IS NULL) AS expires"
                                " FROM sessions s JOIN refresh_tokens r ON r.session = s.id WHERE s.",
                                Engine::session_owner,
                                " = $1 AND s.revoked_at IS NULL"
                                " GROUP BY s.id HAVING max(r.expires_at) FILTER (WHERE r.used_at IS NULL) > $2"
                                " ORDER BY used DESC, s.id DESC LIMIT $3">,
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

template <class Engine>
void tables<Engine>::revoke_session(session_id id, instant now) {
    db_.of_nobody().queue("UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", now, id);
}

template <class Engine>
void tables<Engine>::revoke_sessions_of(user_id user, instant now) {
    db_.of(user).queue(
        text<"UPDATE sessions SET revoked_at = $1 WHERE ", Engine::session_owner, " = $2 AND revoked_at IS NULL">, now,
        user);
}

template <class Engine>
void tables<Engine>::insert_refresh_token(const refresh_token& added) {
    db_.of_nobody().queue("INSERT INTO refresh_tokens (hash, session, expires_at, used_at) VALUES ($1, $2, $3, $4)",
                          added.hash, added.session, added.expires_at, added.used_at);
}

template <class Engine>
std::optional<std::pair<refresh_token, session>> tables<Engine>::find_refresh_token(const digest& hash) const {
    db_.lock(
        "SELECT pg_advisory_xact_lock(uuid_hash_extended(s.owner, 0))"
        " FROM refresh_tokens r JOIN sessions s ON s.id = r.session WHERE r.hash = $1",
        hash);
    auto row =
        db_.of_nobody().query(text<"SELECT r.hash, r.expires_at, r.used_at, s.id, s.", Engine::session_owner,
                                   ", s.created_at, s.revoked_at, s.agent"
                                   " FROM refresh_tokens r JOIN sessions s ON s.id = r.session WHERE r.hash = $1">,
                              hash);
    if (!row.step())
        return std::nullopt;
    const session_id family{row.id(3)};
    return std::pair{
        refresh_token{.hash = row.digest(0), .session = family, .expires_at = row.at(1), .used_at = row.optional_at(2)},
        session{.id = family,
                .user = {row.id(4)},
                .created_at = row.at(5),
                .revoked_at = row.optional_at(6),
                .agent = row.optional_text(7)}};
}

template <class Engine>
void tables<Engine>::mark_refresh_token_used(const digest& hash, instant now) {
    db_.of_nobody().queue("UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2", now, hash);
}

template <class Engine>
std::int64_t tables<Engine>::purge_sessions(instant tokens_before, std::size_t limit) {
    // A session without a token may be a minute old; one whose making lies before `tokens_before` is of no more use. Its
    // tokens go with it.
    return db_.of_nobody().run(
        "DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.created_at < $1 AND NOT EXISTS"
        " (SELECT 1 FROM refresh_tokens r WHERE r.session = s.id AND r.expires_at >= $1) ORDER BY s.created_at"
        " LIMIT $2)",
        tokens_before, limit);
}

template <class Engine>
std::size_t tables<Engine>::purge_accounts(instant throttles_before, instant answers_before, instant tokens_before,
                                           std::size_t limit) {
    return static_cast<std::size_t>(purge_login_throttles(throttles_before, limit) +
                                    purge_answers(answers_before, limit) + purge_sessions(tokens_before, limit));
}

}  // namespace rondo::sql
