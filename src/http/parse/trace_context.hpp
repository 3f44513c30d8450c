#pragma once
// W3C Trace Context, as much of it as a server needs to be a span in its caller's trace.

#include <string>
#include <string_view>

#include "base/random.hpp"

namespace rondo::http {

/// The traceparent of a new span: in the trace of `caller` (a traceparent header) if that is well formed and not all
/// zeros, else in a new trace.
std::string new_traceparent(std::string_view caller, random_source& random);

}  // namespace rondo::http
