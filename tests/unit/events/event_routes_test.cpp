#include <array>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/events/route_world.hpp"

namespace rondo {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string header_of(const http::response& answer, std::string_view name) {
    for (const auto& one : answer.headers)
        if (one.name == name)
            return one.value;
    return {};
}

class event_routes : public testing::Test {
protected:
    std::string completion() { return world.completion_of(world.complete(parent.id)).body; }
    route_world world;
    task parent = world.add_task();
};

TEST_F(event_routes, AnswerWhatWasDoneAndTheChild) {
    const auto body = completion();
    const auto created = world.deliver(body);
    EXPECT_EQ(created.status, 200U);
    EXPECT_EQ(created.content_type, "application/json");
    const auto child = to_string(world.children_of(parent.id).at(0).id);
    EXPECT_EQ(created.body, R"({"status":"SUCCESS","outcome":"created","task_id":")" + child + "\"}");
    EXPECT_EQ(world.deliver(body).body, R"({"status":"SUCCESS","outcome":"exists","task_id":")" + child + "\"}");
    world.reopen(parent.id);
    EXPECT_EQ(world.deliver(body).body, R"({"status":"SUCCESS","outcome":"retracted","task_id":null})");
    EXPECT_EQ(world.deliver(body).body, R"({"status":"SUCCESS","outcome":"ignored","task_id":null})");
}

TEST_F(event_routes, AnswerEndedWhenTheRuleGivesNoMore) {
    world.change(parent.id, event_type::updated,
                 [](task& t) { t.repeat.end = std::chrono::local_days{std::chrono::year{2026} / 2 / 9}; });
    EXPECT_EQ(world.deliver(completion()).body, R"({"status":"SUCCESS","outcome":"ended","task_id":null})");
}

TEST_F(event_routes, TakeBinaryMode) {
    auto body = completion();
    body.erase(body.find(R"("event_type":"task-completed",)"), 30);
    const auto answer = world.deliver(body, {{"Content-Type", "application/json"},
                                             {"ce-specversion", "1.0"},
                                             {"ce-type", "task.completed"},
                                             {"ce-id", "1"},
                                             {"ce-source", "s"}});
    EXPECT_THAT(answer.body, HasSubstr("created"));
}

TEST_F(event_routes, DropPoisonWith200AndKeepIt) {
    for (const auto& [body, type] : {std::pair{"{", "application/json"},
                                     std::pair{"{}", "application/cloudevents+json"}, std::pair{"x", "text/plain"}}) {
        const auto answer = world.deliver(body, {{"Content-Type", type}});
        EXPECT_EQ(answer.status, 200U);
        EXPECT_EQ(answer.body, R"({"status":"DROP"})");
    }
    EXPECT_EQ(world.deliver("", {}).body, R"({"status":"DROP"})");
    EXPECT_THAT(world.dead_letters(), SizeIs(4));
}

TEST_F(event_routes, TakeARecordInBinaryModeAsASidecarBringsIt) {
    auto body = completion();
    body.erase(body.find(R"("event_type":"task-completed",)"), 30);
    const std::string bulk = R"({"entries":[{"entryId":"1","event":)" + body +
                             R"(,"metadata":{"ce_type":"task.completed","ce_id":"1","ce_specversion":"1.0"},)"
                             R"("contentType":"application/cloudevents+json"}]})";
    const auto answer = world.deliver(body, {{"Content-Type", "application/cloudevents+json"},
                                             {"Pubsubname", "kafka-pubsub"},
                                             {"Ce_specversion", "1.0"},
                                             {"Ce_type", "task.completed"},
                                             {"Ce_id", "1"},
                                             {"Ce_source", "s"}});
    EXPECT_THAT(answer.body, HasSubstr("created"));
    EXPECT_EQ(world.deliver(bulk).body, R"({"statuses":[{"entryId":"1","status":"SUCCESS"}]})");
    EXPECT_THAT(world.dead_letters(), IsEmpty());
}

