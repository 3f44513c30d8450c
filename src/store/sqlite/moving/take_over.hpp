#pragma once

#include <filesystem>
#include <optional>

#include "store/moving/take_over.hpp"

namespace rondo::sqlite {

/// Takes over a file of the FastAPI backend: makes our tables of its rows in one transaction, after a copy beside the file
/// (`todo.db.before-taking-over`). Nothing for any other file. Throws `fatal` with one line when it cannot; then nothing has
/// been written. The report is kept in `todo.db.taken-over.txt`.
std::optional<take_over_outcome> take_over(const std::filesystem::path& file);

}  // namespace rondo::sqlite
