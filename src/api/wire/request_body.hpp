#pragma once

#include <boost/json/object.hpp>

#include "base/error.hpp"
#include "http/message.hpp"

namespace rondo {

/// The request's body as a JSON object: no_body when it is empty, unsupported_content when it is not said to be JSON
/// (`application/json` or `…+json`; a `charset`, if any, is utf-8 or utf8, with or without quotes), malformed when it is not
/// JSON, invalid when it is JSON but no object. A UTF-8 byte order mark before it is passed over (RFC 8259, section 8.1).
result<boost::json::object> read_json_object(const http::request& asked);

/// The same for a body that may be left out: then an empty object.
result<boost::json::object> read_optional_json_object(const http::request& asked);

/// The media type of a Content-Type, in lower case, without its parameters.
std::string media_type(std::string_view content_type);

}  // namespace rondo
