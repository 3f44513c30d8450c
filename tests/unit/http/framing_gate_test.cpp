#include "http/parse/framing_gate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/parse/head_parser.hpp"

using namespace std::literals;

namespace rondo::http {
namespace {

constexpr std::string_view good_head =
    "PATCH /api/tasks/1/toggle?x=1 HTTP/1.1\r\n"
    "Host: localhost:8000\r\n"
    "Empty:\r\n"
    "Accept:  text/html, */*  \r\n"
    "X-Name: caf\xc3\xa9\twith a tab inside\r\n"
    "\r\n";

TEST(head_gate, AcceptsAPlainBlockAtEverySplitPoint) {
    const limits bounds;
    for (std::size_t split = 0; split < good_head.size(); ++split) {
        head_gate gate{bounds};
        EXPECT_EQ(gate.scan(good_head.substr(0, split)), head_gate::progress::more) << split;
        EXPECT_EQ(gate.scan(good_head), head_gate::progress::complete) << split;
        EXPECT_EQ(gate.end(), good_head.size());
    }
}

TEST(head_gate, LooksOnlyAtTheBlockAndNotAtWhatFollows) {
    const limits bounds;
    head_gate gate{bounds};
    EXPECT_EQ(gate.scan(std::string{good_head} + "\0\r\n\x80"s), head_gate::progress::complete);
    EXPECT_EQ(gate.end(), good_head.size());
    gate.restart();
    EXPECT_EQ(gate.scan("\0"sv), head_gate::progress::refused);
    EXPECT_EQ(gate.scan(good_head), head_gate::progress::refused) << "a refusal is for good";
}

TEST(head_gate, SkipsOneEmptyLineAtEverySplitPoint) {
    const limits bounds;
    const std::string received = "\r\n" + std::string{good_head};
    for (std::size_t split = 0; split < received.size(); ++split) {
        head_gate gate{bounds};
        EXPECT_EQ(gate.scan(std::string_view{received}.substr(0, split)), head_gate::progress::more) << split;
        EXPECT_EQ(gate.has_begun(), split > 2) << split;
        EXPECT_EQ(gate.scan(received), head_gate::progress::complete) << split;
        EXPECT_EQ(received.substr(gate.begin(), gate.end() - gate.begin()), good_head);
        gate.restart();
        EXPECT_EQ(gate.scan(good_head), head_gate::progress::complete);
        EXPECT_EQ(gate.begin(), 0U);
    }
    for (const char* bad : {"\r\n\r", "\r\n\n", "\n", "\r\r", "\rG", "\r\n "}) {
        head_gate gate{bounds};
        EXPECT_EQ(gate.scan(bad), head_gate::progress::refused) << testing::PrintToString(bad);
    }
}

TEST(head_gate, ReadsTheMinorVersion) {
    const limits bounds;
    for (unsigned minor = 0; minor < 10; ++minor) {
        head_gate gate{bounds};
        EXPECT_EQ(gate.scan("GET / HTTP/1." + std::to_string(minor) + "\r\n\r\n"), head_gate::progress::complete);
        EXPECT_EQ(gate.minor_version(), minor);
    }
}

TEST(head_gate, RefusesWithTheFirstByteThatCannotBeRight) {
    const limits bounds;
    head_gate gate{bounds};
    EXPECT_EQ(gate.scan("GET / HTTP/1.1\r\nHost: a\r\n"), head_gate::progress::more);
    EXPECT_EQ(gate.scan("GET / HTTP/1.1\r\nHost: a\r\n\n"), head_gate::progress::refused);
}

TEST(head_gate, AllowsExactlyTheBoundsAndNotOneMore) {
    limits bounds;
    bounds.target_bytes_max = 10;
    bounds.header_fields_max = 2;
    bounds.header_bytes_max = 60;
    const auto status_of = [&](std::string_view block) {
        head_gate gate{bounds};
        return gate.scan(block) == head_gate::progress::refused ? gate.why().status : 0U;
    };
    EXPECT_EQ(status_of("GET /123456789 HTTP/1.1\r\n\r\n"), 0U);
    EXPECT_EQ(status_of("GET /1234567890 HTTP/1.1\r\n\r\n"), 414U);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n"), 0U);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n"), 431U);
    const std::string start = "GET / HTTP/1.1\r\nA: ";
    EXPECT_EQ(status_of(start + std::string(60 - 4 - start.size(), 'x') + "\r\n\r\n"), 0U);
    EXPECT_EQ(status_of(start + std::string(61 - 4 - start.size(), 'x') + "\r\n\r\n"), 431U);
    EXPECT_EQ(status_of(start + std::string(1000, 'x')), 431U);
}

TEST(head_parser, AgreesWithTheGateOnTheParts) {
    request made;
    const auto head = parse_head(good_head, 1, made);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->verb, method::patch);
    EXPECT_TRUE(head->keep_alive);
    EXPECT_EQ(made.target, "/api/tasks/1/toggle?x=1");
    ASSERT_EQ(made.headers.size(), 4U);
    EXPECT_EQ(made.find_header("EMPTY"), "");
    EXPECT_EQ(made.find_header("accept"), "text/html, */*");
    EXPECT_EQ(made.find_header("x-name"), "caf\xc3\xa9\twith a tab inside");
}

TEST(head_parser, LeavesNothingOfTheLastRequestBehind) {
    request made;
    ASSERT_TRUE(parse_head(good_head, 1, made));
    ASSERT_TRUE(parse_head("GET / HTTP/1.0\r\nHost: b\r\n\r\n", 0, made));
    ASSERT_EQ(made.headers.size(), 1U);
    EXPECT_EQ(made.headers[0].value, "b");
}

