#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "domain/readable_text.hpp"

namespace rondo {

/// What is wrong with a name that a tag is to get.
inline result<void> check_tag_name(std::string_view name) {
    if (auto fault = fault_of_line(name))
        return std::unexpected(error{
            .code = errc::invalid, .detail = "The name cannot be a tag's.", .faults = {{"/name", *std::move(fault)}}});
    return {};
}

inline std::unexpected<error> tag_name_taken(std::string_view name) {
    return fail(errc::tag_name_taken,
                "You have a tag called \"" + std::string{name} + "\" already; choose another name.");
}

}  // namespace rondo
