#include "telemetry/trace.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <span>

#include "base/random.hpp"

namespace rondo {
namespace {

constexpr std::size_t traceparent_size = 55;  // 00-<32: trace>-<16: span>-<2: flags>

std::atomic<span_sink*> current{nullptr};

void append_random_hex(std::string& text, std::size_t count) {
    static constexpr char digits[] = "0123456789abcdef";
    static system_random random;
    std::array<std::byte, 16> drawn;
    const auto bytes = std::span{drawn}.first(count);
    random.fill(bytes);
    bytes[0] |= std::byte{1};  // all zeros would mean "none"
    for (const std::byte b : bytes) {
        text += digits[std::to_integer<unsigned>(b) >> 4];
        text += digits[std::to_integer<unsigned>(b) & 15];
    }
}

/// A new span in the parent's trace, or in a new one.
std::string child_of(std::string_view parent) {
    std::string made{"00-"};
    if (parent.empty())
        append_random_hex(made, 16);
    else
        made += parent.substr(3, 32);
    made += '-';
    append_random_hex(made, 8);
    made += '-';
    made += parent.empty() ? "01" : parent.substr(53, 2);
    return made;
}

std::string_view span_id(std::string_view traceparent) {
    return traceparent.size() == traceparent_size ? traceparent.substr(36, 16) : std::string_view{};
}

}  // namespace

void set_span_sink(span_sink* sink) {
    current = sink;
}

std::uint64_t spans_dropped() {
    const auto* sink = current.load();
    return sink != nullptr ? sink->dropped() : 0;
}

void record_request_span(std::string_view own, std::string_view caller, std::string_view method, std::string_view route,
                         unsigned status, std::chrono::nanoseconds took) {
    auto* sink = current.load(std::memory_order_acquire);
    if (sink == nullptr || own.size() != traceparent_size)
        return;
    // The engine continues the caller's trace if its header is good, and only then.
    const bool continued = caller.size() >= traceparent_size && caller.substr(3, 32) == own.substr(3, 32);
    if (!sink->wants(own, continued ? span_parent::remote : span_parent::none))
        return;
    span ended{.traceparent = std::string{own},
               .parent_id = continued ? std::string{caller.substr(36, 16)} : std::string{},
               .name = std::string{method},
               .kind = span_kind::server,
               .start = std::chrono::system_clock::now() -
                        std::chrono::duration_cast<std::chrono::system_clock::duration>(took),
               .took = took,
               .failed = status >= 500};
    ended.attributes.push_back({.name = "http.request.method", .value = std::string{method}});
    ended.attributes.push_back({.name = "http.response.status_code", .value = static_cast<std::int64_t>(status)});
    if (!route.empty()) {
        ended.name += ' ';
        ended.name += route;
        ended.attributes.push_back({.name = "http.route", .value = std::string{route}});
    }
    sink->add(std::move(ended));
}

scoped_span::scoped_span(std::string_view name, span_kind kind, std::string_view parent) {
    told_.traceparent = parent;
    const auto* sink = current.load(std::memory_order_acquire);
    if (sink == nullptr || (!parent.empty() && parent.size() != traceparent_size))
        return;
    auto own = child_of(parent);
    if (!sink->wants(own, parent.empty() ? span_parent::none : span_parent::local))
        return;
    recorded_ = true;
    told_.traceparent = std::move(own);
    told_.parent_id = span_id(parent);
    told_.name = name;
    told_.kind = kind;
    told_.start = std::chrono::system_clock::now();
    began_ = std::chrono::steady_clock::now();
}

scoped_span::scoped_span(scoped_span&& other) noexcept
    : recorded_{std::exchange(other.recorded_, false)}, told_{std::move(other.told_)}, began_{other.began_} {}

scoped_span::~scoped_span() {
    auto* sink = recorded_ ? current.load(std::memory_order_acquire) : nullptr;
    if (sink == nullptr)
        return;
    told_.took = std::chrono::steady_clock::now() - began_;
    sink->add(std::move(told_));
}

void scoped_span::set(std::string name, std::string value) {
    if (recorded_)
        told_.attributes.push_back({.name = std::move(name), .value = std::move(value)});
}

}  // namespace rondo
