#include "telemetry/trace.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rondo {
namespace {

using namespace std::chrono_literals;

const std::string caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const std::string own = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

class recording_sink final : public span_sink {
public:
    recording_sink() { set_span_sink(this); }
    ~recording_sink() override { set_span_sink(nullptr); }
    bool wants(std::string_view, span_parent parent) const override {
        asked = parent;
        return wanted;
    }
    void add(span ended) override { spans.push_back(std::move(ended)); }
    std::uint64_t dropped() const override { return 7; }

    bool wanted = true;
    mutable span_parent asked = span_parent::none;
    std::vector<span> spans;
};

TEST(request_span, ContinuesTheCallersTrace) {
    recording_sink sink;
    record_request_span(own, caller, "GET", "/api/tasks/{id}", 200, 5ms);
    ASSERT_EQ(sink.spans.size(), 1U);
    const span& told = sink.spans.front();
    EXPECT_EQ(sink.asked, span_parent::remote);
    EXPECT_EQ(told.traceparent, own);
    EXPECT_EQ(told.parent_id, "b7ad6b7169203331");
    EXPECT_EQ(told.name, "GET /api/tasks/{id}");
    EXPECT_EQ(told.kind, span_kind::server);
    EXPECT_EQ(told.took, 5ms);
    EXPECT_FALSE(told.failed);
    EXPECT_LE(told.start, std::chrono::system_clock::now() - 5ms);
}

TEST(request_span, HasNoParentWhereTheCallersHeaderWasNotTaken) {
    recording_sink sink;
    for (const std::string header : {"", "rubbish", "00-11111111111111111111111111111111-b7ad6b7169203331-01"}) {
        record_request_span(own, header, "GET", "", 503, 1ms);
        EXPECT_EQ(sink.asked, span_parent::none);
        EXPECT_EQ(sink.spans.back().parent_id, "");
        EXPECT_EQ(sink.spans.back().name, "GET");
        EXPECT_TRUE(sink.spans.back().failed);
    }
}

TEST(scoped_span, IsAChildInTheSameTrace) {
    recording_sink sink;
    std::string handed_on;
    {
        scoped_span work{"process", span_kind::consumer, own};
        work.set("task_id", "17");
        handed_on = work.traceparent();
        const scoped_span moved{std::move(work)};
        EXPECT_EQ(moved.traceparent(), handed_on);
    }
    ASSERT_EQ(sink.spans.size(), 1U);
    const span& told = sink.spans.front();
    EXPECT_EQ(sink.asked, span_parent::local);
    EXPECT_EQ(told.traceparent, handed_on);
    EXPECT_EQ(told.traceparent.size(), 55U);
    EXPECT_EQ(told.traceparent.substr(0, 36), own.substr(0, 36));
    EXPECT_NE(told.traceparent.substr(36, 16), own.substr(36, 16));
    EXPECT_EQ(told.parent_id, "00f067aa0ba902b7");
    EXPECT_EQ(std::get<std::string>(told.attributes.at(0).value), "17");
}

TEST(scoped_span, BeginsATraceWhereThereIsNone) {
    recording_sink sink;
    {
        const scoped_span work{"process", span_kind::consumer, ""};
    }
    ASSERT_EQ(sink.spans.size(), 1U);
    EXPECT_EQ(sink.spans.front().traceparent.size(), 55U);
    EXPECT_EQ(sink.spans.front().parent_id, "");
}

TEST(scoped_span, HandsOnTheParentsContextWhenNobodyTraces) {
    {
        EXPECT_EQ((scoped_span{"process", span_kind::consumer, own}.traceparent()), own);
    }
    recording_sink sink;
    sink.wanted = false;
    {
        EXPECT_EQ((scoped_span{"process", span_kind::consumer, own}.traceparent()), own);
    }
    record_request_span(own, caller, "GET", "/", 200, 1ms);
    EXPECT_TRUE(sink.spans.empty());
}

TEST(spans_dropped, AsksTheSink) {
    EXPECT_EQ(spans_dropped(), 0U);
    const recording_sink sink;
    EXPECT_EQ(spans_dropped(), 7U);
}

}  // namespace
}  // namespace rondo
