#pragma once

#include <vector>

#include "store/migrations/migration.hpp"

namespace rondo::sqlite {

/// The files of src/store/migrations/sqlite, oldest first.
const std::vector<migration>& known_migrations();

}  // namespace rondo::sqlite
