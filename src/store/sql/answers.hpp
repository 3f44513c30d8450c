#pragma once
// Remembered answers to Idempotency-Keys.

#include <span>

#include "store/sql/tables.hpp"

namespace rondo::sql {

template <class Engine>
std::optional<remembered_answer> tables<Engine>::find_answer(std::string_view scope, std::string_view key) const {
    // The same request, sent twice, is run once.
    db_.lock("SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 2))", scope, key);
    auto row = db_.of_nobody().query(
        "SELECT request_hash, answer, created_at FROM answers WHERE scope = $1 AND key = $2", scope, key);
    if (!row.step())
        return std::nullopt;
    return remembered_answer{.scope = std::string{scope},
                             .key = std::string{key},
                             .request_hash = row.digest(0),
                             .answer = std::string{row.bytes(1)},
                             .created_at = row.at(2)};
}

template <class Engine>
void tables<Engine>::remember_answer(const remembered_answer& saved) {
    db_.of_nobody().queue(
        "INSERT INTO answers (scope, key, request_hash, answer, created_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (scope, key) DO UPDATE SET request_hash = excluded.request_hash, answer = excluded.answer,"
        " created_at = excluded.created_at",
        saved.scope, saved.key, saved.request_hash, std::as_bytes(std::span{saved.answer}), saved.created_at);
}

template <class Engine>
std::int64_t tables<Engine>::purge_answers(instant before, std::size_t limit) {
    // As with login throttles.
    return db_.of_nobody().run(
        "DELETE FROM answers WHERE created_at < $1 AND (scope, key) IN"
        " (SELECT scope, key FROM answers WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
        before, limit);
}

}  // namespace rondo::sql
