#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "raw_client.hpp"
#include "test_server.hpp"

using namespace std::chrono_literals;

namespace rondo::http::test {
namespace {

std::string get(std::string_view path) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

server_options on_threads(unsigned threads, std::chrono::milliseconds drain_max = 30s) {
    server_options options;
    options.threads = threads;
    options.bounds.drain_max = drain_max;
    return options;
}

TEST(drain, WhatIsInFlightEndsAndProbesAreAnsweredMeanwhile) {
    test_server server{on_threads(2)};
    raw_client working{server.port()};
    raw_client idle{server.port()};
    raw_client fresh{server.port()};
    EXPECT_EQ(idle.ask(get("/hello")).status, 200U);
    working.send(get("/wait"));
    server.held.await_someone();

    server.engine().begin_drain();
    EXPECT_TRUE(server.engine().draining());
    auto stopped = std::async(std::launch::async, [&] { server.engine().stop(); });
    EXPECT_TRUE(idle.is_closed());

    const reply told = fresh.ask(get("/hello"));
    EXPECT_EQ(told.status, 503U);
    EXPECT_EQ(told.one("Connection"), "close");
    EXPECT_NE(told.one("Retry-After"), "");
    EXPECT_EQ(told.one("Content-Type"), "application/problem+json");
    EXPECT_TRUE(fresh.is_closed());

    for (int i = 0; i < 4; ++i) {
        raw_client probe{server.port()};
        const reply probed = probe.ask(get("/readyz"));
        EXPECT_EQ(probed.body, "ready or not");
        EXPECT_EQ(probed.one("Connection"), "close");
    }
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);

    server.held.open();
    const reply worked = *working.read_reply();
    EXPECT_EQ(worked.body, "waited");
    EXPECT_EQ(worked.one("Connection"), "close");
    stopped.get();
    EXPECT_THROW(raw_client{server.port()}, std::system_error);
}

TEST(drain, ABodyUnderWayIsStillRead) {
    test_server server{on_threads(1)};
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(client.read_reply()->status, 100U);
    auto stopped = std::async(std::launch::async, [&] { server.engine().stop(); });
    raw_client probe{server.port()};
    probe.ask(get("/readyz"));
    client.send("hello");
    EXPECT_EQ(client.read_reply()->body, "hello");
    stopped.get();
}

TEST(drain, WithNothingInFlightStoppingTakesNoTime) {
    const auto began = std::chrono::steady_clock::now();
    {
        test_server server{on_threads(2)};
        raw_client idle{server.port()};
        raw_client silent{server.port()};
        EXPECT_EQ(idle.ask(get("/hello")).status, 200U);
        server.engine().stop();
        EXPECT_TRUE(idle.is_closed());
        EXPECT_TRUE(silent.is_closed());
        server.engine().stop();
        server.engine().stop_now();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

/// The engine's only thread is kept busy until the drain has come to its end, so that nothing is read meanwhile.
TEST(drain, AFirstRequestThatLiesUnreadAtTheEndGetsItsWholeAnswer) {
    test_server server{on_threads(1)};
    raw_client silent{server.port()};
    raw_client accepted{server.port()};
    server.engine().begin_drain();
    EXPECT_EQ(raw_client{server.port()}.ask(get("/readyz")).body, "ready or not") << "the drain is under way";
    raw_client busy{server.port()};
    busy.send(get("/blocks"));
    server.thread_is_busy.wait();

    accepted.send(get("/hello"));
    raw_client small{server.port()};
    small.send(get("/hello"));
    raw_client with_long_head{server.port()};
    with_long_head.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(8'000, 'x') + "\r\n\r\n");
    raw_client with_body{server.port()};
    with_body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + std::string(20'000, 'x'));
    std::vector<raw_client> more;
    for (int i = 0; i < 100; ++i)
        more.emplace_back(server.port()).send(get("/hello"));
    auto stopped = std::async(std::launch::async, [&] { server.engine().stop(); });
    EXPECT_EQ(stopped.wait_for(200ms), std::future_status::timeout);
    server.thread_may_go_on.count_down();

    const auto expect_refused = [](raw_client& client) {
        const auto told = client.read_reply();
        ASSERT_TRUE(told) << (client.was_reset() ? "reset" : "closed");
        EXPECT_EQ(told->status, 503U);
        EXPECT_EQ(told->one("Connection"), "close");
        EXPECT_EQ(told->one("Content-Type"), "application/problem+json");
        EXPECT_TRUE(client.is_closed());
        EXPECT_FALSE(client.was_reset());
        client.close();
    };
    for (raw_client* one : {&accepted, &small, &with_long_head, &with_body})
        expect_refused(*one);
    for (raw_client& one : more)
        expect_refused(one);
    EXPECT_TRUE(silent.is_closed());
    stopped.get();
}

TEST(drain, EndsAtItsLimitThoughSomethingIsInFlight) {
    test_server server{on_threads(1, 100ms)};
    raw_client client{server.port()};
    client.send(get("/wait"));
    server.held.await_someone();
    server.engine().stop();
    EXPECT_EQ(server.exchanges_so_far(), 0U);
}

TEST(drain, ASecondWishToStopIsHeededAtOnce) {
    test_server server{on_threads(1)};
    raw_client client{server.port()};
    client.send(get("/wait"));
    server.held.await_someone();
    const auto began = std::chrono::steady_clock::now();
    auto stopped = std::async(std::launch::async, [&] { server.engine().stop(); });
    server.engine().stop_now();
    stopped.get();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(drain, AServerThatNeverStartedCanBeStopped) {
    const router none;
    rondo::test::manual_clock time;
    rondo::test::seeded_random random;
    server one{{.host = "127.0.0.1", .port = 0, .threads = 2}, none, time, random};
    EXPECT_NE(one.port(), 0);
    one.stop();
}

}  // namespace
}  // namespace rondo::http::test
