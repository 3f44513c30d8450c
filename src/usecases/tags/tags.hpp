#pragma once
// The verbs of tags. Each is one transaction; each lives in the file of its name. An unexpected result changes
// nothing. Names come trimmed, 1 to `tag_name_max` characters; those that people could not read are errc::invalid.
// Colours come as #RRGGBB.

#include <optional>
#include <string>

#include "store/transaction.hpp"
#include "usecases/actor.hpp"

namespace rondo {

/// create_tag.cpp. tag_name_taken if the user has one of that name.
result<tag> create_tag(transaction& tx, const actor& who, std::string name, std::string color);

/// change_tag.cpp. Absent fields stay as they are.
result<tag_count> change_tag(transaction& tx, const actor& who, tag_id id, const std::optional<std::string>& name,
                             const std::optional<std::string>& color);

}  // namespace rondo
