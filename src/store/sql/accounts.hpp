#pragma once
// Users, sessions, refresh tokens, login throttles and remembered answers.

#include <stdexcept>

#include "store/fold.hpp"

namespace rondo::sqlite {

namespace {

digest read_digest(const statement& row, int column) {
    const std::string_view bytes = row.blob(column);
    digest read{};
    if (bytes.size() != read.size())
        throw database_error{SQLITE_CORRUPT,
                             "The database file is damaged: a digest of " + std::to_string(bytes.size()) + " bytes"};
    std::memcpy(read.data(), bytes.data(), bytes.size());
    return read;
}

}  // namespace

user sqlite_transaction::read_user(const statement& row, int first) const {
    return {.id = {row.id(first)},
            .email = std::string{row.text(first + 1)},
            .name = row.optional_text(first + 2),
            .zone = zone(row.text(first + 3)),
            .password_hash = std::string{row.text(first + 4)},
            .created_at = row.at(first + 5)};
}

std::optional<user> sqlite_transaction::find_user(user_id id) const {
    auto rows = db_.query("SELECT id, email, name, zone, password_hash, created_at FROM users WHERE id = ?", id);
    return rows.step() ? std::optional{read_user(rows, 0)} : std::nullopt;
}

std::optional<user> sqlite_transaction::find_user_by_email(std::string_view email) const {
    auto rows = db_.query("SELECT id, email, name, zone, password_hash, created_at FROM users WHERE email_key = ?",
                          folded(email));
    return rows.step() ? std::optional{read_user(rows, 0)} : std::nullopt;
}

bool sqlite_transaction::insert_user(const user& added) {
    return changing().run(
               "INSERT INTO users (id, email, email_key, name, zone, password_hash, created_at)"
               " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email_key) DO NOTHING",
               added.id, added.email, folded(added.email), added.name, added.zone.name(), added.password_hash,
               added.created_at) == 1;
}

void sqlite_transaction::update_user(const user& changed) {
    changing().run("UPDATE users SET email = ?, email_key = ?, name = ?, zone = ?, password_hash = ? WHERE id = ?",
                   changed.email, folded(changed.email), changed.name, changed.zone.name(), changed.password_hash,
                   changed.id);
}

void sqlite_transaction::insert_session(const session& added) {
    changing().run("INSERT INTO sessions (id, user, created_at, revoked_at, agent) VALUES (?, ?, ?, ?, ?)", added.id,
                   added.user, added.created_at, added.revoked_at, added.agent);
}

std::optional<user> sqlite_transaction::find_session_user(session_id id) const {
    auto rows = db_.query(
        "SELECT u.id, u.email, u.name, u.zone, u.password_hash, u.created_at"
        " FROM sessions s JOIN users u ON u.id = s.user WHERE s.id = ? AND s.revoked_at IS NULL",
        id);
    return rows.step() ? std::optional{read_user(rows, 0)} : std::nullopt;
}

std::vector<live_session> sqlite_transaction::live_sessions_of(user_id user, instant now) const {
    auto row = db_.query(
        "SELECT s.id, s.created_at, s.agent, coalesce(max(r.used_at), s.created_at) AS used,"
        " max(CASE WHEN r.used_at IS NULL THEN r.expires_at END) AS expires"
        " FROM sessions s JOIN refresh_tokens r ON r.session = s.id WHERE s.user = ? AND s.revoked_at IS NULL"
        " GROUP BY s.id HAVING expires > ? ORDER BY used DESC, s.id DESC LIMIT ?",
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

void sqlite_transaction::revoke_session(session_id id, instant now) {
    changing().run("UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id);
}

void sqlite_transaction::revoke_sessions_of(user_id user, instant now) {
    changing().run("UPDATE sessions SET revoked_at = ? WHERE user = ? AND revoked_at IS NULL", now, user);
}

void sqlite_transaction::insert_refresh_token(const refresh_token& added) {
    changing().run("INSERT INTO refresh_tokens (hash, session, expires_at, used_at) VALUES (?, ?, ?, ?)", added.hash,
                   added.session, added.expires_at, added.used_at);
}

std::optional<std::pair<refresh_token, session>> sqlite_transaction::find_refresh_token(const digest& hash) const {
    auto row = db_.query(
        "SELECT r.hash, r.expires_at, r.used_at, s.id, s.user, s.created_at, s.revoked_at, s.agent"
        " FROM refresh_tokens r JOIN sessions s ON s.id = r.session WHERE r.hash = ?",
        hash);
    if (!row.step())
        return std::nullopt;
    const session_id of{row.id(3)};
    return std::pair{
        refresh_token{
            .hash = read_digest(row, 0), .session = of, .expires_at = row.at(1), .used_at = row.optional_at(2)},
        session{.id = of,
                .user = {row.id(4)},
                .created_at = row.at(5),
                .revoked_at = row.optional_at(6),
                .agent = row.optional_text(7)}};
}

void sqlite_transaction::mark_refresh_token_used(const digest& hash, instant now) {
    changing().run("UPDATE refresh_tokens SET used_at = ? WHERE hash = ?", now, hash);
}

std::optional<login_throttle> sqlite_transaction::find_login_throttle(std::string_view key) const {
    auto row = db_.query("SELECT failures, last_failure_at, blocked_until FROM login_throttles WHERE key = ?", key);
    if (!row.step())
        return std::nullopt;
    return login_throttle{.key = std::string{key},
                          .failures = static_cast<int>(row.integer(0)),
                          .last_failure_at = row.at(1),
                          .blocked_until = row.at(2)};
}

void sqlite_transaction::save_login_throttle(const login_throttle& saved) {
    changing().run(
        "INSERT OR REPLACE INTO login_throttles (key, failures, last_failure_at, blocked_until) VALUES (?, ?, ?, ?)",
        saved.key, saved.failures, saved.last_failure_at, saved.blocked_until);
}

void sqlite_transaction::clear_login_throttle(std::string_view key) {
    changing().run("DELETE FROM login_throttles WHERE key = ?", key);
}

std::optional<remembered_answer> sqlite_transaction::find_answer(std::string_view scope, std::string_view key) const {
    auto row =
        db_.query("SELECT request_hash, answer, created_at FROM answers WHERE scope = ? AND key = ?", scope, key);
    if (!row.step())
        return std::nullopt;
    return remembered_answer{.scope = std::string{scope},
                             .key = std::string{key},
                             .request_hash = read_digest(row, 0),
                             .answer = std::string{row.blob(1)},
                             .created_at = row.at(2)};
}

void sqlite_transaction::remember_answer(const remembered_answer& saved) {
    changing().run(
        "INSERT OR REPLACE INTO answers (scope, key, request_hash, answer, created_at) VALUES (?, ?, ?, ?, ?)",
        saved.scope, saved.key, saved.request_hash, std::span{saved.answer}, saved.created_at);
}

std::size_t sqlite_transaction::purge_accounts(instant throttles_before, instant answers_before, instant tokens_before,
                                               std::size_t limit) {
    connection& db = changing();
    std::int64_t gone = db.run(
        "DELETE FROM login_throttles WHERE key IN"
        " (SELECT key FROM login_throttles WHERE last_failure_at < ? ORDER BY last_failure_at LIMIT ?)",
        throttles_before, limit);
    gone += db.run(
        "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers WHERE created_at < ? ORDER BY created_at LIMIT "
        "?)",
        answers_before, limit);
    // A session without a token may be a minute old; one whose making lies before `tokens_before` is of no more use. Its
    // tokens go with it.
    gone += db.run(
        "DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.created_at < ?1 AND NOT EXISTS"
        " (SELECT 1 FROM refresh_tokens r WHERE r.session = s.id AND r.expires_at >= ?1) ORDER BY s.created_at LIMIT "
        "?2)",
        tokens_before, limit);
    return static_cast<std::size_t>(gone);
}

}  // namespace rondo::sqlite