TEST_F(event_routes, TellASidecarThatPoisonIsDoneWithSoThatItDoesNotComeAgain) {
    const std::vector<http::header> sidecar{{"Content-Type", "application/cloudevents+json"},
                                            {"Pubsubname", "kafka-pubsub"}};
    EXPECT_EQ(world.deliver("{}", sidecar).body, R"({"status":"SUCCESS","outcome":"dropped","task_id":null})");
    EXPECT_EQ(world.deliver(R"({"entries":[{"entryId":"1","event":{}}]})", sidecar).body,
              R"({"statuses":[{"entryId":"1","status":"SUCCESS"}]})");
    EXPECT_THAT(world.dead_letters(), SizeIs(2));
}

TEST_F(event_routes, AskForAnotherDeliveryWhenTheDatabaseCannotBeReached) {
    const auto body = completion();
    world.faulty.fail_writes(faulty_store::fault::unavailable, 1);
    const auto answer = world.deliver(body);
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_EQ(answer.body, R"({"status":"RETRY"})");
    EXPECT_EQ(header_of(answer, "Retry-After"), "2");
    EXPECT_THAT(world.deliver(body).body, HasSubstr("created"));
}

TEST_F(event_routes, HearOnlyThisMachineWithoutAToken) {
    const auto body = completion();
    for (const std::string peer : {"192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "", "1127.0.0.1"}) {
        EXPECT_EQ(world.deliver(body, {{"Content-Type", "application/json"}}, peer).status, 403U) << peer;
        EXPECT_EQ(
            world
                .deliver(
                    body,
                    {{"Content-Type", "application/json"}, {"X-Forwarded-For", "127.0.0.1"}, {"dapr-api-token", ""}},
                    peer)
                .status,
            403U);
    }
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
    for (const std::string peer : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
        EXPECT_EQ(world.deliver(body, {{"Content-Type", "application/json"}}, peer).status, 200U) << peer;
}

TEST_F(event_routes, AskForTheTokenWhereThereIsOne) {
    world.with.app_api_token = "the broker's token";
    const auto body = completion();
    for (const std::string token : {"", "the broker's tokeN", "the broker's token ", "the broker's"}) {
        const auto refused = world.deliver(body, {{"Content-Type", "application/json"}, {"dapr-api-token", token}});
        EXPECT_EQ(refused.status, 401U) << token;
        EXPECT_EQ(refused.content_type, "application/problem+json");
        EXPECT_THAT(refused.body, testing::Not(HasSubstr("broker's token")));
    }
    EXPECT_EQ(world.deliver(body).status, 401U);
    EXPECT_THAT(world.children_of(parent.id), IsEmpty());
    EXPECT_THAT(world.dead_letters(), IsEmpty());
    const auto taken = world.deliver(
        body, {{"Content-Type", "application/json"}, {"Dapr-Api-Token", "the broker's token"}}, "192.0.2.1");
    EXPECT_EQ(taken.status, 200U);
}

std::string cloud_event(const std::string& data, const std::string& id = "0198c0de-0000-7000-8000-00000000000e") {
    return R"({"specversion":"1.0","id":")" + id + R"(","source":"s","type":"task.completed","data":)" + data + "}";
}

TEST_F(event_routes, TakeManyMessagesInOneRequestAndAnswerForEach) {
    const auto second = world.add_task();
    const auto first_done = completion();
    const auto second_done = world.completion_of(world.complete(second.id)).body;
    const std::string type = R"("contentType":"application/cloudevents+json"})";
    const auto answer = world.deliver(
        R"({"id":"x","pubsubname":"kafka-pubsub","topic":"task-events","type":"com.dapr.event.sent.bulk","entries":[)"
        R"({"entryId":"1","event":)" +
        cloud_event(first_done) + "," + type + R"(,{"entryId":"2","event":{"specversion":"1.0"},)" + type +
        R"(,{"entryId":"3","event":)" + second_done + R"(,"contentType":"application/json"},{"entryId":"4"},7]})");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, R"({"statuses":[{"entryId":"1","status":"SUCCESS"},{"entryId":"2","status":"DROP"},)"
                           R"({"entryId":"3","status":"SUCCESS"},{"entryId":"4","status":"DROP"},)"
                           R"({"entryId":"","status":"DROP"}]})");
    EXPECT_THAT(world.children_of(parent.id), SizeIs(1));
    EXPECT_THAT(world.children_of(second.id), SizeIs(1));
    EXPECT_THAT(world.dead_letters(), SizeIs(3));
}

TEST_F(event_routes, AskForTheEntriesAgainThatTheDatabaseDidNotTake) {
    const auto second = world.add_task();
    const auto bodies = std::array{completion(), world.completion_of(world.complete(second.id)).body};
    const auto bulk = R"({"entries":[{"entryId":"a","event":)" + bodies[0] +
                      R"(,"contentType":"application/json"},{"entryId":"b","event":)" + bodies[1] +
                      R"(,"contentType":"application/json"}]})";
    world.faulty.fail_writes(faulty_store::fault::unavailable, 1);
    EXPECT_EQ(world.deliver(bulk).body,
              R"({"statuses":[{"entryId":"a","status":"RETRY"},{"entryId":"b","status":"SUCCESS"}]})");
    world.faulty.fail_writes(faulty_store::fault::mistake, 1);
    EXPECT_EQ(world.deliver(bulk).body,
              R"({"statuses":[{"entryId":"a","status":"DROP"},{"entryId":"b","status":"SUCCESS"}]})");
    EXPECT_EQ(world.deliver(R"({"entries":[]})").body, R"({"statuses":[]})");
}

TEST_F(event_routes, DoNotTakeATaskThatTalksOfEntriesForManyMessages) {
    auto body = completion();
    body.insert(1, R"("entries":[],)");
    EXPECT_THAT(world.deliver(body).body, HasSubstr("created"));
}

TEST_F(event_routes, KeepWhatTheSidecarGaveUpOnWhateverItIs) {
    const auto give_up = [&](std::string body, const std::string& type) {
        http::request asked;
        asked.verb = http::method::post;
        asked.path = "/api/events/dead-letters";
        asked.body = std::move(body);
        asked.headers = {{"Content-Type", type}};
        asked.peer_address = "127.0.0.1";
        return world.ask(std::move(asked));
    };
    EXPECT_EQ(give_up("\xff not JSON", "").body, R"({"status":"SUCCESS"})");
    EXPECT_EQ(give_up(cloud_event("{}"), "application/cloudevents+json").status, 200U);
    // {"a":1}, as Dapr wraps a record that it did not read
    EXPECT_EQ(give_up(R"({"specversion":"1.0","type":"com.dapr.event.sent","id":"1","data_base64":"eyJhIjoxfQ=="})",
                      "application/cloudevents+json")
                  .status,
              200U);
    const auto letters = world.dead_letters();
    ASSERT_THAT(letters, SizeIs(3));
    EXPECT_EQ(letters[0].bytes, "\xff not JSON");
    EXPECT_EQ(letters[0].origin, "dapr");
    EXPECT_EQ(letters[1].bytes, cloud_event("{}"));
    EXPECT_EQ(letters[2].bytes, R"({"a":1})");
    world.faulty.fail_writes(faulty_store::fault::unavailable, 1);
    EXPECT_EQ(give_up("x", "").status, 503U);
    world.with.app_api_token = "a token";
    EXPECT_EQ(give_up("x", "").status, 401U);
    EXPECT_THAT(world.dead_letters(), SizeIs(3));
}

TEST_F(event_routes, LeaveTheSubscribingToTheSidecarUnlessToldOtherwise) {
    EXPECT_EQ(world.get("/dapr/subscribe").body, "[]");
    EXPECT_EQ(world.get("/dapr/config").body, "{}");
    world.with.subscription = dapr_subscription{.pubsub = "kafka-pubsub", .topic = "task-events"};
    EXPECT_EQ(
        world.get("/dapr/subscribe").body,
        R"([{"pubsubname":"kafka-pubsub","topic":"task-events","routes":{"default":"/api/events/task-completed"}}])");
}

}  // namespace
}  // namespace rondo
