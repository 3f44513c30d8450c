#include "http/message.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "http/answer_head.hpp"

namespace rondo::http {
namespace {

TEST(problem, IsJsonWhateverItsTextsHold) {
    const auto told =
        problem(422, "urn:x", "A \"title\"", "back\\slash,\nline \x01 caf\xc3\xa9", "id", R"(,"errors":[])");
    EXPECT_EQ(told.status, 422U);
    EXPECT_EQ(told.content_type, "application/problem+json");
    EXPECT_EQ(told.error_id, "id");
    EXPECT_EQ(told.body,
              R"({"type":"urn:x","title":"A \"title\"","status":422,"detail":"back\\slash,\u000aline \u0001 )"
              "caf\xc3\xa9"
              R"(","error_id":"id","errors":[]})");
}

TEST(request, FindsHeadersInAnyCaseAndTheFirstQueryParameter) {
    request asked;
    asked.headers = {{"If-Match", "\"3\""}, {"if-match", "later"}};
    asked.query = {{"tag", "a"}, {"tag", "b"}};
    EXPECT_EQ(asked.find_header("IF-MATCH"), "\"3\"");
    EXPECT_EQ(asked.find_header("If-Matc"), std::nullopt);
    EXPECT_EQ(asked.find_query("tag"), "a");
    EXPECT_EQ(asked.find_query("Tag"), std::nullopt);
}

TEST(request, TellsItsTraceId) {
    request asked;
    EXPECT_EQ(asked.trace_id(), "");
    asked.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EXPECT_EQ(asked.trace_id(), "0af7651916cd43dd8448eb211c80319c");
}

TEST(answer_head, RefusesHeadersThatBreakTheAnswerApart) {
    const auto checked = [](std::string name, std::string value) {
        response answer;
        answer.with(std::move(name), std::move(value));
        check_headers(answer);
    };
    EXPECT_NO_THROW(checked("Location", "/a\tb caf\xc3\xa9"));
    EXPECT_THROW(checked("Location", "/a\r\nX: y"), std::logic_error);
    EXPECT_THROW(checked("Location", "/a\nX: y"), std::logic_error);
    EXPECT_THROW(checked("Location", std::string{"/a\0b", 4}), std::logic_error);
    EXPECT_THROW(checked("Loca tion", "/a"), std::logic_error);
    EXPECT_THROW(checked("X:", "/a"), std::logic_error);
    EXPECT_THROW(checked("", "/a"), std::logic_error);
    EXPECT_THROW(checked("Transfer-Encoding", "chunked"), std::logic_error);
    response answer{.content_type = "text/plain\r\nX: y"};
    EXPECT_THROW(check_headers(answer), std::logic_error);
}

TEST(answer_head, IsExactlyThis) {
    response answer{.status = 201, .content_type = "application/json", .body = "{}"};
    answer.with("ETag", "\"1\"");
    std::string out;
    append_head(out, answer,
                {.date = "Sun, 08 Feb 2026 09:00:00 GMT", .request_id = "r", .allowed_origin = "https://app.example"});
    EXPECT_EQ(out,
              "HTTP/1.1 201 Created\r\n"
              "Date: Sun, 08 Feb 2026 09:00:00 GMT\r\n"
              "Content-Type: application/json\r\n"
              "Content-Length: 2\r\n"
              "X-Request-ID: r\r\n"
              "X-Content-Type-Options: nosniff\r\n"
              "Referrer-Policy: no-referrer\r\n"
              "X-Frame-Options: DENY\r\n"
              "Cross-Origin-Opener-Policy: same-origin\r\n"
              "Cross-Origin-Resource-Policy: same-origin\r\n"
              "Vary: Origin\r\n"
              "Access-Control-Allow-Origin: https://app.example\r\n"
              "Access-Control-Allow-Credentials: true\r\n"
              "Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, X-Request-ID\r\n"
              "ETag: \"1\"\r\n"
              "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
              "Cache-Control: no-store\r\n"
              "\r\n");
}

}  // namespace
}  // namespace rondo::http
