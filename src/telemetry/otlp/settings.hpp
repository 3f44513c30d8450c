#pragma once
// OpenTelemetry's standard variables (OTEL_*), as far as they concern traces, and the values they are checked to be.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/trace.hpp"

namespace rondo::otlp {

using pairs = std::vector<std::pair<std::string, std::string>>;

/// The variables as text; empty is not given.
struct variables {
    std::string endpoint;         ///< OTEL_EXPORTER_OTLP_ENDPOINT: `/v1/traces` is added
    std::string traces_endpoint;  ///< OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: taken as it is
    std::string headers;
    std::string timeout;
    std::string service_name;
    std::string resource_attributes;
    std::string sampler;
    std::string sampler_arg;
    std::string disabled;
};

struct sampling {
    enum class rule : std::uint8_t { always_on, always_off, ratio };
    rule root = rule::always_on;
    bool parent_decides = true;         ///< where there is a parent, its flag is followed
    std::uint64_t below = UINT64_MAX;   ///< with `ratio`: the last 8 bytes of the trace id are less than this

    bool wants(std::string_view traceparent, span_parent parent) const;
};

struct settings {
    std::string host;
    std::string port;
    std::string target;   ///< path and query
    pairs headers;        ///< names checked, values decoded
    std::chrono::milliseconds timeout{10'000};
    pairs resource;       ///< attributes, service.name among them
    sampling sampler;
};

/// Nothing when no endpoint is given, or OTEL_SDK_DISABLED is true, or the sampler is always_off. Throws `fatal` (78) with one line that names
/// the variable, the value (of headers, nothing) and what is allowed.
std::optional<settings> check(const variables& given);

}  // namespace rondo::otlp
