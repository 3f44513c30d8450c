#include "telemetry/otlp/span_json.hpp"

#include <chrono>
#include <cstdint>
#include <variant>

#include "telemetry/escaped_text.hpp"

namespace rondo::otlp {
namespace {

constexpr int status_error = 2;

void append_text(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

void append_attribute(std::string& out, std::string_view name, const std::variant<std::string, std::int64_t>& value) {
    if (out.back() != '[')
        out += ',';
    out += R"({"key":)";
    append_text(out, name);
    if (const auto* text = std::get_if<std::string>(&value)) {
        out += R"(,"value":{"stringValue":)";
        append_text(out, *text);
    } else {
        out += R"(,"value":{"intValue":")" + std::to_string(std::get<std::int64_t>(value)) + '"';
    }
    out += "}}";
}

void append_span(std::string& out, const rondo::span& ended) {
    const std::string_view context{ended.traceparent};
    const auto start = std::chrono::duration_cast<std::chrono::nanoseconds>(ended.start.time_since_epoch());
    if (out.back() != '[')
        out += ',';
    out += R"({"traceId":")";
    out += context.substr(3, 32);
    out += R"(","spanId":")";
    out += context.substr(36, 16);
    if (!ended.parent_id.empty()) {
        out += R"(","parentSpanId":")";
        out += ended.parent_id;
    }
    out += R"(","name":)";
    append_text(out, ended.name);
    out += R"(,"kind":)" + std::to_string(static_cast<int>(ended.kind));
    out += R"(,"startTimeUnixNano":")" + std::to_string(start.count());
    out += R"(","endTimeUnixNano":")" + std::to_string((start + ended.took).count());
    out += R"(","attributes":[)";
    for (const auto& [name, value] : ended.attributes)
        append_attribute(out, name, value);
    out += R"(],"status":{)";
    if (ended.failed)
        out += R"("code":)" + std::to_string(status_error);
    out += "}}";
}

}  // namespace

std::string to_export_request(std::span<const rondo::span> spans, const pairs& resource) {
    std::string out;
    out.reserve(400 + spans.size() * 600);
    out += R"({"resourceSpans":[{"resource":{"attributes":[)";
    for (const auto& [name, value] : resource)
        append_attribute(out, name, value);
    out += R"(]},"scopeSpans":[{"scope":{"name":"rondo"},"spans":[)";
    for (const auto& one : spans)
        append_span(out, one);
    out += "]}]}]}";
    return out;
}

}  // namespace rondo::otlp
