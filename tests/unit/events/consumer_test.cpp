#include "events/consumer.hpp"

#include <algorithm>
#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/embedded/embedded_publisher.hpp"
#include "support/faulty_store.hpp"
#include "telemetry/trace.hpp"
#include "unit/events/event_world.hpp"

namespace rondo {
namespace {

using namespace test;
using outcome = reconciled::outcome;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using verdict = consumed::verdict;

TEST(consumer, MakesTheChildAndSaysSo) {
    event_world world;
    const auto parent = world.add_task();
    const auto done = world.complete(parent.id);
    world.db.time.advance(30ms);
    const auto answer = world.events.handle_and_wait(world.completion_of(done));
    EXPECT_EQ(answer.what, verdict::success);
    EXPECT_EQ(answer.done.what, outcome::created);
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    EXPECT_EQ(world.sample("rondo_events_consumed_total{outcome=\"created\"}"), "1");
    EXPECT_EQ(world.sample("rondo_tasks_created_total{origin=\"recurrence\"}"), "1");
    EXPECT_EQ(world.sample("rondo_completion_to_child_seconds_sum"), "0.03");
}

TEST(consumer, LogsTheChildsCreationForThoseWhoGrep) {
    event_world world;
    const auto parent = world.add_task();
    auto message = world.completion_of(world.complete(parent.id));
    message.body =
        R"({"specversion":"1.0","id":"0198c0de-0000-7000-8000-000000000001","source":"todo-backend","type":"task.completed",)"
        R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","data":)" +
        message.body + "}";
    testing::internal::CaptureStderr();
    const auto answer = world.events.handle_and_wait(message);
    const auto line = testing::internal::GetCapturedStderr();
    for (const std::string& part :
         {std::string{"Created recurring task"}, "event_id=" + std::string{"0198c0de-0000-7000-8000-000000000001"},
          "task_id=" + to_string(answer.done.child->id), "user_id=" + to_string(world.ann.id),
          std::string{"trace_id=0af7651916cd43dd8448eb211c80319c"}})
        EXPECT_THAT(line, HasSubstr(part));
}

TEST(consumer, MakesOneChildOfAHundredDuplicatesOnEightThreads) {
    event_world world{scratch_in::file, scratch_jobs::on_a_thread};
    const auto parent = world.add_task();
    const auto message = world.completion_of(world.complete(parent.id));
    std::atomic<int> created{0};
    std::atomic<int> existed{0};
    std::latch together{8};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            together.arrive_and_wait();
            for (int i = t; i < 100; i += 8) {
                const auto answer = world.events.handle_and_wait(message);
                created += answer.done.what == outcome::created ? 1 : 0;
                existed += answer.done.what == outcome::exists ? 1 : 0;
            }
        });
    for (auto& one : threads)
        one.join();
    EXPECT_EQ(created, 1);
    EXPECT_EQ(existed, 99);
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
}

TEST(consumer, PutsPoisonToTheDeadLettersOnceWithItsBytes) {
    event_world world;
    const std::string bytes{"{\"not\0json\xff", 11};
    const auto answer = world.events.handle_and_wait(
        {.body = bytes, .content_type = "application/json", .ce_type = {}, .traceparent = {}, .origin = "endpoint"});
    EXPECT_EQ(answer.what, verdict::drop);
    const auto letters = world.dead_letters();
    ASSERT_THAT(letters, SizeIs(1));
    EXPECT_EQ(letters.front().bytes, bytes);
    EXPECT_EQ(letters.front().content_type, "application/json");
    EXPECT_EQ(letters.front().origin, "endpoint");
    EXPECT_EQ(letters.front().reason, answer.reason);
    EXPECT_EQ(letters.front().at, world.db.time.now());
    EXPECT_EQ(world.sample("rondo_events_dead_lettered_total{origin=\"endpoint\"}"), "1");
    EXPECT_EQ(world.sample("rondo_events_consumed_total{outcome=\"dropped\"}"), "1");
}

TEST(consumer, WritesNothingForEventsThatNeedNoWork) {
    event_world world;
    faulty_store counted{world.db.get()};
    consumer events{counted, world.meters};
    auto message = world.completion_of(world.add_task());
    message.body.replace(message.body.find("task-completed"), 14, "task.created");
    const auto answer = events.handle_and_wait(message);
    EXPECT_EQ(answer.done.what, outcome::ignored);
    EXPECT_EQ(counted.writes(), 0);
}

TEST(consumer, ThrowsWhenTheDatabaseCannotBeReachedAndKeepsNoDeadLetter) {
    event_world world;
    faulty_store faulty{world.db.get()};
    consumer events{faulty, world.meters};
    const auto parent = world.add_task();
    const auto message = world.completion_of(world.complete(parent.id));
    for (const auto how : {faulty_store::fault::unavailable, faulty_store::fault::unavailable_at_once}) {
        faulty.fail_writes(how, 1);
        EXPECT_THROW(events.handle_and_wait(message), unavailable);
    }
    faulty.fail_writes(faulty_store::fault::unavailable, 1);
    EXPECT_THROW(events.handle_and_wait(
                     {.body = "poison", .content_type = {}, .ce_type = {}, .traceparent = {}, .origin = "endpoint"}),
                 unavailable);
    EXPECT_THAT(world.dead_letters(), IsEmpty());
    EXPECT_EQ(events.handle_and_wait(message).done.what, outcome::created);
}

