#pragma once

#include <span>
#include <string>

#include "telemetry/otlp/settings.hpp"
#include "telemetry/trace.hpp"

namespace rondo::otlp {

/// The body of an export: ExportTraceServiceRequest in OTLP's JSON form (ids as hex, 64-bit numbers as strings).
std::string to_export_request(std::span<const rondo::span> spans, const pairs& resource);

}  // namespace rondo::otlp
