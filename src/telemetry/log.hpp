#pragma once
// One log line per thing that happened, with fields. Development: readable; production: one JSON object a line.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace rondo {

enum class log_level : std::uint8_t { debug, info, warning, error };

/// A field of a log line. Never a password, token, secret or a body. One that is empty is left out.
struct log_field {
    std::string_view name;
    std::string value;
};

enum class log_format : std::uint8_t { readable, json_lines };

inline constexpr std::size_t log_lines_waiting_max = 8192;  ///< more push out the oldest, which is counted

/// Called once by app before the first line, from one thread; without it, lines are readable and go to stderr at once. Lines go to
/// stdout and never block the caller: when the reader of the pipe is stuck or the disk is full, lines are dropped and
/// counted (`rondo_log_dropped_total`). Ignores SIGPIPE, so that a reader that leaves does not end the process.
void start_logging(log_format format, log_level least);
/// Writes what waits, for two seconds at most, and stops the background thread.
void stop_logging();

/// Whether lines of that level are written: for callers whose fields are costly.
bool logs(log_level level);

/// Lines lost since the start of the process.
std::uint64_t log_lines_dropped();

/// Thread-safe, does not wait for the disk. The JSON keys are time, level, message and the fields' names; control characters are
/// escaped, so that one event is one line whatever it carries.
void log(log_level level, std::string_view message, std::initializer_list<log_field> fields = {});

}  // namespace rondo
