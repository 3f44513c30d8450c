#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "telemetry/otlp/settings.hpp"

namespace rondo::otlp {

/// Posts JSON to the collector on a connection of its own and waits for the status line, all within `to.timeout` or until `give_up` (asked ten times
/// a second). Gives the status, or in a few words what went wrong.
std::expected<unsigned, std::string> post_json(const settings& to, std::string_view body,
                                               const std::function<bool()>& give_up);

}  // namespace rondo::otlp
