#pragma once
// Which name was meant by one that is unknown.

#include <optional>
#include <span>
#include <string_view>

namespace rondo {

/// The known name that is most like `unknown`: the same but for case, dashes and underscores (dueDate, due_date), or
/// a slip of few letters away. Nothing when none is near.
std::optional<std::string_view> likely_name(std::string_view unknown, std::span<const std::string_view> known);

}  // namespace rondo
