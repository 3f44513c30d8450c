#pragma once
// A PostgreSQL schema as one end of a copy (store/moving/copy_rows.hpp).

#include <memory>
#include <string>

#include "store/moving/kept_rows.hpp"

namespace rondo::postgres {

/// The schema as it is now; nothing is written to it. Throws `fatal` if it is not of this program's making.
std::unique_ptr<row_reader> open_copy_source(const std::string& url);

/// A schema to be filled with what `source` (a URL, as it is shown) holds: an empty one, or one that an earlier copy of the
/// same source has left unfinished. Until `finish` a server refuses it. Throws `fatal`.
std::unique_ptr<row_writer> open_copy_target(const std::string& url, const std::string& source);

}  // namespace rondo::postgres
