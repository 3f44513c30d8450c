#pragma once

#include "domain/task.hpp"
#include "store/moving/kept_rows.hpp"

namespace rondo {

/// A task outside the trash as a row of `tasks`; its tags are rows of `task_tags`.
kept_row row_of(const task& of, bool child_made);

}  // namespace rondo
