#pragma once
// Entity tags and the conditions that requests put on them (RFC 9110, sections 8.8.3 and 13.1).

#include <string>
#include <string_view>

#include "domain/task.hpp"

namespace rondo {

/// `"<version>"`, and for a task with tags `"<version>-<hash>"`, since a tag is renamed without a new version of its
/// tasks.
std::string etag_of(const task& shown);

/// Whether If-Match holds for this entity tag: `*`, or one of the list is the same and strong.
bool satisfies_if_match(std::string_view condition, std::string_view etag);

/// Whether If-None-Match names this entity tag, weakly or strongly, or is `*`: then a GET is answered with 304.
bool names_etag(std::string_view condition, std::string_view etag);

}  // namespace rondo
