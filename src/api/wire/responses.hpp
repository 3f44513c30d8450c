#pragma once
// Answers that are no problems.

#include <string>
#include <utility>

#include "http/message.hpp"

namespace rondo {

inline http::response json_response(unsigned status, std::string json) {
    return {.status = status, .content_type = "application/json", .body = std::move(json)};
}

inline http::response no_content() {
    return {.status = 204};
}

}  // namespace rondo
