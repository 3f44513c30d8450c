#include "telemetry/otlp/exporter.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "telemetry/otlp/span_json.hpp"

namespace rondo::otlp {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using tcp = boost::asio::ip::tcp;

span some_span(std::string name = "GET /api/tasks") {
    return {.traceparent = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
            .parent_id = "b7ad6b7169203331",
            .name = std::move(name),
            .kind = span_kind::server,
            .start = std::chrono::system_clock::time_point{1'770'541'200s},
            .took = 1'500us,
            .attributes = {{.name = "http.route", .value = "/api/\"tasks\"\n"},
                           {.name = "http.response.status_code", .value = 200}},
            .failed = true};
}

TEST(export_request, IsOtlpInJson) {
    const std::vector spans{some_span(), some_span("second")};
    const auto request = boost::json::parse(to_export_request(spans, {{"service.name", "todo"}}));
    const auto& resource = request.at("resourceSpans").at(0);
    EXPECT_EQ(resource.at("resource").at("attributes").at(0).at("key"), "service.name");
    EXPECT_EQ(resource.at("resource").at("attributes").at(0).at("value").at("stringValue"), "todo");
    const auto& told = resource.at("scopeSpans").at(0).at("spans");
    ASSERT_EQ(told.as_array().size(), 2U);
    const auto& first = told.at(0);
    EXPECT_EQ(first.at("traceId"), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(first.at("spanId"), "00f067aa0ba902b7");
    EXPECT_EQ(first.at("parentSpanId"), "b7ad6b7169203331");
    EXPECT_EQ(first.at("name"), "GET /api/tasks");
    EXPECT_EQ(first.at("kind"), 2);
    EXPECT_EQ(first.at("startTimeUnixNano"), "1770541200000000000");
    EXPECT_EQ(first.at("endTimeUnixNano"), "1770541200001500000");
    EXPECT_EQ(first.at("attributes").at(0).at("value").at("stringValue"), "/api/\"tasks\"\n");
    EXPECT_EQ(first.at("attributes").at(1).at("value").at("intValue"), "200");
    EXPECT_EQ(first.at("status").at("code"), 2);
}

namespace asio = boost::asio;

/// A collector that answers as it is told and keeps what it was sent. An empty answer: none, ever.
class fake_collector {
public:
    explicit fake_collector(std::function<std::string(std::size_t)> answer) : answer_{std::move(answer)} {
        asio::co_spawn(io_, accept(), asio::detached);
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~fake_collector() {
        io_.stop();
        thread_.join();
    }

    settings address() const {
        settings made;
        made.host = "127.0.0.1";
        made.port = std::to_string(acceptor_.local_endpoint().port());
        made.target = "/v1/traces";
        made.timeout = 5s;
        made.headers = {{"x-tenant", "1"}};
        made.resource = {{"service.name", "rondo"}};
        return made;
    }
    /// The requests so far, once there are as many.
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock{mutex_};
        arrived_.wait_for(lock, 20s, [&] { return requests_.size() >= count; });
        return requests_;
    }

private:
    asio::awaitable<void> accept() {
        for (;;)
            asio::co_spawn(io_, serve(co_await acceptor_.async_accept(asio::use_awaitable)), asio::detached);
    }
    asio::awaitable<void> serve(tcp::socket socket) {
        std::string request;
        const auto head =
            co_await asio::async_read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", asio::use_awaitable);
        const auto length = std::stoul(request.substr(request.find("Content-Length: ") + 16));
        co_await asio::async_read(socket, asio::dynamic_buffer(request),
                                  asio::transfer_exactly(head + length - request.size()), asio::use_awaitable);
        std::string answer;
        {
            const std::lock_guard lock{mutex_};
            requests_.push_back(request);
            answer = answer_(requests_.size());
        }
        arrived_.notify_all();
        if (answer.empty()) {
            char byte;
            co_await socket.async_read_some(asio::buffer(&byte, 1), asio::use_awaitable);
        }
        co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
    }

    std::function<std::string(std::size_t)> answer_;
    asio::io_context io_;
    tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

std::size_t spans_in(const std::string& request) {
    const auto body = boost::json::parse(request.substr(request.find("\r\n\r\n") + 4));
    return body.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").as_array().size();
}

TEST(exporter, PostsSpansToTheCollector) {
    fake_collector collector{[](std::size_t) { return ok; }};
    exporter out{collector.address()};
    out.add(some_span());
    out.add(some_span());
    const auto requests = collector.wait_for(1);
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_TRUE(requests[0].starts_with("POST /v1/traces HTTP/1.1\r\n"));
    EXPECT_THAT(requests[0], HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(requests[0], HasSubstr("x-tenant: 1\r\n"));
    EXPECT_EQ(spans_in(requests[0]), 2U);
    EXPECT_EQ(out.dropped(), 0U);
}

TEST(exporter, SendsWhatWaitsWhenItEnds) {
    fake_collector collector{[](std::size_t) { return ok; }};
    {
        exporter out{collector.address()};
        for (std::size_t i = 0; i < spans_per_export_max + 10; ++i)
            out.add(some_span());
    }
    std::size_t spans = 0;
    for (const auto& request : collector.wait_for(2)) {
        EXPECT_LE(spans_in(request), spans_per_export_max);
        spans += spans_in(request);
    }
    EXPECT_EQ(spans, spans_per_export_max + 10);
}

TEST(exporter, TriesAgainWhenTheCollectorIsBusy) {
    fake_collector collector{[](std::size_t n) { return n == 1 ? "HTTP/1.1 503 Busy\r\n\r\n" : ok; }};
    exporter out{collector.address()};
    out.add(some_span());
    const auto requests = collector.wait_for(2);
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0], requests[1]);
}

TEST(exporter, DropsAndCountsWhatTheCollectorRefusesAndGoesOn) {
    fake_collector collector{[](std::size_t n) { return n == 1 ? "HTTP/1.1 400 Bad\r\n\r\n" : ok; }};
    exporter out{collector.address()};
    out.add(some_span("refused"));
    collector.wait_for(1);
    out.add(some_span("taken"));
    const auto requests = collector.wait_for(2);
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_THAT(requests[1], HasSubstr("taken"));
    EXPECT_EQ(out.dropped(), 1U);
}

TEST(exporter, NeverWaitsAndEndsPromptlyWhenTheCollectorHangs) {
    fake_collector collector{[](std::size_t) { return std::string{}; }};
    auto to = collector.address();
    to.timeout = 60s;
    auto out = std::make_unique<exporter>(to);
    out->add(some_span());
    collector.wait_for(1);
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < 2 * spans_waiting_max; ++i)
        out->add(some_span());
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
    EXPECT_EQ(out->dropped(), spans_waiting_max);
    const auto ending = std::chrono::steady_clock::now();
    out.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - ending, export_patience_at_end + 1s);
}

TEST(exporter, OutlivesACollectorThatIsNotThere) {
    settings nowhere;
    nowhere.host = "127.0.0.1";
    nowhere.port = "1";
    nowhere.target = "/v1/traces";
    exporter out{nowhere};
    out.add(some_span());
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (out.dropped() == 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_EQ(out.dropped(), 1U);
}

}  // namespace
}  // namespace rondo::otlp
