#pragma once
// Messages that cannot be handled.

#include <span>

#include "store/sql/tables.hpp"

namespace rondo::sql {

dead_letter read_dead_letter(const auto& row) {
    return {.id = row.integer(0),
            .at = row.at(1),
            .origin = std::string{row.text(2)},
            .reason = std::string{row.text(3)},
            .content_type = std::string{row.text(4)},
            .bytes = std::string{row.bytes(5)}};
}

template <class Engine>
void tables<Engine>::add_dead_letter(const dead_letter& added) {
    // A reason may quote what came in, and a content type is a header's.
    db_.of_nobody().run(
        "INSERT INTO dead_letters (at, origin, reason, content_type, bytes) VALUES ($1, $2, $3, $4, $5)", added.at,
        added.origin, Engine::kept_text(added.reason), Engine::kept_text(added.content_type),
        std::as_bytes(std::span{added.bytes}));
}

template <class Engine>
std::vector<dead_letter> tables<Engine>::list_dead_letters(std::size_t limit) const {
    auto row = db_.of_nobody().query(
        "SELECT id, at, origin, reason, content_type, bytes FROM dead_letters ORDER BY id LIMIT $1", limit);
    std::vector<dead_letter> letters;
    while (row.step())
        letters.push_back(read_dead_letter(row));
    return letters;
}

template <class Engine>
std::optional<dead_letter> tables<Engine>::find_dead_letter(std::int64_t id) const {
    auto row =
        db_.of_nobody().query("SELECT id, at, origin, reason, content_type, bytes FROM dead_letters WHERE id = $1", id);
    return row.step() ? std::optional{read_dead_letter(row)} : std::nullopt;
}

template <class Engine>
bool tables<Engine>::drop_dead_letter(std::int64_t id) {
    return db_.of_nobody().run("DELETE FROM dead_letters WHERE id = $1", id) == 1;
}

}  // namespace rondo::sql
