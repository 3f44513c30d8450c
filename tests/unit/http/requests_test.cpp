#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "raw_client.hpp"
#include "test_server.hpp"

namespace rondo::http::test {
namespace {

const std::string hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(requests, OneAfterAnotherOnOneConnection) {
    test_server server;
    raw_client client{server.port()};
    for (int i = 0; i < 3; ++i) {
        const reply got = client.ask(hello);
        EXPECT_EQ(got.status, 200U);
        EXPECT_EQ(got.body, "hello");
        EXPECT_EQ(got.one("Connection"), "");
        EXPECT_EQ(got.one("Content-Type"), "text/plain");
        EXPECT_EQ(got.one("Date"), "Sun, 08 Feb 2026 09:00:00 GMT");
    }
    server.clock.advance(std::chrono::hours{24 * 365});
    EXPECT_EQ(client.ask(hello).one("Date"), "Mon, 08 Feb 2027 09:00:00 GMT");
}

TEST(requests, HundredPipelinedAreAnsweredInOrder) {
    test_server server;
    raw_client client{server.port()};
    std::string all;
    for (int i = 0; i < 100; ++i) {
        const std::string id = std::to_string(i);
        if (i % 3 == 0)
            all += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(id.size()) + "\r\n\r\n" + id;
        else if (i % 3 == 1)
            all += "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::to_string(id.size()) +
                   "\r\n" + id + "\r\n0\r\n\r\n";
        else
            all += "GET /items/" + id + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    client.send(all);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(client.read_reply()->body, std::to_string(i));
    EXPECT_EQ(server.await_exchanges(100).size(), 100U);
}

TEST(requests, AreReadRightAtEverySplitPoint) {
    test_server server;
    const std::string request =
        "POST /echo?x=%20 HTTP/1.1\r\nHost: a\r\nX-Request-ID: id\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\nb;x=y\r\n, \r\n\r\nworld\r\n0\r\n\r\n";
    raw_client dribbling{server.port()};
    ASSERT_TRUE(dribbling.dribble(request + request));
    EXPECT_EQ(dribbling.read_reply()->body, "hello, \r\n\r\nworld");
    EXPECT_EQ(dribbling.read_reply()->body, "hello, \r\n\r\nworld");
    // Both halves together hold two requests, cut apart anywhere in the first.
    raw_client client{server.port()};
    for (std::size_t split = 1; split < request.size(); ++split) {
        client.send(request.substr(0, split));
        client.send(request.substr(split) + hello);
        ASSERT_EQ(client.read_reply()->body, "hello, \r\n\r\nworld") << split;
        ASSERT_EQ(client.read_reply()->body, "hello") << split;
    }
}

TEST(requests, BodiesOfAnySizeUpToTheLimitComeThrough) {
    test_server server;
    raw_client client{server.port()};
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{2048}, std::size_t{16383}, std::size_t{100'000}, body_bytes_max}) {
        std::string body(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            body[i] = static_cast<char>(i * 31 + i / 256);
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body);
        const reply got = *client.read_reply();
        EXPECT_EQ(got.status, 200U);
        EXPECT_TRUE(got.body == body) << size;
    }
}

TEST(requests, TheClientsWishToCloseIsHonoured) {
    test_server server;
    raw_client client{server.port()};
    EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").one("Connection"), "close");
    EXPECT_TRUE(client.is_closed());
    raw_client old{server.port()};
    EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n").one("Connection"),
              "keep-alive");
    EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\nHost: a\r\n\r\n").one("Connection"), "close");
    EXPECT_TRUE(old.is_closed());
}

TEST(requests, AHalfClosedClientGetsItsAnswer) {
    test_server server;
    raw_client client{server.port()};
    client.send(hello + hello);
    client.end_sending();
    EXPECT_EQ(client.read_reply()->body, "hello");
    EXPECT_EQ(client.read_reply()->body, "hello");
    EXPECT_TRUE(client.is_closed());
}

TEST(requests, ARequestCutShortIsNotHandled) {
    test_server server;
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
    client.end_sending();
    EXPECT_TRUE(client.is_closed());
    raw_client other{server.port()};
    other.ask(hello);
    EXPECT_EQ(server.await_exchanges(1).at(0).target, "/hello");
}

TEST(requests, AClientThatResetsHurtsNobody) {
    test_server server;
    {
        raw_client client{server.port()};
        client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
        server.held.await_someone();
        client.close_with_reset();
    }
    server.held.open();
    EXPECT_EQ(server.await_exchanges(1).at(0).target, "/wait");
    raw_client other{server.port()};
    EXPECT_EQ(other.ask(hello).body, "hello");
}

TEST(requests, TheRequestIdIsTakenIfItIsCleanAndElseMade) {
    test_server server;
    raw_client client{server.port()};
    const auto id_for = [&](const std::string& id) {
        return client.ask("GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-ID: " + id + "\r\n\r\n").one("X-Request-ID");
    };
    EXPECT_EQ(id_for("My-id_1.2"), "My-id_1.2");
    EXPECT_EQ(id_for(std::string(128, 'a')), std::string(128, 'a'));
    for (const std::string& bad : {std::string(129, 'a'), std::string{"a b"}, std::string{"<script>"}, std::string{}}) {
        const std::string made = id_for(bad);
        ASSERT_EQ(made.size(), 36U) << bad;
        EXPECT_EQ(made[14], '7') << made;
    }
    EXPECT_NE(id_for(""), id_for(""));
    EXPECT_EQ(server.await_exchanges(1)[0].request_id, "My-id_1.2");
}

TEST(requests, NothingOfOneReachesTheNext) {
    test_server server;
    raw_client client{server.port()};
    client.ask("POST /echo?a=b HTTP/1.1\r\nHost: a\r\nX-Request-ID: one\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(client.ask("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n").body, "");
    EXPECT_EQ(client.ask("GET /user HTTP/1.1\r\nHost: a\r\n\r\n").body, "");
    EXPECT_EQ(client.ask("GET /user HTTP/1.1\r\nHost: a\r\n\r\n").body, "");
    EXPECT_NE(server.await_exchanges(2)[1].request_id, "one");
}

TEST(requests, AreSpansInTheirCallersTrace) {
    test_server server;
    raw_client client{server.port()};
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const reply got =
        client.ask("GET /trace HTTP/1.1\r\nHost: a\r\ntraceparent: 00-" + trace + "-b7ad6b7169203331-01\r\n\r\n");
    EXPECT_EQ(got.body.substr(3, 32), trace);
    EXPECT_NE(got.body.substr(36, 16), "b7ad6b7169203331");
    EXPECT_EQ(got.body.substr(55), " " + trace + " 127.0.0.1");
}

TEST(requests, ManyClientsOnManyThreads) {
    server_options options;
    options.threads = 2;
    test_server server{options};
    std::vector<std::thread> clients;
    for (int i = 0; i < 8; ++i) {
        clients.emplace_back([&server, i] {
            for (int round = 0; round < 20; ++round) {
                raw_client client{server.port()};
                for (int n = 0; n < 10; ++n) {
                    const std::string id = std::to_string(i * 1000 + round * 10 + n);
                    EXPECT_EQ(client.ask("GET /items/" + id + " HTTP/1.1\r\nHost: a\r\n\r\n").body, id);
                }
            }
        });
    }
    for (std::thread& one : clients)
        one.join();
    EXPECT_EQ(server.await_exchanges(1600).size(), 1600U);
}

TEST(requests, APortThatIsTakenIsToldInOneLine) {
    test_server server;
    const router none;
    rondo::test::manual_clock time;
    rondo::test::seeded_random random;
    try {
        const http::server second{{.host = "127.0.0.1", .port = server.port(), .threads = 1}, none, time, random};
        FAIL() << "two servers share a port";
    } catch (const fatal& told) {
        EXPECT_EQ(told.exit_code(), 69);
        EXPECT_EQ(std::string{told.what()}, "Cannot listen on 127.0.0.1, port " + std::to_string(server.port()) +
                                                ": another program has that port.");
    }
    EXPECT_THROW((http::server{{.host = "192.0.2.1", .port = 0, .threads = 1}, none, time, random}), fatal);
    EXPECT_THROW((http::server{{.host = "no such host", .port = 0, .threads = 1}, none, time, random}), fatal);
}

}  // namespace
}  // namespace rondo::http::test
