#pragma once
// All that an engine needs to compile `tables` for itself.

#include "store/sql/accounts.hpp"  // IWYU pragma: export
#include "store/sql/answers.hpp"  // IWYU pragma: export
#include "store/sql/dead_letters.hpp"  // IWYU pragma: export
#include "store/sql/events.hpp"  // IWYU pragma: export
#include "store/sql/login_throttles.hpp"  // IWYU pragma: export
#include "store/sql/stats.hpp"  // IWYU pragma: export
#include "store/sql/tags.hpp"  // IWYU pragma: export
#include "store/sql/tasks.hpp"  // IWYU pragma: export
#include "store/sql/trash.hpp"  // IWYU pragma: export
