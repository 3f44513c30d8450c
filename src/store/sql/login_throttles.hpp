#pragma once
// Wrong log-ins in a row: a table as small as they come, and a model for the next one (CONTRIBUTING.md, "A new table").

#include "store/sql/tables.hpp"

namespace rondo::sql {

template <class Engine>
std::optional<login_throttle> tables<Engine>::find_login_throttle(std::string_view key) const {
    // There may be no row to lock yet.
    db_.lock("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", key);
    auto row = db_.of_nobody().query(
        "SELECT failures, last_failure_at, blocked_until FROM login_throttles WHERE key = $1", key);
    if (!row.step())
        return std::nullopt;
    return login_throttle{.key = std::string{key},
                          .failures = static_cast<int>(row.integer(0)),
                          .last_failure_at = row.at(1),
                          .blocked_until = row.at(2)};
}

template <class Engine>
void tables<Engine>::save_login_throttle(const login_throttle& saved) {
    db_.of_nobody().queue(
        "INSERT INTO login_throttles (key, failures, last_failure_at, blocked_until) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_failure_at = excluded.last_failure_at,"
        " blocked_until = excluded.blocked_until",
        saved.key, saved.failures, saved.last_failure_at, saved.blocked_until);
}

template <class Engine>
void tables<Engine>::clear_login_throttle(std::string_view key) {
    db_.of_nobody().queue("DELETE FROM login_throttles WHERE key = $1", key);
}

template <class Engine>
std::int64_t tables<Engine>::purge_login_throttles(instant before, std::size_t limit) {
    // The condition stands twice: what has been used again meanwhile stays.
    return db_.of_nobody().run(
        "DELETE FROM login_throttles WHERE last_failure_at < $1 AND key IN"
        " (SELECT key FROM login_throttles WHERE last_failure_at < $1 ORDER BY last_failure_at LIMIT $2)",
        before, limit);
}

}  // namespace rondo::sql
