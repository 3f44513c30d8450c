#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>

#include "raw_client.hpp"
#include "test_server.hpp"

using namespace std::chrono_literals;

namespace rondo::http::test {
namespace {

std::string get(std::string_view path) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

/// All that comes until the server closes; the head and the body.
std::pair<std::string, std::string> read_to_the_end(raw_client& client) {
    client.read_until_closed();
    const std::string all{client.held()};
    const auto head = all.find("\r\n\r\n");
    return {all.substr(0, head), head == std::string::npos ? "" : all.substr(head + 4)};
}

TEST(streams, AreWrittenPieceByPieceAndEndWithTheConnection) {
    test_server server;
    raw_client client{server.port()};
    client.send(get("/stream/ends"));
    const auto [head, body] = read_to_the_end(client);
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ")) << head;
    EXPECT_NE(head.find("\r\nContent-Type: text/event-stream"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nConnection: close"), std::string::npos) << head;
    EXPECT_EQ(head.find("\r\nContent-Length"), std::string::npos) << head;
    EXPECT_EQ(body, "one\ntwo\n");
}

TEST(streams, AreObservedWhenTheirHeadIsOut) {
    test_server server;
    raw_client client{server.port()};
    client.send(get("/stream/waits"));
    EXPECT_EQ(server.await_exchanges(1).front().status, 200U);
}

TEST(streams, HaveNoBodyForHead) {
    test_server server;
    raw_client client{server.port()};
    client.send("HEAD /stream/waits HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(read_to_the_end(client).second, "");
}

TEST(streams, BreakOffWhereTheirSourceFails) {
    test_server server;
    raw_client client{server.port()};
    client.send(get("/stream/fails"));
    EXPECT_EQ(read_to_the_end(client).second, "one\ntwo\n");
    raw_client other{server.port()};
    EXPECT_EQ(other.ask(get("/hello")).status, 200U);
}

TEST(streams, EndWhenTheServerDrains) {
    test_server server;
    raw_client client{server.port()};
    client.send(get("/stream/waits"));
    server.await_exchanges(1);
    auto stopped = std::async(std::launch::async, [&] { server.engine().stop(); });
    EXPECT_EQ(read_to_the_end(client).second, "one\ntwo\n");
    EXPECT_EQ(stopped.wait_for(20s), std::future_status::ready) << "it waits for the stream";
}

TEST(streams, EndWhenTheClientGoes) {
    test_server server;
    raw_client client{server.port()};
    client.send(get("/stream/waits"));
    server.await_exchanges(1);
    client.close();
    EXPECT_TRUE(server.await_end_of_streams(1)) << "nobody is there to read it";
}

TEST(streams, GoOnWhenTheClientSaysMore) {
    test_server server;
    raw_client client{server.port()};
    client.send(get("/stream/waits") + get("/hello"));
    server.await_exchanges(1);
    server.engine().begin_drain();
    EXPECT_EQ(read_to_the_end(client).second, "one\ntwo\n");
}

TEST(streams, AreCutOffWhereNobodyReads) {
    server_options options;
    options.bounds.write_deadline = 100ms;
    options.bounds.body_bytes_per_second_min = 1024UL * 1024 * 1024;  // what was written before buys no time
    test_server server{options};
    raw_client client{server.port(), 4096};
    client.send(get("/stream/goes-on"));
    server.await_exchanges(1);
    EXPECT_TRUE(server.await_end_of_streams(1)) << "it goes on for ever";
}

}  // namespace
}  // namespace rondo::http::test
