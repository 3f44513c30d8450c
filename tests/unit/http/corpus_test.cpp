// Requests that two HTTP programs could read differently: each must be refused, and nothing behind it may be taken for
// another request.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "raw_client.hpp"
#include "test_server.hpp"

using namespace std::literals;

namespace rondo::http::test {
namespace {

struct sample {
    std::string name;
    std::string bytes;

    friend void PrintTo(const sample& one, std::ostream* out) { *out << one.name; }
};

// What an attacker would smuggle: it shows up as a second answer if it is read as a request.
constexpr std::string_view smuggled = "GET /hello?smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

/// A POST whose header holds these lines too, with a body that suits none of them well.
std::string post(std::string_view lines, std::string_view body = "hello") {
    return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{lines} + "\r\n\r\n" + std::string{body};
}

std::string chunked(std::string_view chunks) {
    return post("Transfer-Encoding: chunked", chunks);
}

std::vector<sample> refused_samples() {
    return {
        // Framing that some program reads in another way.
        {"gzip coding with a length", post("Transfer-Encoding: gzip\r\nContent-Length: 5")},
        {"length, then gzip coding", post("Content-Length: 5\r\nTransfer-Encoding: gzip")},
        {"chunked on HTTP/1.0",
         "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
        {"gzip coding with a length on HTTP/1.0",
         "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"},
        {"gzip coding", post("Transfer-Encoding: gzip")},
        {"identity coding", post("Transfer-Encoding: identity")},
        {"chunked, identity", post("Transfer-Encoding: chunked, identity", "5\r\nhello\r\n0\r\n\r\n")},
        {"identity, chunked", post("Transfer-Encoding: identity, chunked", "5\r\nhello\r\n0\r\n\r\n")},
        {"gzip, chunked", post("Transfer-Encoding: gzip, chunked", "5\r\nhello\r\n0\r\n\r\n")},
        {"xchunked", post("Transfer-Encoding: xchunked", "5\r\nhello\r\n0\r\n\r\n")},
        {"chunked in quotes", post("Transfer-Encoding: \"chunked\"", "5\r\nhello\r\n0\r\n\r\n")},
        {"chunked with a parameter", post("Transfer-Encoding: chunked;a=b", "5\r\nhello\r\n0\r\n\r\n")},
        {"an empty coding", post("Transfer-Encoding: ", "5\r\nhello\r\n0\r\n\r\n")},
        {"chunked with a comma behind", post("Transfer-Encoding: chunked,", "5\r\nhello\r\n0\r\n\r\n")},
        {"two equal lengths", post("Content-Length: 5\r\nContent-Length: 5")},
        {"two lengths", post("Content-Length: 5\r\nContent-Length: 6")},
        {"two lengths in other case", post("Content-Length: 5\r\ncontent-length: 5")},
        {"a list of lengths", post("Content-Length: 5, 5")},
        {"length, then chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")},
        {"chunked, then length", post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")},
        {"chunked in two fields", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")},
        {"chunked, chunked", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")},
        {"chunked and identity in two fields",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n")},
        {"a signed length", post("Content-Length: +5")},
        {"a negative length", post("Content-Length: -1")},
        {"a hexadecimal length", post("Content-Length: 0x5")},
        {"an empty length", post("Content-Length: ")},
        {"a length with a blank inside", post("Content-Length: 5 5")},
        {"a length with a fraction", post("Content-Length: 5.0")},
        {"a length of 20 digits", post("Content-Length: 18446744073709551621")},
        {"a length of 19 digits", post("Content-Length: 9999999999999999999")},
        {"a blank before the colon of the length", post("Content-Length : 5")},
        {"a blank before the colon of the coding", post("Transfer-Encoding : chunked", "0\r\n\r\n")},
        {"a vertical tab before chunked", post("Transfer-Encoding: \x0b"s + "chunked", "0\r\n\r\n")},
        {"a tab before chunked", post("Transfer-Encoding:\tchunked", "0\r\n\r\n")},
        {"a tab behind chunked", post("Transfer-Encoding: chunked\t", "0\r\n\r\n")},
        {"a form feed before chunked", post("Transfer-Encoding: \x0c"s + "chunked", "0\r\n\r\n")},

        // The header's lines.
        {"a folded line", post("X: 1\r\n folded\r\nContent-Length: 5")},
        {"a line folded with a tab", post("X: 1\r\n\tfolded\r\nContent-Length: 5")},
        {"a folded coding", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")},
        {"the first field indented", "POST /echo HTTP/1.1\r\n Host: a\r\nContent-Length: 5\r\n\r\nhello"},
        {"a line feed alone behind the request line", "POST /echo HTTP/1.1\nHost: a\r\nContent-Length: 5\r\n\r\nhello"},
        {"a line feed alone behind a field", post("X: 1\nContent-Length: 5")},
        {"line feeds alone throughout", "GET /hello HTTP/1.1\nHost: a\n\n"},
        {"a line feed alone as the empty line", "GET /hello HTTP/1.1\r\nHost: a\r\n\n"},
        {"a carriage return alone in a value", post("X: a\rb\r\nContent-Length: 5")},
        {"a carriage return alone before a line", post("X: a\r\rContent-Length: 5")},
        {"a carriage return alone as the empty line", "GET /hello HTTP/1.1\r\nHost: a\r\n\rX"},
        {"a NUL in a value", post("X: a\0b\r\nContent-Length: 5"sv)},
        {"a NUL in a name", post("X\0: a\r\nContent-Length: 5"sv)},
        {"a DEL in a value", post("X: a\x7f\r\nContent-Length: 5")},
        {"a field without a name", post(": a\r\nContent-Length: 5")},
        {"a line without a colon", post("X\r\nContent-Length: 5")},
        {"0x80 in a name", post("X\x80: a\r\nContent-Length: 5")},
        {"parentheses in a name", post("X(1): a\r\nContent-Length: 5")},
        {"two empty lines before the request", "\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a line feed alone before the request", "\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a carriage return alone before the request", "\rGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two carriage returns before the request", "\r\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an empty line, then a line feed alone", "\r\n\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an empty line, then a blank", "\r\n GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an empty line of a blank", " \r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an empty line of a NUL", "\0\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"s},
        {"an empty line, then a header", "\r\nHost: a\r\n\r\n"},
        {"an empty line within the header's name", "GET /hello HTTP/1.1\r\n\r\nHost: a\r\n\r\n"},
        {"a blank before the request", " GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"},

        // The request line.
        {"tabs in the request line", "GET\t/hello\tHTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two blanks in the request line", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two blanks before the version", "GET /hello  HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a blank behind the version", "GET /hello HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {"a blank in the target", "GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"HTTP/1.11", "GET /hello HTTP/1.11\r\nHost: a\r\n\r\n"},
        {"HTTP/1.01", "GET /hello HTTP/1.01\r\nHost: a\r\n\r\n"},
        {"HTTP/1.", "GET /hello HTTP/1.\r\nHost: a\r\n\r\n"},
        {"HTTP/1", "GET /hello HTTP/1\r\nHost: a\r\n\r\n"},
        {"HTTP/1.a", "GET /hello HTTP/1.a\r\nHost: a\r\n\r\n"},
        {"HTTP/1.-1", "GET /hello HTTP/1.-1\r\nHost: a\r\n\r\n"},
        {"HTTP/1,1", "GET /hello HTTP/1,1\r\nHost: a\r\n\r\n"},
        {"HTTP/01.1", "GET /hello HTTP/01.1\r\nHost: a\r\n\r\n"},
        {"HTTP/0.9 by name", "GET /hello HTTP/0.9\r\nHost: a\r\n\r\n"},
        {"HTTP/2.0", "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n"},
        {"HTTP/2", "GET /hello HTTP/2\r\nHost: a\r\n\r\n"},
        {"HTTP/3.0", "GET /hello HTTP/3.0\r\nHost: a\r\n\r\n"},
        {"chunked with a length on HTTP/1.0",
         "POST /echo HTTP/1.0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"two lengths on HTTP/1.0", "POST /echo HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"},
        {"a signed length on HTTP/1.0", "POST /echo HTTP/1.0\r\nContent-Length: +5\r\n\r\nhello"},
        {"a folded line on HTTP/1.0", "GET /hello HTTP/1.0\r\nX: 1\r\n folded\r\n\r\n"},
        {"a line feed alone on HTTP/1.0", "GET /hello HTTP/1.0\n\n"},
        {"two lengths on HTTP/1.2",
         "POST /echo HTTP/1.2\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"},
        {"length and chunked on HTTP/1.2",
         "POST /echo HTTP/1.2\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"xchunked on HTTP/1.9", "POST /echo HTTP/1.9\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
        {"http/1.1", "GET /hello http/1.1\r\nHost: a\r\n\r\n"},
        {"HTTP/0.9", "GET /hello\r\n\r\n"},
        {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"0xff in the target", "GET /hello\xff HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a NUL in the target", "GET /hel\0lo HTTP/1.1\r\nHost: a\r\n\r\n"s},
        {"a fragment in the target", "GET /hello#x HTTP/1.1\r\nHost: a\r\n\r\n"},

        // Whose request it is.
        {"no host", "GET /hello HTTP/1.1\r\n\r\n"},
        {"no host on HTTP/1.2", "GET /hello HTTP/1.2\r\n\r\n"},
        {"no host on HTTP/1.9", "GET /hello HTTP/1.9\r\n\r\n"},
        {"no host beside the absolute form", "GET http://a/hello HTTP/1.1\r\n\r\n"},
        {"two hosts on HTTP/1.0", "GET /hello HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
        {"two hosts beside the absolute form", "GET http://a/hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
        {"an empty host on HTTP/1.0", "GET /hello HTTP/1.0\r\nHost: \r\n\r\n"},
        {"a host with a path beside the absolute form", "GET http://a/hello HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {"a host with two ports", "GET /hello HTTP/1.1\r\nHost: a:80:80\r\n\r\n"},
        {"a host whose port is a word", "GET /hello HTTP/1.1\r\nHost: a:http\r\n\r\n"},
        {"a port without a host", "GET /hello HTTP/1.1\r\nHost: :80\r\n\r\n"},
        {"an IPv6 host without brackets", "GET /hello HTTP/1.1\r\nHost: ::1\r\n\r\n"},
        {"an IPv6 host half in brackets", "GET /hello HTTP/1.1\r\nHost: [::1\r\n\r\n"},
        {"a word in brackets", "GET /hello HTTP/1.1\r\nHost: [a]\r\n\r\n"},
        {"a host behind brackets", "GET /hello HTTP/1.1\r\nHost: [::1]a\r\n\r\n"},
        {"a host with a broken escape", "GET /hello HTTP/1.1\r\nHost: a%zz\r\n\r\n"},
        {"two hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
        {"two equal hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"},
        {"an empty host", "GET /hello HTTP/1.1\r\nHost: \r\n\r\n"},
        {"a list of hosts", "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n"},
        {"a host with a path", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {"a host with a user", "GET /hello HTTP/1.1\r\nHost: a@b\r\n\r\n"},
        {"the absolute form with a user", "GET http://u@a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with a password", "GET http://u:p@a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with an empty user", "GET http://@a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form without a host", "GET http:///hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with a port alone", "GET http://:80/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with a port that is a word", "GET http://a:x/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with a backslash", "GET http://a\\b/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with one slash", "GET http:/a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with no slash", "GET http:a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with a fragment", "GET http://a/hello#x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form cut short", "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with half a bracket", "GET http://[::1/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with a dot segment", "GET http://a/x/../hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with an encoded slash", "GET http://a/items/a%2fb HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the absolute form with an encoded host", "GET http%3a//a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"another scheme", "GET ftp://a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the scheme of sockets", "GET ws://a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the scheme of files", "GET file:///hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no scheme before the colon", "GET ://a/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a scheme alone", "GET http HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the authority form", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"the authority form for OPTIONS", "OPTIONS a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a star with more for OPTIONS", "OPTIONS *x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a star with a query for OPTIONS", "OPTIONS *?x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a star for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},

        // Paths that some program reads as other paths.
        {"a dot segment", "GET /x/../hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an encoded dot segment", "GET /x/%2e%2e/hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a single dot", "GET /./hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an encoded slash", "GET /items/a%2fb HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an encoded backslash", "GET /items/a%5cb HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a backslash", "GET /items/a\\b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an encoded NUL", "GET /items/a%00b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an encoded line break", "GET /items/a%0d%0ab HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a broken escape", "GET /items/a%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an escape cut short", "GET /items/a%4 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a path that is not UTF-8", "GET /items/%ff HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a query that is not UTF-8", "GET /hello?q=%c0%af HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an encoded NUL in the query", "GET /hello?q=%00 HTTP/1.1\r\nHost: a\r\n\r\n"},

        // Chunks.
        {"a chunk size with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n")},
        {"a signed chunk size", chunked("+5\r\nhello\r\n0\r\n\r\n")},
        {"a negative chunk size", chunked("-5\r\nhello\r\n0\r\n\r\n")},
        {"no chunk size", chunked("\r\nhello\r\n0\r\n\r\n")},
        {"a chunk size of 17 digits", chunked("00000000000000005\r\nhello\r\n0\r\n\r\n")},
        {"a blank behind the chunk size", chunked("5 \r\nhello\r\n0\r\n\r\n")},
        {"a blank before the chunk size", chunked(" 5\r\nhello\r\n0\r\n\r\n")},
        {"a chunk line ended by a line feed", chunked("5\nhello\r\n0\r\n\r\n")},
        {"a chunk line ended by a carriage return", chunked("5\rhello\r\n0\r\n\r\n")},
        {"chunk data without its line break", chunked("5\r\nhello0\r\n\r\n")},
        {"chunk data ended by a line feed", chunked("5\r\nhello\n0\r\n\r\n")},
        {"a line feed in a chunk extension", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n")},
        {"a carriage return in a chunk extension", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")},
        {"a NUL in a chunk extension", chunked("5;a\0b\r\nhello\r\n0\r\n\r\n"sv)},
        {"a chunk extension without end", chunked("5;" + std::string(300, 'a') + "\r\nhello\r\n0\r\n\r\n")},
        {"a trailer", chunked("5\r\nhello\r\n0\r\nAuthorization: x\r\n\r\n")},
        {"a trailer with a length", chunked("5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n")},
        {"a last chunk ended by a line feed", chunked("5\r\nhello\r\n0\r\n\n")},

        // Other protocols.
        {"a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s},
        {"the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"noise", "\x80\xff\x00\x01\xfe"s},
    };
}

class refused : public testing::TestWithParam<sample> {};

void expect_refused(raw_client& client, const std::string& name) {
    client.read_until_closed();
    const auto answer = client.read_reply();
    ASSERT_TRUE(answer) << name;
    EXPECT_EQ(answer->status, 400) << name;
    EXPECT_EQ(answer->one("Connection"), "close") << name;
    EXPECT_EQ(answer->one("Content-Type"), "application/problem+json") << name;
    EXPECT_NE(answer->body.find("\"error_id\":\""), std::string::npos) << name;
    EXPECT_EQ(client.held(), "") << name << ": something behind it was answered";
    EXPECT_FALSE(client.was_reset()) << name;
}

TEST_P(refused, With400AndCloseAndNothingBehindItIsRead) {
    test_server server;
    const auto& [name, bytes] = GetParam();
    {
        raw_client client{server.port()};
        client.try_send(bytes + std::string{smuggled});
        expect_refused(client, name);
    }
    {
        raw_client client{server.port()};
        client.dribble(bytes);
        client.dribble(smuggled);
        expect_refused(client, name);
    }
    EXPECT_EQ(server.await_refusals(2), (std::vector<unsigned>{400, 400}));
    EXPECT_EQ(server.exchanges_so_far(), 0U);
}

INSTANTIATE_TEST_SUITE_P(corpus, refused, testing::ValuesIn(refused_samples()), [](const auto& tested) {
    std::string name;
    for (const char c : tested.param.name)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name + "_" + std::to_string(tested.index);
});

TEST(corpus, GetWithABodyIsReadWhole) {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").body, "hello");  // the first answer
    EXPECT_EQ(client.read_reply()->status, 200);
    EXPECT_EQ(server.await_exchanges(2)[1].target, "/hello");
}

TEST(corpus, AMethodInLowerCaseIsUnknown) {
    test_server server;
    raw_client client{server.port()};
    client.send("get /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read_reply()->status, 501);
    EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace rondo::http::test
