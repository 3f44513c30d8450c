// Requests in every form that RFC 9110 and RFC 9112 ask a server to read, however their bytes arrive.
#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "raw_client.hpp"
#include "test_server.hpp"

namespace rondo::http::test {
namespace {

struct form {
    std::string name;
    std::string bytes;
    std::string body;        ///< of the answer
    std::string target;      ///< as the handler sees it
    bool stays = true;       ///< whether the connection does
    unsigned status = 200;

    friend void PrintTo(const form& one, std::ostream* out) { *out << one.name; }
};

std::string get(std::string_view target, std::string_view version = "HTTP/1.1",
                std::string_view fields = "Host: a\r\n") {
    return "GET " + std::string{target} + " " + std::string{version} + "\r\n" + std::string{fields} + "\r\n";
}

std::string post(std::string_view version, std::string_view fields, std::string_view body) {
    return "POST /echo " + std::string{version} + "\r\n" + std::string{fields} + "\r\n" + std::string{body};
}

constexpr std::string_view kept = "Connection: keep-alive\r\n";

std::vector<form> forms() {
    const std::string keep{kept};
    return {
        // HTTP/1.0: no Host needed, and the connection closes unless it is asked to stay (RFC 9112, 3.2 and 9.3).
        {"1.0 without Host", get("/hello", "HTTP/1.0", ""), "hello", "/hello", false},
        {"1.0 with Host", get("/hello", "HTTP/1.0"), "hello", "/hello", false},
        {"1.0 without Host that stays", get("/hello", "HTTP/1.0", keep), "hello", "/hello"},
        {"1.0 that says both", get("/hello", "HTTP/1.0", "Connection: keep-alive, close\r\n"), "hello", "/hello",
         false},
        {"1.0 with a body", post("HTTP/1.0", keep + "Content-Length: 5\r\n", "hello"), "hello", "/echo"},
        {"1.0 with a body of no bytes", post("HTTP/1.0", keep + "Content-Length: 0\r\n", ""), "", "/echo"},
        {"1.0 with no length", post("HTTP/1.0", keep, ""), "", "/echo"},
        {"1.0 that expects to go on", post("HTTP/1.0", keep + "Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"),
         "hello", "/echo"},
        {"1.0 with the absolute form and no Host", get("http://b/host", "HTTP/1.0", keep), "b", "/host"},

        // Minor versions to come are read as 1.1 (RFC 9110, 2.5).
        {"1.2", get("/hello", "HTTP/1.2"), "hello", "/hello"},
        {"1.3", get("/hello", "HTTP/1.3"), "hello", "/hello"},
        {"1.4", get("/hello", "HTTP/1.4"), "hello", "/hello"},
        {"1.5 chunked", post("HTTP/1.5", "Host: a\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
         "hello", "/echo"},
        {"1.6 with a body", post("HTTP/1.6", "Host: a\r\nContent-Length: 5\r\n", "hello"), "hello", "/echo"},
        {"1.7 that closes", get("/hello", "HTTP/1.7", "Host: a\r\nConnection: close\r\n"), "hello", "/hello", false},
        {"1.8 with the absolute form", get("http://a/hello", "HTTP/1.8"), "hello", "/hello"},
        {"1.9", get("/hello", "HTTP/1.9"), "hello", "/hello"},

        // The absolute form: its host stands for Host (RFC 9112, 3.2.2).
        {"http", get("http://a/hello"), "hello", "/hello"},
        {"https", get("https://a/hello"), "hello", "/hello"},
        {"a scheme in capitals", get("HTTP://a/hello"), "hello", "/hello"},
        {"another host", get("http://b.example/host"), "b.example", "/host"},
        {"a port", get("http://a:8080/host"), "a:8080", "/host"},
        {"an empty port", get("http://a:/hello"), "hello", "/hello"},
        {"IPv4", get("http://127.0.0.1:80/host"), "127.0.0.1:80", "/host"},
        {"IPv6", get("http://[2001:db8::1]/host"), "[2001:db8::1]", "/host"},
        {"IPv6 with a port", get("http://[::1]:8000/host"), "[::1]:8000", "/host"},
        {"IPv6 with IPv4 in it", get("http://[::ffff:10.0.0.1]/hello"), "hello", "/hello"},
        {"an encoded host", get("http://b%C3%BCcher.example/hello"), "hello", "/hello"},
        {"a query", get("http://a/hello?x=%20&y=http://z/"), "hello", "/hello?x=%20&y=http://z/"},
        {"a URL as a path", get("http://a/items/http:"), "http:", "/items/http:"},
        {"no path", get("http://a"), "root ", "/"},
        {"no path with a port", get("http://a:80"), "root ", "/"},
        {"no path with a query", get("http://a?x=1"), "root 1", "/?x=1"},
        {"a slash alone", get("http://a/"), "root ", "/"},
        {"a body with the absolute form", "POST http://a/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
         "hello", "/echo"},
        {"the origin form keeps its Host", get("/host", "HTTP/1.1", "Host: [::1]:80\r\n"), "[::1]:80", "/host"},
        {"a path that begins with two slashes is none", get("//b/hello"), "", "//b/hello", true, 404},
        {"an unknown path in the absolute form", get("http://a/nothing"), "", "/nothing", true, 404},
        {"OPTIONS of the server", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "", "*", true, 204},
        {"OPTIONS of the server in the absolute form", "OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n", "", "*", true,
         204},
        {"OPTIONS of the server by its port", "OPTIONS http://a:8001 HTTP/1.1\r\nHost: a\r\n\r\n", "", "*", true, 204},
        {"OPTIONS of the root", "OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "", "/", true, 204},
        {"OPTIONS of a path in the absolute form", "OPTIONS http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n", "", "/hello",
         true, 204},

        // One empty line before the request line (RFC 9112, 2.2).
        {"an empty line", "\r\n" + get("/hello"), "hello", "/hello"},
        {"an empty line before 1.0", "\r\n" + get("/hello", "HTTP/1.0", keep), "hello", "/hello"},
        {"an empty line before 1.2", "\r\n" + get("/hello", "HTTP/1.2"), "hello", "/hello"},
        {"an empty line before the absolute form", "\r\n" + get("http://a/hello"), "hello", "/hello"},
        {"an empty line before a body", "\r\n" + post("HTTP/1.1", "Host: a\r\nContent-Length: 5\r\n", "hello"), "hello",
         "/echo"},
        {"an empty line before chunks",
         "\r\n" + post("HTTP/1.1", "Host: a\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), "hello",
         "/echo"},
        {"a body that is an empty line", post("HTTP/1.1", "Host: a\r\nContent-Length: 2\r\n", "\r\n"), "\r\n", "/echo"},
    };
}

const std::string hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

class read_forms : public testing::TestWithParam<form> {
protected:
    /// The answer to the form, and then that the connection is where it should be.
    static void expect_answer(raw_client& client) {
        const form& asked = GetParam();
        const auto got = client.read_reply();
        ASSERT_TRUE(got) << asked.name;
        EXPECT_EQ(got->status, asked.status) << asked.name << ": " << got->body;
        if (asked.status == 200) {
            EXPECT_EQ(got->body, asked.body);
        }
        const bool is_1_0 = asked.bytes.contains(" HTTP/1.0\r\n");
        EXPECT_EQ(got->one("Connection"), !asked.stays ? "close" : is_1_0 ? "keep-alive" : "");
        EXPECT_TRUE(got->all("Transfer-Encoding").empty());
    }
    static void expect_end(raw_client& client) {
        if (GetParam().stays)
            EXPECT_EQ(client.ask(hello).body, "hello");
        else
            EXPECT_TRUE(client.is_closed());
    }
};

TEST_P(read_forms, WholeAndByteByByteAndCutAnywhere) {
    test_server server;
    const std::string& bytes = GetParam().bytes;
    {
        raw_client client{server.port()};
        client.send(bytes);
        expect_answer(client);
        expect_end(client);
    }
    EXPECT_EQ(server.await_exchanges(1).at(0).target, GetParam().target);
    {
        raw_client client{server.port()};
        ASSERT_TRUE(client.dribble(bytes));
        expect_answer(client);
        expect_end(client);
    }
    std::optional<raw_client> client;
    for (std::size_t split = 1; split < bytes.size(); ++split) {
        if (!client || !GetParam().stays)
            client.emplace(server.port());
        client->send(std::string_view{bytes}.substr(0, split));
        client->send(std::string_view{bytes}.substr(split));
        expect_answer(*client);
    }
    expect_end(*client);
}

TEST_P(read_forms, PipelinedBehindOthersAndBeforeOthers) {
    test_server server;
    raw_client client{server.port()};
    const std::string with_body = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    const std::string chunked =
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
    const std::string& bytes = GetParam().bytes;
    if (!GetParam().stays) {
        client.send(with_body + bytes + hello);
        EXPECT_EQ(client.read_reply()->body, "body");
        expect_answer(client);
        EXPECT_TRUE(client.is_closed()) << "what lies behind the last request is not read";
        return;
    }
    client.send(with_body + bytes + chunked + bytes + bytes + hello);
    EXPECT_EQ(client.read_reply()->body, "body");
    expect_answer(client);
    EXPECT_EQ(client.read_reply()->body, "body");
    expect_answer(client);
    expect_answer(client);
    EXPECT_EQ(client.read_reply()->body, "hello");
}

INSTANTIATE_TEST_SUITE_P(each, read_forms, testing::ValuesIn(forms()), [](const auto& tested) {
    std::string name;
    for (const char c : tested.param.name)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name + "_" + std::to_string(tested.index);
});

TEST(empty_lines, BetweenTwoRequestsAreOneEach) {
    test_server server;
    raw_client client{server.port()};
    client.send("\r\n" + hello + "\r\n" + hello + "\r\n" + hello);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(client.read_reply()->body, "hello");
    client.send("\r\n\r\n" + hello);
    EXPECT_EQ(client.read_reply()->status, 400U);
    EXPECT_TRUE(client.is_closed());
}

TEST(empty_lines, BehindABodyLeaveTheConnectionIdle) {
    using namespace std::chrono_literals;
    server_options options;
    options.bounds.header_deadline = 400ms;
    options.bounds.idle_max = 20s;
    test_server server{options};
    raw_client client{server.port()};
    EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody\r\n").body, "body");
    // Another connection's header is late at the deadline; by then this one would be, too.
    for (int i = 0; i < 2; ++i) {
        raw_client late{server.port()};
        EXPECT_EQ(late.ask("GET").status, 408U);
    }
    EXPECT_FALSE(client.is_readable()) << "nobody asked anything";
    EXPECT_EQ(client.ask(hello).body, "hello");
}

TEST(empty_lines, DoNotKeepADrainingServer) {
    test_server server;
    raw_client client{server.port()};
    EXPECT_EQ(client.ask(hello + "\r\n").body, "hello");
    server.engine().begin_drain();
    EXPECT_TRUE(client.is_closed());
}

TEST(http_1_0, StreamsEndWithTheConnection) {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /stream/ends HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    client.read_until_closed();
    const std::string all{client.held()};
    EXPECT_NE(all.find("\r\nConnection: close\r\n"), std::string::npos) << all;
    EXPECT_EQ(all.find("Transfer-Encoding"), std::string::npos) << all;
    EXPECT_TRUE(all.ends_with("\r\n\r\none\ntwo\n")) << all;
}

}  // namespace
}  // namespace rondo::http::test
