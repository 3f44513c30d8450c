#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

#include <ctime>
#include <string>

#include "raw_client.hpp"
#include "test_server.hpp"

namespace rondo::http::test {
namespace {

const std::string hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(limits, TooManyHeadersTooLargeOnesAndLongTargetsAreRefused) {
    test_server server;
    const auto status_of = [&](const std::string& request) {
        raw_client client{server.port()};
        client.try_send(request);
        const auto got = client.read_reply();
        EXPECT_TRUE(got && got->one("Connection") == "close" && client.is_closed());
        return got ? got->status : 0U;
    };
    std::string bomb = "GET /hello HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 10'000; ++i)
        bomb += "X: 1\r\n";
    EXPECT_EQ(status_of(bomb), 431U);
    EXPECT_EQ(status_of("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(1'000'000, 'x')), 431U);
    EXPECT_EQ(status_of("GET /hello HTTP/1.1\r\nHost: a\r\nCookie: " + std::string(20'000, 'x') + "\r\n\r\n"), 431U);
    EXPECT_EQ(status_of("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414U);
    EXPECT_EQ(server.await_refusals(4), (std::vector<unsigned>{431, 431, 431, 414}));
}

TEST(limits, ABodyAnnouncedTooLargeIsRefusedBeforeItIsRead) {
    test_server server;
    raw_client client{server.port()};
    client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n");
    const reply got = *client.read_reply();
    EXPECT_EQ(got.status, 413U);
    EXPECT_EQ(got.one("Connection"), "close");
    EXPECT_TRUE(client.is_closed());
    raw_client other{server.port()};
    EXPECT_EQ(other.ask("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\n0123456789abcdef").body,
              "0123456789abcdef");
    raw_client huge{server.port()};
    EXPECT_EQ(huge.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n").status, 413U);
}

TEST(limits, AChunkedBodyIsRefusedAsSoonAsItPassesTheLimit) {
    test_server server;
    raw_client client{server.port()};
    client.send("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n9\r\n");
    EXPECT_EQ(client.read_reply()->status, 413U);
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(server.await_refusals(1).front(), 413U);
}

TEST(limits, TheAnswerReachesAClientThatStillSends) {
    server_options options;
    options.bounds.linger_max = std::chrono::seconds{20};
    test_server server{options};
    for (int i = 0; i < 5; ++i) {
        raw_client client{server.port()};
        client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
        EXPECT_TRUE(client.try_send(std::string(3'000'000, 'x')));
        const auto got = client.read_reply();
        ASSERT_TRUE(got);
        EXPECT_EQ(got->status, 413U);
        EXPECT_TRUE(client.is_closed());
        EXPECT_FALSE(client.was_reset());
    }
}

TEST(limits, AClientThatExpects100GetsItOnlyIfItsBodyIsWanted) {
    test_server server;
    raw_client client{server.port()};
    const std::string expects = "Host: a\r\nExpect: 100-continue\r\nContent-Length: ";
    client.send("POST /echo HTTP/1.1\r\n" + expects + "5\r\n\r\n");
    EXPECT_EQ(client.read_reply()->status, 100U);
    EXPECT_EQ(client.ask("hello").body, "hello");
    client.send("POST /echo HTTP/1.1\r\n" + expects + "5\r\n\r\nhello");
    EXPECT_EQ(client.read_reply()->body, "hello") << "its body is here already";
    EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\n" + expects + "0\r\n\r\n").status, 200U);
    EXPECT_EQ(client.ask("POST /small HTTP/1.1\r\n" + expects + "17\r\n\r\n").status, 413U);
    raw_client old{server.port()};
    EXPECT_EQ(old.ask("POST /echo HTTP/1.0\r\n" + expects + "5\r\n\r\nhello").body, "hello");
    raw_client lost{server.port()};
    EXPECT_EQ(lost.ask("POST /nothing HTTP/1.1\r\n" + expects + "5\r\n\r\n").status, 404U);
    EXPECT_TRUE(lost.is_closed()) << "its body is not read, so what follows is no request";
}

TEST(limits, EncodedBodiesAreRefused) {
    test_server server;
    raw_client client{server.port()};
    EXPECT_EQ(
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello").status,
        415U);
    EXPECT_TRUE(client.is_closed());
}

TEST(limits, AConnectionServesSoManyRequestsAndNoMore) {
    server_options options;
    options.bounds.requests_per_connection_max = 3;
    test_server server{options};
    raw_client client{server.port()};
    client.send(hello + hello + hello + hello);
    EXPECT_EQ(client.read_reply()->one("Connection"), "");
    EXPECT_EQ(client.read_reply()->one("Connection"), "");
    EXPECT_EQ(client.read_reply()->one("Connection"), "close");
    EXPECT_TRUE(client.is_closed());
}

TEST(limits, MoreConnectionsThanAllowedWaitUntilOneCloses) {
    server_options options;
    options.bounds.connections_max = 2;
    test_server server{options};
    raw_client first{server.port()};
    raw_client second{server.port()};
    EXPECT_EQ(first.ask(hello).status, 200U);
    EXPECT_EQ(second.ask(hello).status, 200U);
    raw_client third{server.port()};
    third.send(hello);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(first.ask(hello).status, 200U);
    EXPECT_FALSE(third.is_readable());
    second.close();
    EXPECT_EQ(third.read_reply()->status, 200U);
}

double cpu_seconds() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

TEST(limits, WithoutFileDescriptorsAcceptingPausesAndHeals) {
    test_server server;
    raw_client present{server.port()};
    EXPECT_EQ(present.ask(hello).status, 200U);

    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const int lowest_free = ::open("/dev/null", O_RDONLY);
    ASSERT_GE(lowest_free, 0);
    ::close(lowest_free);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(lowest_free) + 1;  // one for the client's end, none for the server's
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    raw_client waiting{server.port()};
    waiting.send(hello);
    const double cpu = cpu_seconds();
    for (const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
         std::chrono::steady_clock::now() < until;) {
        pollfd none{.fd = -1, .events = 0, .revents = 0};
        ::poll(&none, 1, 50);
    }
    EXPECT_LT(cpu_seconds() - cpu, 0.03) << "accepting spins";
    EXPECT_EQ(present.ask(hello).status, 200U) << "who is connected is served";
    EXPECT_FALSE(waiting.is_readable());
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(waiting.read_reply()->status, 200U);
}

}  // namespace
}  // namespace rondo::http::test
