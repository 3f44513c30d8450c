#pragma once
// Entity tags and the conditions that requests put on them (RFC 9110, sections 8.8.3 and 13.1).

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "http/message.hpp"

namespace rondo {

struct entity_tag {
    std::string opaque;  ///< with its quotes
    bool weak = false;
};

/// The value of If-Match or If-None-Match.
struct etag_condition {
    bool any = false;  ///< `*`; then there are no tags
    std::vector<entity_tag> tags;
};

/// What If-Match asks; `*` without one. errc::malformed_header for what is neither `*` nor a list that names a tag.
result<etag_condition> read_if_match(const http::request& asked);

/// Whether If-Match holds for this entity tag: by strong comparison, so that a weak tag never does (section 13.1.1). The
/// version alone, `"<version>"`, will do: who has a task from a list knows it and no entity tag, and who goes by it does
/// not mind that a tag has another name by now.
/// errc::version_mismatch that says what to send where a proxy has made the tag weak or marked it with a coding.
result<bool> holds(const etag_condition& if_match, std::string_view etag);

/// Whether If-None-Match names this entity tag, by weak comparison (section 13.1.2): then a GET is answered with 304.
/// One that is no list names none.
bool is_known(const http::request& asked, std::string_view etag);

}  // namespace rondo
