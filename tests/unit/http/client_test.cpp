#include "http/client/client.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_http_server.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using test::fake_http_server;
using testing::HasSubstr;

client_options to(const fake_http_server& server, std::chrono::milliseconds timeout = 20s) {
    return {.host = "127.0.0.1", .port = server.port(), .timeout = timeout};
}

TEST(http_client, SendsWhatItIsGivenAndReadsTheWholeAnswer) {
    fake_http_server server{[](const auto&) { return fake_http_server::answer(201, "made", "X-One: 1\r\n"); }};
    client out{to(server)};
    const std::vector<header> headers{{.name = "Content-Type", .value = "text/plain"}};
    const auto answer = out.send({.verb = "PUT", .target = "/a?b=c", .headers = headers, .body = "body"});
    ASSERT_TRUE(answer) << answer.error().reason;
    EXPECT_EQ(answer->status, 201U);
    EXPECT_EQ(answer->body, "made");
    EXPECT_EQ(answer->find_header("x-one"), "1");
    EXPECT_EQ(answer->find_header("x-two"), std::nullopt);
    const auto asked = server.requests().at(0);
    EXPECT_TRUE(asked.head.starts_with("PUT /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n"));
    EXPECT_EQ(asked.header("Content-Type"), "text/plain");
    EXPECT_EQ(asked.body, "body");
}

TEST(http_client, KeepsItsConnection) {
    fake_http_server server{[](const auto&) { return fake_http_server::answer(200, "x"); }};
    client out{to(server)};
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(out.send({.target = "/"}));
    for (const auto& asked : server.requests())
        EXPECT_EQ(asked.connection, 1);
}

TEST(http_client, NoticesAKeptConnectionThatTheServerClosed) {
    fake_http_server server{[](const auto&) { return fake_http_server::answer(200); }};
    server.close_after_answer(true);
    client out{to(server)};
    for (int i = 1; i <= 3; ++i) {
        const auto answer = out.send({.target = "/"});
        ASSERT_TRUE(answer) << i << ": " << answer.error().reason;
        ASSERT_TRUE(server.wait_closed(i));
    }
    EXPECT_EQ(server.requests().back().connection, 3);
}

TEST(http_client, OpensAnotherConnectionAfterConnectionClose) {
    fake_http_server server{[](const auto&) { return fake_http_server::answer(200, "", "Connection: close\r\n"); }};
    client out{to(server)};
    ASSERT_TRUE(out.send({.target = "/"}));
    ASSERT_TRUE(out.send({.target = "/"}));
    EXPECT_EQ(server.requests().back().connection, 2);
}

TEST(http_client, ReadsChunksAndAnswersWithoutALength) {
    const std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    fake_http_server server{[&](const auto&) { return chunks; }};
    client out{to(server)};
    const auto chunked = out.send({.target = "/"});
    ASSERT_TRUE(chunked) << chunked.error().reason;
    EXPECT_EQ(chunked->body, "abcde");
    server.answer_with("HTTP/1.1 200 OK\r\n\r\nto the end");
    server.close_after_answer(true);
    const auto to_the_end = out.send({.target = "/"});
    ASSERT_TRUE(to_the_end) << to_the_end.error().reason;
    EXPECT_EQ(to_the_end->body, "to the end");
    EXPECT_EQ(server.requests().back().connection, 1);
}

TEST(http_client, GivesUpWhenTheTimeIsOverAndIsGoodForTheNextCall) {
    fake_http_server server{[](const auto&) { return std::string{}; }};
    client out{to(server, 150ms)};
    const auto began = std::chrono::steady_clock::now();
    const auto none = out.send({.target = "/", .repeatable = true});
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().reason, "no answer in time");
    EXPECT_FALSE(none.error().not_sent);
    EXPECT_EQ(server.requests().size(), 1U) << "what has no answer in time is not sent again";
    server.answer_with(fake_http_server::answer(204));
    const auto answer = out.send({.target = "/"});
    ASSERT_TRUE(answer) << answer.error().reason;
    EXPECT_EQ(answer->status, 204U);
}

TEST(http_client, EndsWhenItsCallerSaysSo) {
    fake_http_server server{[](const auto&) { return std::string{}; }};
    client out{to(server, 60s)};
    const auto began = std::chrono::steady_clock::now();
    EXPECT_FALSE(out.send({.target = "/"}, [&] { return !server.requests().empty(); }));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(http_client, SaysWhenNothingWasSent) {
    std::string port;
    {
        fake_http_server gone{[](const auto&) { return std::string{}; }};
        port = gone.port();
    }
    client out{{.host = "127.0.0.1", .port = port, .timeout = 5s}};
    const auto none = out.send({.target = "/"});
    ASSERT_FALSE(none);
    EXPECT_TRUE(none.error().not_sent);
    EXPECT_THAT(none.error().reason, HasSubstr("connecting: "));
}

TEST(http_client, RefusesWhatIsNotHttpAndWhatIsTooLarge) {
    const std::string other = "SSH-2.0-OpenSSH\r\n\r\n";
    fake_http_server server{[&](const auto&) { return other; }};
    client out{to(server)};
    EXPECT_FALSE(out.send({.target = "/"}));
    server.answer_with("HTTP/1.1 200 OK\r\nX: " + std::string(client_answer_head_bytes_max, 'x') + "\r\n\r\n");
    EXPECT_FALSE(out.send({.target = "/"}));
    server.answer_with("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(client_answer_body_bytes_max + 1) +
                       "\r\n\r\n");
    EXPECT_FALSE(out.send({.target = "/"}));
    server.answer_with(fake_http_server::answer(200));
    EXPECT_TRUE(out.send({.target = "/"}));
}

}  // namespace
}  // namespace rondo::http
