#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace rondo {

inline constexpr std::size_t tag_name_max = 50;    // characters
inline constexpr std::size_t tags_per_task_max = 20;
inline constexpr const char* tag_default_color = "#3B82F6";

struct tag {
    tag_id id;
    user_id owner;
    std::string name;   ///< unique per user without regard to case
    std::string color;  ///< #RRGGBB
    instant created_at;
    friend bool operator==(const tag&, const tag&) = default;
};

}  // namespace rondo
