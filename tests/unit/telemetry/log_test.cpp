#include "telemetry/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "telemetry/log_line.hpp"

namespace rondo {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr instant nine{std::chrono::milliseconds{1'770'541'200'000}};  // 2026-02-08T09:00:00Z

std::string json_line(std::string_view message, std::initializer_list<log_field> fields = {}) {
    return compose_log_line(log_format::json_lines, log_level::info, nine, message, fields);
}

std::string readable_line(std::string_view message, std::initializer_list<log_field> fields = {}) {
    return compose_log_line(log_format::readable, log_level::warning, nine, message, fields);
}

TEST(log_line, IsAJsonObjectWithTheFields) {
    EXPECT_EQ(
        json_line("Created recurring task", {{"task_id", "17"}, {"trace_id", "ab"}}),
        R"({"time":"2026-02-08T09:00:00.000Z","level":"info","message":"Created recurring task","task_id":"17","trace_id":"ab"})"
        "\n");
}

TEST(log_line, LeavesOutEmptyFields) {
    EXPECT_THAT(json_line("x", {{"error", ""}}), Not(HasSubstr("error")));
    EXPECT_THAT(readable_line("x", {{"error", ""}}), Not(HasSubstr("error")));
}

TEST(log_line, IsReadableInDevelopment) {
    EXPECT_EQ(readable_line("Events not published", {{"transport", "embedded"}, {"reason", "disk full"}}),
              "2026-02-08T09:00:00.000Z warning Events not published transport=embedded reason=\"disk full\"\n");
}

class hostile_text : public testing::TestWithParam<std::string> {};

TEST_P(hostile_text, StaysOnOneLineAndSteersNoTerminal) {
    const std::string& text = GetParam();
    for (const auto& line : {json_line(text, {{"field", text}}), readable_line(text, {{"field", text}})}) {
        ASSERT_FALSE(line.empty());
        EXPECT_EQ(line.find_first_of("\n\r"), line.size() - 1) << line;
        for (const char c : line.substr(0, line.size() - 1))
            EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << line;
        for (const std::string mark :
             {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xae", "\xe2\x81\xa6", "\xc2\x85", "\xc2\x9b"})
            EXPECT_THAT(line, Not(HasSubstr(mark)));
    }
    boost::json::error_code failed;
    const auto value = boost::json::parse(json_line(text, {{"field", text}}), failed);
    ASSERT_FALSE(failed) << failed.message();
    EXPECT_EQ(value.as_object().size(), 4U);
}

INSTANTIATE_TEST_SUITE_P(all, hostile_text,
                         testing::Values("two\nlines", "crlf\r\n\r\nHTTP/1.1 200 OK", "\",\"level\":\"forged",
                                         "back\\slash\\", std::string{"nul\0inside", 10}, "\x1b[2Jcleared",
                                         "tab\tand\x7f", "c1 \xc2\x9b[2J", "\xe2\x80\xa8 line separator \xe2\x80\xa9",
                                         "\xe2\x80\xae reversed \xe2\x81\xa6", "next line \xc2\x85",
                                         "bad \xff\xfe utf8", "overlong \xc0\xaf", "half \xe2\x82",
                                         "surrogate \xed\xa0\x80", "beyond \xf5\x80\x80\x80",
                                         "five \xf8\x88\x80\x80\x80"));

TEST(log_line, KeepsTextOfEveryScript) {
    EXPECT_THAT(json_line("Grüße, 世界 🎉"), HasSubstr("Grüße, 世界 🎉"));
}

/// Standard output led elsewhere for the time of a test.
class redirected_stdout {
public:
    explicit redirected_stdout(int to) : saved_{::dup(STDOUT_FILENO)} {
        std::fflush(stdout);
        ::dup2(to, STDOUT_FILENO);
    }
    ~redirected_stdout() {
        stop_logging();
        ::dup2(saved_, STDOUT_FILENO);
        ::close(saved_);
    }

private:
    int saved_;
};

struct pipe_ends {
    pipe_ends() {
        int both[2];
        if (::pipe2(both, O_CLOEXEC) != 0)
            throw std::runtime_error{"no pipe"};
        out = both[0];
        in = both[1];
    }
    ~pipe_ends() {
        ::close(out);
        close_in();
    }
    void close_in() {
        if (in >= 0)
            ::close(in);
        in = -1;
    }
    std::string read_all() const {
        std::string text;
        char part[4096];
        for (ssize_t got = 0; (got = ::read(out, part, sizeof part)) > 0;)
            text.append(part, static_cast<std::size_t>(got));
        return text;
    }
    int out;
    int in;
};

TEST(logging, WritesEveryLineOfEveryThreadBeforeItStops) {
    pipe_ends to;
    std::string text;
    std::thread reader{[&] { text = to.read_all(); }};
    {
        const redirected_stdout redirected{to.in};
        to.close_in();
        start_logging(log_format::json_lines, log_level::info);
        std::vector<std::thread> writers;
        for (int i = 0; i < 4; ++i)
            writers.emplace_back([] {
                for (int k = 0; k < 500; ++k)
                    log(log_level::info, "line", {{"long", std::string(5000, 'x')}});
            });
        for (auto& writer : writers)
            writer.join();
        log(log_level::debug, "below the least level");
        stop_logging();
    }
    reader.join();
    EXPECT_EQ(std::ranges::count(text, '\n'), 2000);
    EXPECT_THAT(text, Not(HasSubstr("below")));
}

TEST(logging, NeverBlocksOnAStuckReaderAndCountsWhatIsLost) {
    pipe_ends to;
    const redirected_stdout redirected{to.in};
    start_logging(log_format::json_lines, log_level::info);
    const auto before = log_lines_dropped();
    const auto began = std::chrono::steady_clock::now();
    constexpr std::uint64_t lines = 3 * log_lines_waiting_max;
    for (std::uint64_t i = 0; i < lines; ++i)
        log(log_level::info, "nobody reads this", {{"field", std::string(100, 'x')}});
    const auto logged = std::chrono::steady_clock::now();
    stop_logging();
    const auto stopped = std::chrono::steady_clock::now();
    EXPECT_LT(logged - began, std::chrono::seconds{5});
    EXPECT_LT(stopped - logged, std::chrono::seconds{5});

    to.close_in();
    ::close(STDOUT_FILENO);
    const auto written = static_cast<std::uint64_t>(std::ranges::count(to.read_all(), '\n'));
    EXPECT_GT(log_lines_dropped() - before, lines / 2);
    EXPECT_EQ(log_lines_dropped() - before + written, lines);
}

TEST(logging, GoesOnWhenTheDiskIsFullOrTheReaderHasLeft) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    for (const bool reader_left : {false, true}) {
        pipe_ends to;
        const redirected_stdout redirected{reader_left ? to.in : full};
        if (reader_left) {
            ::close(to.out);
            to.out = ::dup(full);
        }
        const auto before = log_lines_dropped();
        start_logging(log_format::json_lines, log_level::info);
        for (int i = 0; i < 10; ++i)
            log(log_level::info, "lost");
        stop_logging();
        EXPECT_EQ(log_lines_dropped() - before, 10U);
    }
    ::close(full);
}

}  // namespace
}  // namespace rondo
