#pragma once

#include <vector>

#include "store/migrations/migration.hpp"

namespace rondo::postgres {

/// The files of src/store/migrations/postgres, oldest first.
const std::vector<migration>& known_migrations();

}  // namespace rondo::postgres
