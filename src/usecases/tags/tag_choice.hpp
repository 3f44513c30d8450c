#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"

namespace rondo {

/// A tag as `tags` mentions it: a name (the tag is made when new), or a tag sent back, whose id counts before its name.
struct tag_mention {
    std::optional<tag_id> id{};
    std::string name{};  ///< empty when only the id is given
};

/// Tags as a request gives them: `tag_ids` (all of them exist) or `tags`. Absent: left as they are.
using tag_choice = std::variant<std::vector<tag_id>, std::vector<tag_mention>>;

}  // namespace rondo
