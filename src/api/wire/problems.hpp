#pragma once
// Every reason a request can fail for, as an RFC 9457 problem.

#include "base/error.hpp"
#include "base/random.hpp"
#include "http/message.hpp"

namespace rondo {

http::response problem_response(const error& reason);

}  // namespace rondo
