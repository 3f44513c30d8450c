#pragma once

#include <boost/json/object.hpp>

#include "base/error.hpp"
#include "http/message.hpp"

namespace rondo {

/// The request's body as a JSON object: unsupported_content when it is not said to be JSON (`application/json`,
/// `…+json`, UTF-8), malformed when it is empty or not JSON, invalid when it is JSON but no object.
result<boost::json::object> read_json_object(const http::request& asked);

/// The same for a body that may be left out: then an empty object.
result<boost::json::object> read_optional_json_object(const http::request& asked);

/// The media type of a Content-Type, in lower case, without its parameters.
std::string media_type(std::string_view content_type);

}  // namespace rondo
