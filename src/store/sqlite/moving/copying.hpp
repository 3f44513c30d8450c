#pragma once
// A SQLite file as one end of a copy (store/moving/copy_rows.hpp).

#include <filesystem>
#include <memory>
#include <string>

#include "store/moving/kept_rows.hpp"

namespace rondo::sqlite {

/// The file as it is now; nothing is written to it. Throws `fatal` if it is not there, not of this program's schema, or
/// another process has it open.
std::unique_ptr<row_reader> open_copy_source(const std::filesystem::path& file);

/// A file to be filled with what `source` (a URL, as it is shown) holds: a new or empty one, or one that an earlier copy of
/// the same source has left unfinished. Until `finish` a server refuses it, and no other process can open it. Throws
/// `fatal`.
std::unique_ptr<row_writer> open_copy_target(const std::filesystem::path& file, const std::string& source);

}  // namespace rondo::sqlite
