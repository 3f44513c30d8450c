#pragma once
// Spans: what was done within which trace, and how long it took. Without a sink, a span costs next to nothing.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rondo {

enum class span_kind : std::uint8_t {
    internal = 1,
    server = 2,
    client = 3,
    producer = 4,
    consumer = 5
};  // OTLP's numbers

struct span_attribute {
    std::string name;
    std::variant<std::string, std::int64_t> value;
};

/// A span that has ended.
struct span {
    std::string traceparent;  ///< W3C, of the span itself
    std::string parent_id;    ///< 16 hex digits; empty at the root of a trace
    std::string name;         ///< of a small set: a route, never a path
    span_kind kind = span_kind::internal;
    std::chrono::system_clock::time_point start;
    std::chrono::nanoseconds took{0};
    std::vector<span_attribute> attributes{};
    bool failed = false;
};

/// Where the span's parent is: the sampler asks.
enum class span_parent : std::uint8_t { none, remote, local };

/// Takes ended spans. Thread-safe; never waits.
class span_sink {
public:
    virtual ~span_sink() = default;
    /// Whether spans of that trace are wanted.
    virtual bool wants(std::string_view traceparent, span_parent parent) const = 0;
    virtual void add(span ended) = 0;
    virtual std::uint64_t dropped() const = 0;
};

/// Called by app: the sink from here on, or none. The sink must outlive every thread that records spans, or be taken away once they have ended.
void set_span_sink(span_sink* sink);

/// Lost because the collector did not keep up or was not there.
std::uint64_t spans_dropped();

/// Records the span of an HTTP request after its answer. `own` is its trace context, `caller` the traceparent header as it came (or empty), `route` the
/// pattern that matched (or empty).
void record_request_span(std::string_view own, std::string_view caller, std::string_view method, std::string_view route,
                         unsigned status, std::chrono::nanoseconds took);

/// A span of work done here on behalf of another span of ours, from its making to its end of life.
class scoped_span {
public:
    /// `parent` may be empty: then this is a trace of its own.
    scoped_span(std::string_view name, span_kind kind, std::string_view parent);
    ~scoped_span();
    scoped_span(scoped_span&& other) noexcept;
    scoped_span(const scoped_span&) = delete;
    scoped_span& operator=(const scoped_span&) = delete;
    scoped_span& operator=(scoped_span&&) = delete;

    /// What to hand on: the span's own context when it is recorded, else the parent's.
    const std::string& traceparent() const { return told_.traceparent; }
    void set(std::string name, std::string value);
    void fail() { told_.failed = true; }

private:
    bool recorded_ = false;
    span told_;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace rondo
