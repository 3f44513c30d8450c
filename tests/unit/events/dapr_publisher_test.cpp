#include "events/dapr/dapr_publisher.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "events/event_json.hpp"
#include "support/fake_http_server.hpp"
#include "support/made_events.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using namespace test;
using enum publish_result;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using request = fake_http_server::request;

std::string failed_entries(const std::vector<std::pair<event_id, std::string>>& failed) {
    std::string body = R"({"failedEntries":[)";
    for (const auto& [id, error] : failed)
        body +=
            (body.back() == '[' ? "" : ",") + (R"({"entryId":")" + to_string(id) + R"(","error":")" + error + "\"}");
    return fake_http_server::answer(500, body + R"(],"errorCode":"ERR_PUBSUB_PUBLISH_MESSAGE"})");
}

std::string problem(unsigned status, const std::string& code, const std::string& message = "no") {
    return fake_http_server::answer(status, R"({"errorCode":")" + code + R"(","message":")" + message + "\"}");
}

std::size_t entries_in(const request& asked) {
    return boost::json::parse(asked.body).as_array().size();
}

class dapr_publishing : public testing::Test {
protected:
    fake_http_server sidecar{[](const request&) { return fake_http_server::answer(204); }};
    dapr_publisher out{{.port = sidecar.port(), .pubsub = "kafka-pubsub", .topic = "task-events", .timeout = 20s}};
    event_maker make;
    user_id ann = make.owner();
    user_id bob = make.owner();
};

TEST_F(dapr_publishing, OneEventIsACloudEventWithItsOwnIdKeyAndTrace) {
    auto one = make.event(ann);
    one.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EXPECT_THAT(out.publish({&one, 1}), ElementsAre(acknowledged));
    const auto asked = sidecar.requests().at(0);
    EXPECT_EQ(asked.target(), "/v1.0/publish/kafka-pubsub/task-events?metadata.partitionKey=" + to_string(ann));
    EXPECT_EQ(asked.header("Content-Type"), "application/cloudevents+json");
    EXPECT_EQ(asked.header("traceparent"), one.traceparent);
    EXPECT_EQ(asked.header("dapr-api-token"), "");
    EXPECT_EQ(asked.body, to_cloud_event(one));
}

TEST_F(dapr_publishing, SendsTheTokenAndEncodesNames) {
    dapr_publisher with_token{
        {.port = sidecar.port(), .pubsub = "a b", .topic = "t/ö", .api_token = "secret", .timeout = 20s}};
    const auto one = make.event(ann);
    with_token.publish({&one, 1});
    const auto asked = sidecar.requests().at(0);
    EXPECT_TRUE(asked.target().starts_with("/v1.0/publish/a%20b/t%2F%C3%B6?"));
    EXPECT_EQ(asked.header("dapr-api-token"), "secret");
}

TEST_F(dapr_publishing, SeveralEventsAreOneRequestOnOneConnection) {
    const std::vector events{make.event(ann), make.event(bob), make.event(make.owner())};
    EXPECT_THAT(out.publish(events), Each(acknowledged));
    EXPECT_THAT(out.publish(events), Each(acknowledged));
    const auto requests = sidecar.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[1].connection, 1);
    EXPECT_EQ(requests[0].target(), "/v1.0/publish/bulk/kafka-pubsub/task-events?metadata.rawPayload=true");
    const auto entries = boost::json::parse(requests[0].body).as_array();
    ASSERT_EQ(entries.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(entries[i].at("entryId").as_string().c_str(), to_string(events[i].id));
        EXPECT_EQ(entries[i].at("contentType").as_string(), "application/cloudevents+json");
        EXPECT_EQ(entries[i].at("metadata").at("partitionKey").as_string().c_str(), to_string(events[i].owner));
        EXPECT_EQ(entries[i].at("event"), boost::json::parse(to_cloud_event(events[i])));
    }
}

