#pragma once
// The web page, for the routes that give it.

#include "http/message.hpp"

namespace rondo {

/// The page itself (index.html), whichever of its views the path means. 304 where the browser has it already.
http::response web_page(const http::request& asked);

}  // namespace rondo
