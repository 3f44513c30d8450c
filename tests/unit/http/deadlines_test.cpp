// Each waits for the server's reaction, never for a time to pass; the limits are small so that it comes soon.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "raw_client.hpp"
#include "test_server.hpp"

using namespace std::chrono_literals;

namespace rondo::http::test {
namespace {

const std::string hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

server_options with(limits bounds) {
    server_options options;
    options.bounds = bounds;
    return options;
}

TEST(deadlines, AHeaderThatIsNotWholeInTimeMeets408) {
    test_server server{with({.header_deadline = 100ms})};
    raw_client client{server.port()};
    client.send("GET /hello HTTP/1.1\r\nHost");
    const reply got = *client.read_reply();
    EXPECT_EQ(got.status, 408U);
    EXPECT_EQ(got.one("Connection"), "close");
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(server.await_refusals(1).front(), 408U);
}

TEST(deadlines, DribblingDoesNotBuyAHeaderMoreTime) {
    test_server server{with({.header_deadline = 200ms})};
    raw_client client{server.port()};
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: ");
    const auto began = std::chrono::steady_clock::now();
    while (!client.is_readable() && std::chrono::steady_clock::now() - began < 15s) {
        client.send("x");
        pollfd pause{.fd = -1, .events = 0, .revents = 0};
        ::poll(&pause, 1, 10);
    }
    ASSERT_TRUE(client.is_readable()) << "it is let go on for ever";
    EXPECT_EQ(client.read_reply()->status, 408U);
}

TEST(deadlines, ANewConnectionThatSaysNothingIsClosed) {
    test_server server{with({.header_deadline = 100ms})};
    raw_client client{server.port()};
    EXPECT_TRUE(client.is_closed());
}

TEST(deadlines, AnIdleConnectionIsClosedWithoutAWord) {
    test_server server{with({.idle_max = 100ms})};
    raw_client client{server.port()};
    EXPECT_EQ(client.ask(hello).status, 200U);
    EXPECT_TRUE(client.is_closed());
}

TEST(deadlines, TheHeaderOfALaterRequestHasItsOwnTime) {
    test_server server{with({.header_deadline = 100ms})};
    raw_client client{server.port()};
    EXPECT_EQ(client.ask(hello).status, 200U);
    client.send("GET /hel");
    EXPECT_EQ(client.read_reply()->status, 408U);
}

TEST(deadlines, ABodyThatStopsMeets408) {
    test_server server{with({.header_deadline = 100ms})};
    for (const char* start : {"Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhel"}) {
        raw_client client{server.port()};
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{start});
        EXPECT_EQ(client.read_reply()->status, 408U);
        EXPECT_TRUE(client.is_closed());
    }
}

TEST(deadlines, ABodyBelowTheMinimumRateMeets408ThoughItNeverStops) {
    test_server server{with({.header_deadline = 200ms, .body_bytes_per_second_min = 1'000'000})};
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    const auto began = std::chrono::steady_clock::now();
    while (!client.is_readable() && std::chrono::steady_clock::now() - began < 15s) {
        client.send("x");
        pollfd pause{.fd = -1, .events = 0, .revents = 0};
        ::poll(&pause, 1, 10);
    }
    ASSERT_TRUE(client.is_readable()) << "it is let go on for ever";
    EXPECT_EQ(client.read_reply()->status, 408U);
}

TEST(deadlines, AClientThatDoesNotReadIsCutOff) {
    test_server server{with({.write_deadline = 100ms})};
    raw_client client{server.port(), 4096};
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto seen = server.await_exchanges(1);  // observed only when its writing has ended
    EXPECT_EQ(seen[0].target, "/large");
    client.read_until_closed();
    EXPECT_LT(client.held().size(), test_server::large_size);
}

TEST(deadlines, AHandlerMayTakeItsTime) {
    test_server server{with({.header_deadline = 20ms, .idle_max = 20ms, .write_deadline = 20ms, .linger_max = 20ms})};
    raw_client client{server.port()};
    client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    server.held.await_someone();
    raw_client idle{server.port()};
    EXPECT_TRUE(idle.is_closed());  // so the sweep has passed over the other, too
    server.held.open();
    EXPECT_EQ(client.read_reply()->body, "waited");
}

TEST(deadlines, AClientThatDoesNotCloseIsLeft) {
    test_server server{with({.linger_max = 100ms, .connections_max = 1})};
    raw_client client{server.port()};
    EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status, 200U);
    EXPECT_TRUE(client.is_closed());
    raw_client next{server.port()};
    EXPECT_EQ(next.ask(hello).status, 200U) << "it had to wait for the first one's place";
}

}  // namespace
}  // namespace rondo::http::test
