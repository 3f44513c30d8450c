#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rondo {

inline std::unexpected<error> tag_name_taken(std::string_view name) {
    return fail(errc::tag_name_taken,
                "You have a tag called \"" + std::string{name} + "\" already; choose another name.");
}

}  // namespace rondo
