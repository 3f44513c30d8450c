#pragma once
// What a log line looks like: a pure function, so that tests can look at it.

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "telemetry/log.hpp"

namespace rondo {

/// The line with its newline. Whatever the texts hold, the newline at the end is the only line break, and no byte in it can steer a
/// terminal: control characters, line separators and bidirectional marks are escaped, bad UTF-8 becomes U+FFFD.
std::string compose_log_line(log_format format, log_level level, instant at, std::string_view message,
                             std::initializer_list<log_field> fields);

}  // namespace rondo
