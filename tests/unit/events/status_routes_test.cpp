#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "unit/events/route_world.hpp"

namespace rondo {
namespace {

using namespace test;
using testing::HasSubstr;

boost::json::value json_of(const http::response& answer) {
    EXPECT_EQ(answer.content_type, "application/json");
    return boost::json::parse(answer.body);
}

TEST(root, TellsAProgramWhatRunsHere) {
    route_world world;
    for (const auto& answer : {world.get("/"), world.get("/", {{"Accept", "*/*"}}),
                               world.get("/", {{"Accept", "application/json, text/html;q=0"}})}) {
        const auto told = json_of(answer).as_object();
        for (const std::string name : {"name", "version", "status", "features", "endpoints", "documentation"})
            EXPECT_TRUE(told.contains(name)) << name;
        EXPECT_EQ(told.at("version"), "6.0.0");
    }
}

TEST(root, ShowsAPageToABrowser) {
    route_world world;
    for (const std::string accept : {"text/html,application/xhtml+xml,*/*;q=0.8", "text/html;q=0.9"}) {
        const auto answer = world.get("/", {{"Accept", accept}});
        EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
        EXPECT_THAT(answer.body, HasSubstr("href=\"/docs\""));
        EXPECT_THAT(answer.body, HasSubstr("<div id=\"root\">"));
    }
}

TEST(health, IsHealthyWhenAllIsWell) {
    route_world world;
    const auto answer = world.get("/health");
    EXPECT_EQ(answer.status, 200U);
    const auto told = json_of(answer);
    EXPECT_EQ(told.at("status"), "healthy");
    EXPECT_EQ(told.at("environment"), "development");
    EXPECT_EQ(told.at("version"), "6.0.0");
    EXPECT_EQ(told.at("checks").at("database").at("status"), "healthy");
}

TEST(health, IsDegradedWhileEventsAreLateOrTheServerStops) {
    route_world world;
    world.add_task();
    EXPECT_EQ(json_of(world.get("/health")).at("status"), "healthy");
    world.db.time.advance(61s);
    const auto late = world.get("/health");
    EXPECT_EQ(late.status, 200U);
    EXPECT_EQ(json_of(late).at("status"), "degraded");
    EXPECT_EQ(json_of(late).at("checks").at("events").at("oldest_age_seconds"), 61);

    route_world stopping;
    stopping.is_ready = false;
    EXPECT_EQ(json_of(stopping.get("/health")).at("status"), "degraded");
}

TEST(health, IsUnhealthyWithoutTheDatabase) {
    route_world world;
    world.faulty.fail_reads(true);
    const auto answer = world.get("/health");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(json_of(answer).at("status"), "unhealthy");
}

TEST(readyz, Is503WhileStartingOrStopping) {
    route_world world;
    EXPECT_EQ(world.get("/readyz").status, 200U);
    world.is_ready = false;
    EXPECT_EQ(world.get("/readyz").status, 503U);
    EXPECT_EQ(world.get("/livez").status, 200U);
}

TEST(probes, AreAnsweredWhileDraining) {
    route_world world;
    for (const std::string path : {"/health", "/livez", "/readyz", "/metrics"}) {
        const auto found = world.routes.find(http::method::get, path);
        EXPECT_TRUE(std::get<http::router::match>(found).found->options.probe) << path;
    }
}

TEST(metrics_route, ShowsTheBacklog) {
    route_world world;
    const auto parent = world.add_task();
    world.complete(parent.id);
    world.db.time.advance(5s);
    const auto answer = world.get("/metrics");
    EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
    for (const std::string line :
         {"rondo_outbox_pending 2\n", "rondo_outbox_oldest_age_seconds 5\n", "rondo_recurrence_missing 1\n"})
        EXPECT_THAT(answer.body, HasSubstr(line));
}

TEST(metrics_route, AnswersWithoutTheDatabaseToo) {
    route_world world;
    world.faulty.fail_reads(true);
    const auto answer = world.get("/metrics");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body, HasSubstr("rondo_outbox_pending Nan\n"));
}

}  // namespace
}  // namespace rondo
