#pragma once

#include <string>

#include "domain/task.hpp"

namespace rondo {

/// `"<version>"`, and for a task with tags, or due at a time that is not shown by UTC, `"<version>-<hash>"`: a tag is
/// renamed, and the rules of a zone change, without a new version of the task.
std::string etag_of(const task& shown);

}  // namespace rondo