TEST(consumer, BuriesWhatFailsForGood) {
    event_world world;
    faulty_store faulty{world.db.get()};
    consumer events{faulty, world.meters};
    const auto parent = world.add_task();
    const auto message = world.completion_of(world.complete(parent.id));
    faulty.fail_writes(faulty_store::fault::mistake, 1);
    EXPECT_EQ(events.handle_and_wait(message).what, verdict::drop);
    ASSERT_THAT(world.dead_letters(), SizeIs(1));
    EXPECT_THAT(world.dead_letters().front().reason, HasSubstr("a mistake of ours"));
    EXPECT_EQ(world.dead_letters().front().bytes, message.body);
}

class recording_sink final : public span_sink {
public:
    recording_sink() { set_span_sink(this); }
    ~recording_sink() override { set_span_sink(nullptr); }
    bool wants(std::string_view, span_parent) const override { return true; }
    void add(span ended) override { spans.push_back(std::move(ended)); }
    std::uint64_t dropped() const override { return 0; }
    std::vector<span> spans;
};

TEST(consumer, WorksInTheTraceOfTheCompletion) {
    event_world world;
    const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const auto parent = world.add_task();
    auto message = world.completion_of(world.complete(parent.id));
    message.traceparent = trace;
    recording_sink sink;
    world.events.handle_and_wait(message);
    ASSERT_THAT(sink.spans, SizeIs(1));
    EXPECT_EQ(sink.spans.front().name, "process task-events");
    EXPECT_EQ(sink.spans.front().parent_id, "b7ad6b7169203331");
    const auto created = world.pending().back();
    EXPECT_EQ(created.type, event_type::created);
    EXPECT_EQ(created.traceparent, sink.spans.front().traceparent);
    EXPECT_EQ(created.traceparent.substr(0, 35), trace.substr(0, 35));
}

TEST(embedded_publisher, AcknowledgesWhatTheConsumerHasDone) {
    event_world world{scratch_in::file, scratch_jobs::on_a_thread};
    const auto first = world.add_task("first");
    const auto second = world.add_task("second");
    world.complete(first.id);
    world.complete(second.id);
    embedded_publisher embedded{[&](auto some) { return world.events.handle_and_wait(some); }};
    const auto results = embedded.publish(world.pending());
    EXPECT_THAT(results, SizeIs(4));
    EXPECT_THAT(results, Each(publish_result::acknowledged));
    EXPECT_THAT(world.children_of(first.id), SizeIs(1));
    EXPECT_THAT(world.children_of(second.id), SizeIs(1));
}

TEST(embedded_publisher, GivesWorkToTheDatabaseOnlyWhereThereIsSome) {
    event_world world;
    faulty_store counted{world.db.get()};
    consumer events{counted, world.meters};
    for (int i = 0; i < 10; ++i)
        world.add_task();
    embedded_publisher embedded{[&](auto some) { return events.handle_and_wait(some); }};
    EXPECT_THAT(embedded.publish(world.pending()), Each(publish_result::acknowledged));
    EXPECT_EQ(counted.writes(), 0);
}

TEST(embedded_publisher, HoldsBackTheLaterEventsOfAKeyThatFailed) {
    event_world world;
    const auto bob = world.db.add_user("bob@example.org");
    faulty_store faulty{world.db.get()};
    consumer events{faulty, world.meters};
    embedded_publisher embedded{[&](auto some) { return events.handle_and_wait(some); }};
    const auto mine = world.add_task("mine");
    world.add_task("his", bob.id);
    world.complete(mine.id);
    world.reopen(mine.id);
    faulty.fail_writes(faulty_store::fault::unavailable, 1);  // the completion
    const auto results = embedded.publish(world.pending());
    using enum publish_result;
    EXPECT_THAT(results, testing::ElementsAre(acknowledged, acknowledged, retry, retry));
}

TEST(embedded_publisher, BuriesAnEventThatFailsForGoodAndGoesOn) {
    event_world world;
    faulty_store faulty{world.db.get()};
    consumer events{faulty, world.meters};
    embedded_publisher embedded{[&](auto some) { return events.handle_and_wait(some); }};
    const auto first = world.add_task("first");
    const auto second = world.add_task("second");
    world.complete(first.id);
    world.complete(second.id);
    faulty.fail_writes(faulty_store::fault::mistake, 1);
    EXPECT_THAT(embedded.publish(world.pending()), Each(publish_result::acknowledged));
    EXPECT_THAT(world.children_of(second.id), SizeIs(1));
    ASSERT_THAT(world.dead_letters(), SizeIs(1));
    EXPECT_EQ(world.dead_letters().front().origin, "embedded");
    EXPECT_EQ(world.dead_letters().front().content_type, cloud_event_content_type);
    EXPECT_EQ(decode_event({.body = world.dead_letters().front().bytes,
                            .content_type = world.dead_letters().front().content_type,
                            .ce_type = {},
                            .traceparent = {},
                            .origin = {}})
                  ->subject,
              first.id);
}

}  // namespace
}  // namespace rondo