TEST_F(dapr_publishing, EventsOfOneOwnerFollowOneAnotherInRequestsOfTheirOwn) {
    const std::vector events{make.event(ann), make.event(ann), make.event(bob), make.event(ann)};
    EXPECT_THAT(out.publish(events), Each(acknowledged));
    const auto requests = sidecar.requests();
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(entries_in(requests[0]), 2U);
    EXPECT_THAT(requests[0].body, HasSubstr(to_string(events[0].id)));
    EXPECT_THAT(requests[0].body, HasSubstr(to_string(events[2].id)));
    EXPECT_EQ(requests[1].body, to_cloud_event(events[1]));
    EXPECT_EQ(requests[2].body, to_cloud_event(events[3]));
}

TEST_F(dapr_publishing, FindsTheBulkEndpointOfAnOlderSidecarAndRemembersIt) {
    sidecar.answer_with([](const request& asked) {
        return asked.target().starts_with("/v1.0-alpha1/publish/bulk/") ? fake_http_server::answer(204)
                                                                        : problem(404, "ERR_PUBSUB_NOT_FOUND");
    });
    const std::vector events{make.event(ann), make.event(bob)};
    EXPECT_THAT(out.publish(events), Each(acknowledged));
    EXPECT_THAT(out.publish(events), Each(acknowledged));
    EXPECT_EQ(sidecar.requests().size(), 3U);
}

TEST_F(dapr_publishing, AnEntryThatFailedIsTriedAgainAndWithItAllThatFollowsOfItsOwner) {
    const std::vector events{make.event(ann), make.event(bob), make.event(ann), make.event(bob), make.event(ann)};
    sidecar.answer_with(failed_entries({{events[2].id, "kafka: not leader"}}));
    EXPECT_THAT(out.publish(events), ElementsAre(acknowledged, acknowledged, retry, acknowledged, retry));
}

TEST_F(dapr_publishing, WhatFailedBeforeIsSentWithoutTheOnesBehindIt) {
    std::vector events{make.event(ann), make.event(ann), make.event(bob), make.event(ann)};
    events[0].attempts = 1;
    EXPECT_THAT(out.publish(events), Each(acknowledged));
    const auto requests = sidecar.requests();
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(entries_in(requests[0]), 2U);
    EXPECT_THAT(requests[0].body, HasSubstr(to_string(events[2].id)));
    EXPECT_EQ(requests[1].body, to_cloud_event(events[1]));

    sidecar.answer_with(failed_entries({{events[0].id, "kafka: not leader"}}));
    EXPECT_THAT(out.publish(events), ElementsAre(retry, retry, acknowledged, retry));
    EXPECT_EQ(sidecar.requests().size(), 4U) << "what follows a failed one is not sent";
}

TEST_F(dapr_publishing, WhenNoEntryArrivedTheTransportIsUnreachable) {
    const std::vector events{make.event(ann), make.event(bob)};
    sidecar.answer_with(
        failed_entries({{events[0].id, "kafka: out of brokers"}, {events[1].id, "kafka: out of brokers"}}));
    EXPECT_THAT(out.publish(events), Each(unreachable));
    sidecar.answer_with(problem(500, "ERR_PUBSUB_PUBLISH_MESSAGE", "dial tcp: connection refused"));
    EXPECT_THAT(out.publish(events), Each(unreachable));
    EXPECT_THAT(out.publish({events.data(), 1}), Each(unreachable));
}

TEST_F(dapr_publishing, AWrongTokenScopeOrComponentIsNeverTheEventsFault) {
    const std::vector events{make.event(ann), make.event(bob)};
    for (const auto& bytes :
         {problem(401, ""), problem(403, "ERR_PUBSUB_FORBIDDEN"), problem(404, "ERR_PUBSUB_NOT_FOUND"),
          problem(400, "ERR_PUBSUB_NOT_CONFIGURED"), problem(429, ""), problem(502, "")}) {
        sidecar.answer_with(bytes);
        EXPECT_THAT(out.publish(events), Each(unreachable)) << bytes;
        EXPECT_THAT(out.publish({events.data(), 1}), Each(unreachable)) << bytes;
    }
}

