#include <gtest/gtest.h>

#include <string>

#include "raw_client.hpp"
#include "test_server.hpp"

namespace rondo::http::test {
namespace {

std::string ask_for(std::string_view line, std::string_view more = {}) {
    return std::string{line} + " HTTP/1.1\r\nHost: a\r\n" + std::string{more} + "\r\n";
}

const std::string from_app = "Origin: https://app.example\r\n";

TEST(answers, HeadIsGetWithoutItsBody) {
    test_server server;
    raw_client client{server.port()};
    client.send(ask_for("HEAD /hello") + ask_for("GET /hello"));
    const reply head = *client.read_reply(true);
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.one("Content-Length"), "5");
    const reply get = *client.read_reply();
    EXPECT_EQ(get.body, "hello");
    client.send(ask_for("HEAD /nothing") + ask_for("GET /hello"));
    EXPECT_EQ(client.read_reply(true)->status, 404U);
    EXPECT_EQ(client.read_reply()->body, "hello");
}

TEST(answers, WithoutContentHaveNoLength) {
    test_server server;
    raw_client client{server.port()};
    const reply gone = client.ask(ask_for("DELETE /gone"));
    EXPECT_EQ(gone.status, 204U);
    EXPECT_TRUE(gone.all("Content-Length").empty());
    EXPECT_TRUE(gone.all("Content-Type").empty());
    const reply unchanged = client.ask(ask_for("GET /unchanged"));
    EXPECT_EQ(unchanged.status, 304U);
    EXPECT_EQ(unchanged.one("ETag"), "\"1\"");
    EXPECT_TRUE(unchanged.all("Content-Length").empty());
    EXPECT_EQ(client.ask(ask_for("GET /hello")).body, "hello");
}

TEST(answers, UnknownPathsAndMethodsAreProblems) {
    test_server server;
    raw_client client{server.port()};
    const reply missing = client.ask(ask_for("GET /nothing"));
    EXPECT_EQ(missing.status, 404U);
    EXPECT_EQ(missing.one("Content-Type"), "application/problem+json");
    EXPECT_TRUE(missing.body.starts_with(R"({"type":"urn:rondo:problem:not-found","title":"Not Found","status":404,)"))
        << missing.body;
    const reply wrong = client.ask(ask_for("DELETE /items/7"));
    EXPECT_EQ(wrong.status, 405U);
    EXPECT_EQ(wrong.one("Allow"), "GET, HEAD, OPTIONS, PUT");
    const auto seen = server.await_exchanges(2);
    EXPECT_EQ(seen[0].route, "");
    EXPECT_NE(missing.body.find(seen[0].error_id), std::string::npos);
    EXPECT_EQ(seen[0].error_id.size(), 36U);
    for (const char* method : {"TRACE", "CONNECT", "PROPFIND", "Get"}) {
        raw_client other{server.port()};
        EXPECT_EQ(other.ask(ask_for(std::string{method} + " /hello")).status, 501U) << method;
        EXPECT_TRUE(other.is_closed());
    }
}

TEST(answers, AMethodOverrideIsIgnored) {
    test_server server;
    raw_client client{server.port()};
    EXPECT_EQ(client.ask(ask_for("GET /gone", "X-HTTP-Method-Override: DELETE\r\n")).status, 405U);
}

TEST(answers, OptionsTellsWhatThereIs) {
    test_server server;
    raw_client client{server.port()};
    const reply plain = client.ask(ask_for("OPTIONS /items/7"));
    EXPECT_EQ(plain.status, 204U);
    EXPECT_EQ(plain.one("Allow"), "GET, HEAD, OPTIONS, PUT");
    EXPECT_TRUE(plain.all("Access-Control-Allow-Methods").empty());
    EXPECT_EQ(client.ask(ask_for("OPTIONS *")).one("Allow"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");

    const reply preflight =
        client.ask(ask_for("OPTIONS /items/7", from_app + "Access-Control-Request-Method: PUT\r\n"));
    EXPECT_EQ(preflight.status, 204U);
    EXPECT_EQ(preflight.one("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(preflight.one("Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(preflight.one("Access-Control-Allow-Methods"), "GET, POST, PUT, PATCH, DELETE");
    EXPECT_EQ(preflight.one("Access-Control-Allow-Headers"),
              "authorization, content-type, if-match, if-none-match, idempotency-key, x-request-id, traceparent, "
              "last-event-id");
    EXPECT_EQ(preflight.one("Access-Control-Max-Age"), "7200");
}

TEST(answers, AListedOriginMayReadEveryAnswer) {
    server_options options;
    options.bounds.header_bytes_max = 1024;
    options.bounds.target_bytes_max = 256;
    test_server server{options};
    const std::string length = "Content-Length: 17\r\n";
    const std::pair<std::string, unsigned> requests[] = {
        {ask_for("GET /hello", from_app), 200},
        {ask_for("HEAD /hello", from_app), 200},
        {ask_for("GET /nothing", from_app), 404},
        {ask_for("PATCH /hello", from_app), 405},
        {ask_for("GET /boom", from_app), 500},
        {ask_for("GET /busy", from_app), 503},
        {ask_for("POST /small", from_app + length), 413},
        {ask_for("POST /echo", from_app + length + "Content-Encoding: gzip\r\n"), 415},
        {ask_for("POST /echo", from_app + length + "Expect: more\r\n"), 417},
        {ask_for("BREW /hello", from_app), 501},
        {ask_for("GET ftp://x/hello", from_app), 400},
        {ask_for("GET /hello", from_app + "Bad Name: x\r\n"), 400},
        {ask_for("GET /hello", from_app + "Host: b\r\n"), 400},
        {ask_for("GET /hello", from_app + "X: " + std::string(2000, 'x') + "\r\n"), 431},
    };
    for (const auto& [request, status] : requests) {
        raw_client client{server.port()};
        client.send(request);
        const reply got = *client.read_reply(request.starts_with("HEAD"));
        EXPECT_EQ(got.status, status) << request;
        EXPECT_EQ(got.one("Access-Control-Allow-Origin"), "https://app.example") << request;
        EXPECT_EQ(got.one("Access-Control-Allow-Credentials"), "true") << request;
        EXPECT_EQ(got.one("Access-Control-Expose-Headers"), "ETag, Link, Location, Retry-After, X-Request-ID")
            << request;
        EXPECT_EQ(got.one("Vary"), "Origin") << request;
    }
}

TEST(answers, AnotherOriginMayReadNone) {
    test_server server;
    raw_client client{server.port()};
    for (const char* origin :
         {"", "null", "https://evil.example", "https://app.example.evil", "HTTPS://app.example", "*"}) {
        const reply got = client.ask(ask_for("GET /hello", "Origin: " + std::string{origin} + "\r\n"));
        EXPECT_TRUE(got.all("Access-Control-Allow-Origin").empty()) << origin;
        EXPECT_TRUE(got.all("Access-Control-Allow-Credentials").empty()) << origin;
        EXPECT_EQ(got.one("Vary"), "Origin");
    }
    const reply preflight =
        client.ask(ask_for("OPTIONS /hello", "Origin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\n"));
    EXPECT_EQ(preflight.status, 204U);
    EXPECT_TRUE(preflight.all("Access-Control-Allow-Methods").empty());
}

TEST(answers, CarryTheSecurityHeaders) {
    test_server server;
    for (const std::string& request :
         {ask_for("GET /hello"), ask_for("GET /boom"), ask_for("GET /nothing"), std::string{"x\r\n\r\n"}}) {
        raw_client client{server.port()};
        const reply got = client.ask(request);
        EXPECT_EQ(got.one("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(got.one("Referrer-Policy"), "no-referrer");
        EXPECT_EQ(got.one("X-Frame-Options"), "DENY");
        EXPECT_EQ(got.one("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
        EXPECT_EQ(got.one("Cross-Origin-Opener-Policy"), "same-origin");
        EXPECT_EQ(got.one("Cache-Control"), "no-store");
        EXPECT_EQ(got.one("X-Request-ID").size(), 36U);
        EXPECT_TRUE(got.all("Server").empty());
    }
    raw_client client{server.port()};
    const reply page = client.ask(ask_for("GET /page"));
    EXPECT_EQ(page.one("Content-Security-Policy"), "default-src 'self'");
    EXPECT_EQ(page.one("Cache-Control"), "max-age=60");
}

TEST(answers, AHandlersExceptionIsA500ThatTellsItsErrorIdOnly) {
    test_server server;
    raw_client client{server.port()};
    for (const char* path : {"/boom", "/boom-strangely"}) {
        const reply got = client.ask(ask_for("GET " + std::string{path}));
        EXPECT_EQ(got.status, 500U);
        EXPECT_EQ(got.body.find("secret"), std::string::npos);
    }
    const auto seen = server.await_exchanges(2);
    EXPECT_EQ(seen[0].failure, "the secret reason");
    EXPECT_EQ(seen[0].status, 500U);
    EXPECT_NE(seen[1].failure, "");
    EXPECT_EQ(client.ask(ask_for("GET /hello")).status, 200U) << "the connection goes on";
    EXPECT_EQ(server.await_exchanges(3)[2].failure, "");
}

TEST(answers, WhatIsUnavailableIsA503WithRetryAfter) {
    test_server server;
    raw_client client{server.port()};
    const reply got = client.ask(ask_for("GET /busy"));
    EXPECT_EQ(got.status, 503U);
    EXPECT_EQ(got.one("Retry-After"), "7");
    EXPECT_EQ(got.body.find("secret"), std::string::npos);
    EXPECT_EQ(server.await_exchanges(1)[0].failure, "the secret disk");
    const reply starved = client.ask(ask_for("GET /no-memory"));
    EXPECT_EQ(starved.status, 503U);
    EXPECT_EQ(starved.one("Retry-After"), "2");
}

TEST(answers, AHandlerCannotSplitAnAnswer) {
    test_server server;
    raw_client client{server.port()};
    const reply got = client.ask(ask_for("GET /split"));
    EXPECT_EQ(got.status, 500U);
    EXPECT_TRUE(got.all("Set-Cookie").empty());
    EXPECT_EQ(client.ask(ask_for("GET /two-lengths")).status, 500U);
    EXPECT_EQ(client.ask(ask_for("GET /hello")).body, "hello");
}

TEST(answers, LargeOnesComeWhole) {
    test_server server;
    raw_client client{server.port()};
    client.send(ask_for("GET /large") + ask_for("GET /hello"));
    const reply large = *client.read_reply();
    EXPECT_EQ(large.body.size(), test_server::large_size);
    EXPECT_EQ(large.body.find_first_not_of('x'), std::string::npos);
    EXPECT_EQ(client.read_reply()->body, "hello");
}

}  // namespace
}  // namespace rondo::http::test