TEST(head_parser, KnowsWhetherTheConnectionStays) {
    const auto stays = [](unsigned minor, const std::string& connection) {
        request made;
        const auto head = parse_head(
            "GET / HTTP/1." + std::to_string(minor) + "\r\nConnection: " + connection + "\r\n\r\n", minor, made);
        return head && head->keep_alive;
    };
    for (const unsigned minor : {1, 2, 9}) {
        EXPECT_TRUE(stays(minor, "keep-alive"));
        EXPECT_TRUE(stays(minor, "upgrade"));
        EXPECT_FALSE(stays(minor, "Close"));
        EXPECT_FALSE(stays(minor, "x, close"));
        EXPECT_FALSE(stays(minor, "keep-alive, close"));
    }
    EXPECT_FALSE(stays(0, "x"));
    EXPECT_FALSE(stays(0, "close"));
    EXPECT_FALSE(stays(0, "keep-alive, close"));
    EXPECT_FALSE(stays(0, "close\r\nConnection: keep-alive"));
    EXPECT_TRUE(stays(0, "Keep-Alive"));
    EXPECT_TRUE(stays(0, "x, keep-alive"));
    // What an old proxy hands on without understanding it (RFC 9112, appendix C.2.2).
    EXPECT_FALSE(stays(0, "x\r\nProxy-Connection: keep-alive"));
    EXPECT_TRUE(stays(1, "x\r\nProxy-Connection: close"));
}

TEST(framing, ReadsLengthChunkedAndExpectation) {
    const auto length = framing_of({{"host", "a"}, {"content-length", "0042"}}, false);
    ASSERT_TRUE(length);
    EXPECT_EQ(length->length, 42U);
    EXPECT_FALSE(length->chunked);
    const auto chunked =
        framing_of({{"Host", "[::1]:80"}, {"Transfer-Encoding", "chunked"}, {"Expect", "100-Continue"}}, false);
    ASSERT_TRUE(chunked);
    EXPECT_TRUE(chunked->chunked);
    EXPECT_TRUE(chunked->expects_continue);
    const auto none = framing_of({{"Host", "a"}, {"Expect", "100-continue"}}, false);
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has_body());
    EXPECT_FALSE(none->expects_continue);
}

TEST(framing, AsksForAHostFromHttp11On) {
    EXPECT_TRUE(framing_of({}, true));
    EXPECT_TRUE(framing_of({{"Host", "a"}}, true));
    EXPECT_EQ(framing_of({}, false).error().status, 400U);
    for (const bool http_1_0 : {false, true}) {
        EXPECT_EQ(framing_of({{"Host", "a"}, {"host", "a"}}, http_1_0).error().status, 400U);
        EXPECT_EQ(framing_of({{"Host", ""}}, http_1_0).error().status, 400U);
        EXPECT_EQ(framing_of({{"Host", "a/b"}}, http_1_0).error().status, 400U);
    }
}

TEST(framing, PassesOverExpectationsOfHttp10) {
    const auto read = framing_of({{"Content-Length", "5"}, {"Expect", "100-continue"}}, true);
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->expects_continue);
    EXPECT_TRUE(framing_of({{"Expect", "a miracle"}}, true));
}

TEST(framing, RefusesEncodedBodiesAndOtherExpectations) {
    EXPECT_EQ(framing_of({{"Host", "a"}, {"Content-Length", "5"}, {"Content-Encoding", "gzip"}}, false).error().status,
              415U);
    EXPECT_TRUE(framing_of({{"Host", "a"}, {"Content-Length", "5"}, {"Content-Encoding", "identity"}}, false));
    EXPECT_EQ(framing_of({{"Host", "a"}, {"Expect", "a miracle"}}, false).error().status, 417U);
}

struct decoded {
    chunk_decoder::progress end;
    std::string body;
    std::string rest;
};

decoded decode(std::string_view input, std::size_t split, std::size_t body_max = 100) {
    chunk_decoder decoder;
    decoded result{chunk_decoder::progress::more, {}, {}};
    std::string_view first = input.substr(0, split);
    result.end = decoder.decode(first, result.body, body_max);
    std::string_view all = input.substr(split - first.size());
    if (result.end == chunk_decoder::progress::more)
        result.end = decoder.decode(all, result.body, body_max);
    result.rest = all;
    return result;
}

TEST(chunk_decoder, DecodesAtEverySplitPointAndLeavesTheRest) {
    constexpr std::string_view input = "5\r\nhello\r\n00A;name=\"value\"\r\n, \r\nworld!\r\n0;x\r\n\r\nGET /";
    for (std::size_t split = 0; split <= input.size(); ++split) {
        const auto result = decode(input, split);
        EXPECT_EQ(result.end, chunk_decoder::progress::complete) << split;
        EXPECT_EQ(result.body, "hello, \r\nworld!") << split;
        EXPECT_EQ(result.rest, "GET /") << split;
    }
}

TEST(chunk_decoder, RefusesTheChunkThatPassesTheLimitBeforeItsData) {
    EXPECT_EQ(decode("5\r\nhello\r\n0\r\n\r\n", 3, 5).end, chunk_decoder::progress::complete);
    EXPECT_EQ(decode("5\r\nhello\r\n1\r\n", 3, 5).end, chunk_decoder::progress::too_large);
    EXPECT_EQ(decode("6\r\n", 1, 5).end, chunk_decoder::progress::too_large);
    EXPECT_EQ(decode("ffffffffffffffff\r\n", 1, 5).end, chunk_decoder::progress::too_large);
}

}  // namespace
}  // namespace rondo::http