TEST_F(dapr_publishing, WhatNeverHealsIsRejectedAndOfManyOnlyTheOneToBlame) {
    const std::vector events{make.event(ann), make.event(bob), make.event(ann), make.event(bob)};
    const auto bad = to_string(events[2].id);
    for (const auto& bytes : {fake_http_server::answer(413), problem(400, "ERR_PUBSUB_EVENTS_SER")}) {
        sidecar.answer_with(
            [&](const request& asked) { return asked.body.contains(bad) ? bytes : fake_http_server::answer(204); });
        EXPECT_THAT(out.publish(events), ElementsAre(acknowledged, acknowledged, rejected, acknowledged)) << bytes;
    }
    sidecar.answer_with(
        failed_entries({{events[2].id,
                         "kafka: invalid configuration (Attempt to produce message larger than configured "
                         "Producer.MaxMessageBytes: 1048577 > 1048576)"}}));
    EXPECT_THAT(out.publish(events), ElementsAre(acknowledged, acknowledged, rejected, acknowledged));
    sidecar.answer_with(problem(500, "ERR_PUBSUB_CLOUD_EVENTS_SER"));
    EXPECT_THAT(out.publish({events.data(), 1}), ElementsAre(rejected));
}

TEST_F(dapr_publishing, RequestsAreBoundedInBytesAndNoneFollowsOneThatFailed) {
    std::vector<stored_event> events;
    for (int i = 0; i < 40; ++i)
        events.push_back(make.event(i % 2 ? ann : bob, 100'000));
    EXPECT_THAT(out.publish(events), Each(acknowledged));
    const auto requests = sidecar.requests();
    EXPECT_GE(requests.size(), 4U);
    for (const auto& asked : requests)
        EXPECT_LE(asked.body.size(), dapr_bulk_bytes_max + 1000);

    const auto failing = to_string(events[1].id);
    sidecar.answer_with([&](const request& asked) {
        return asked.body.contains(failing) ? failed_entries({{events[1].id, "x"}}) : fake_http_server::answer(204);
    });
    const auto results = out.publish(events);
    for (std::size_t i = 0; i < events.size(); ++i)
        EXPECT_EQ(results[i], i % 2 ? retry : acknowledged) << i;
    for (std::size_t i = requests.size() + 1; i < sidecar.requests().size(); ++i)
        EXPECT_FALSE(sidecar.requests()[i].body.contains(to_string(ann))) << "ann's order would break";
}

TEST_F(dapr_publishing, ASidecarThatHangsIsUnreachableAfterTheTimeout) {
    dapr_publisher hasty{{.port = sidecar.port(), .timeout = 100ms}};
    sidecar.answer_with("");
    std::vector<stored_event> events;
    for (int i = 0; i < 30; ++i)
        events.push_back(make.event(ann, 100'000));
    const auto began = std::chrono::steady_clock::now();
    EXPECT_THAT(hasty.publish(events), Each(unreachable));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    EXPECT_EQ(sidecar.requests().size(), 1U) << "what would fare no better is not tried";
    sidecar.answer_with(fake_http_server::answer(204));
    EXPECT_THAT(hasty.publish({events.data(), 1}), Each(acknowledged));
}

TEST(dapr_publisher, WithoutASidecarIsUnreachableAtOnce) {
    std::string port;
    {
        fake_http_server gone{[](const request&) { return std::string{}; }};
        port = gone.port();
    }
    dapr_publisher out{{.port = port}};
    event_maker make;
    const std::vector events{make.event(make.owner()), make.event(make.owner())};
    EXPECT_THAT(out.publish(events), Each(unreachable));
}

}  // namespace
}  // namespace rondo
