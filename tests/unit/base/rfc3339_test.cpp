#include "base/rfc3339.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace rondo {
namespace {

using namespace std::chrono_literals;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr auto feb_8 = std::chrono::year{2026} / 2 / 8;

TEST(rfc3339, TellsADayAWallClockTimeAndAnInstantApart) {
    EXPECT_EQ(parse_date_or_time("2026-02-08"), date_or_time{local_days{feb_8}});
    EXPECT_EQ(parse_date_or_time("2026-02-08T09:00"), date_or_time{local_seconds{local_days{feb_8} + 9h}});
    EXPECT_EQ(parse_date_or_time("2026-02-08T09:00Z"), date_or_time{instant{sys_days{feb_8} + 9h}});
}

TEST(rfc3339, ReadsEveryFormOfAWallClockTime) {
    const date_or_time expected{local_seconds{local_days{feb_8} + 9h + 30s}};
    for (const auto* text : {"2026-02-08T09:00:30", "2026-02-08t09:00:30", "2026-02-08 09:00:30",
                             "2026-02-08T09:00:30.0", "2026-02-08T09:00:30.999", "2026-02-08T09:00:30.123456789"})
        EXPECT_EQ(parse_date_or_time(text), expected) << text;
}

TEST(rfc3339, ReadsEveryFormOfAnInstant) {
    const instant nine = sys_days{feb_8} + 9h;
    const std::pair<const char*, instant> cases[] = {
        {"2026-02-08T09:00:00Z", nine},
        {"2026-02-08 09:00z", nine},
        {"2026-02-08T09:00:00-00:00", nine},
        {"2026-02-08T10:00:00+01:00", nine},
        {"2026-02-08T05:30-03:30", nine},
        {"2026-02-07T09:01:00-23:59", nine},
        {"2026-02-09T08:59:00+23:59", nine},
        {"2026-02-08T09:00:00.5Z", nine + 500ms},
        {"2026-02-08T09:00:00.05Z", nine + 50ms},
        {"2026-02-08T09:00:00.0019999999999999999999999Z", nine + 1ms},
        {"2026-02-08T08:59:59.999Z", nine - 1ms},
        {"1969-12-31T23:59:59.999Z", instant{-1ms}},
        {"2024-02-29T00:00:00Z", sys_days{std::chrono::year{2024} / 2 / 29}},
        {"0001-01-01T00:00:00Z", sys_days{std::chrono::year{1} / 1 / 1}},
        {"9999-12-31T23:59:59.999Z", sys_days{std::chrono::year{9999} / 12 / 31} + 24h - 1ms},
    };
    for (const auto& [text, expected] : cases)
        EXPECT_EQ(parse_instant(text), expected) << text;
}

TEST(rfc3339, RefusesWhatIsNoDateOrTime) {
    for (const auto* text : {"",
                             " ",
                             "today",
                             "2026",
                             "2026-02",
                             "2026-02-8",
                             "26-02-08",
                             "2026/02/08",
                             "20260208",
                             "2026-02-08 ",
                             " 2026-02-08",
                             "2026-00-01",
                             "2026-13-01",
                             "2026-02-00",
                             "2026-02-30",
                             "2026-04-31",
                             "2025-02-29",
                             "1900-02-29",
                             "0000-01-01",
                             "10000-01-01",
                             "-2026-02-08",
                             "+2026-02-08",
                             "2026-02-08T",
                             "2026-02-08T9:00",
                             "2026-02-08T09",
                             "2026-02-08T09:0",
                             "2026-02-08T09:00:",
                             "2026-02-08T09:00:0",
                             "2026-02-08T09:00:00.",
                             "2026-02-08T09:00:00,5",
                             "2026-02-08T24:00",
                             "2026-02-08T09:60",
                             "2026-02-08T09:00:61",
                             "2026-12-31T23:59:61Z",
                             "2026-12-31T23:60:60Z",
                             "2026-02-08T09:00.5",
                             "2026-02-08Z",
                             "2026-02-08+01:00",
                             "2026-02-08T09:00 Z",
                             "2026-02-08T09:00ZZ",
                             "2026-02-08T09:00+1:00",
                             "2026-02-08T09:00+01",
                             "2026-02-08T09:00+0100",
                             "2026-02-08T09:00+24:00",
                             "2026-02-08T09:00+01:60",
                             "2026-02-08T09:00+01:00:00",
                             "2026-02-08T09:00 +01:00",
                             "2026-02-08T09:00Z[Europe/Berlin]",
                             "2026-W06-7",
                             "2026-039",
                             "2026-02-08T-9:00",
                             "2026-02-08T09:00:00.-5Z",
                             "２０２６-02-08",
                             "2026-02-08T09:00:00.5.5Z"})
        EXPECT_FALSE(parse_date_or_time(text)) << text;
    EXPECT_FALSE(parse_date_or_time(std::string_view{"2026-02-08\0", 11}));
}

TEST(rfc3339, ReadsALeapSecondAsTheSecondBefore) {
    for (const auto& [given, read] :
         std::vector<std::pair<std::string, std::string>>{{"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"},
                                                          {"2016-12-31T23:59:60.000Z", "2016-12-31T23:59:59.000Z"},
                                                          {"2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.500Z"},
                                                          {"2017-01-01T00:59:60+01:00", "2016-12-31T23:59:59.000Z"},
                                                          {"2016-12-31T18:59:60-05:00", "2016-12-31T23:59:59.000Z"},
                                                          {"2015-06-30T23:59:60z", "2015-06-30T23:59:59.000Z"},
                                                          {"2026-02-08T09:00:60Z", "2026-02-08T09:00:59.000Z"}}) {
        const auto found = parse_instant(given);
        ASSERT_TRUE(found) << given;
        EXPECT_EQ(format_instant(*found), read) << given;
    }
    EXPECT_EQ(parse_date_or_time("2026-02-08T09:00:60"), date_or_time{local_seconds{local_days{feb_8}} + 9h + 59s});
}

TEST(rfc3339, RefusesAnInstantWithoutAnOffset) {
    EXPECT_FALSE(parse_instant("2026-02-08"));
    EXPECT_FALSE(parse_instant("2026-02-08T09:00:00"));
}

TEST(rfc3339, WritesInstantsWithMillisecondsAndZ) {
    EXPECT_EQ(format_instant(sys_days{feb_8} + 9h), "2026-02-08T09:00:00.000Z");
    EXPECT_EQ(format_instant(sys_days{feb_8} + 9h + 7ms), "2026-02-08T09:00:00.007Z");
    EXPECT_EQ(format_instant(instant{-1ms}), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(format_instant(sys_days{std::chrono::year{1} / 1 / 1}), "0001-01-01T00:00:00.000Z");
    EXPECT_EQ(format_instant(sys_days{std::chrono::year{9999} / 12 / 31} + 24h - 1ms), "9999-12-31T23:59:59.999Z");
}

TEST(rfc3339, WritesDaysAndWallClocks) {
    EXPECT_EQ(format_date(local_days{feb_8}), "2026-02-08");
    EXPECT_EQ(format_wall(local_days{feb_8} + 9h, 1h), "2026-02-08T09:00:00+01:00");
    EXPECT_EQ(format_wall(local_days{feb_8} + 9h + 5s, 0s), "2026-02-08T09:00:05+00:00");
    EXPECT_EQ(format_wall(local_days{feb_8} + 9h, -(3h + 30min)), "2026-02-08T09:00:00-03:30");
    EXPECT_EQ(format_wall(local_days{feb_8} + 9h, -30min), "2026-02-08T09:00:00-00:30");
}

TEST(rfc3339, WritesAnOffsetWithSecondsAsTheSameInstant) {
    for (const auto& [offset, text] : {std::pair{53min + 28s, "1890-01-01T09:00:32+00:54"},
                                       std::pair{-(4h + 56min + 2s), "1890-01-01T09:00:02-04:56"}}) {
        const local_seconds wall = local_days{std::chrono::year{1890} / 1 / 1} + 9h;
        EXPECT_EQ(format_wall(wall, offset), text);
        EXPECT_EQ(parse_instant(text), instant{wall.time_since_epoch() - offset});
    }
}

TEST(rfc3339, ReadsBackWhatItWrites) {
    std::mt19937_64 random{7};
    std::uniform_int_distribution<std::int64_t> some_ms{-62'135'596'800'000, 253'402'300'799'999};  // years 1 to 9999
    std::uniform_int_distribution<int> some_offset{-14 * 60, 14 * 60};
    for (int i = 0; i < 20'000; ++i) {
        const instant at{milliseconds{some_ms(random)}};
        ASSERT_EQ(parse_instant(format_instant(at)), at);
        const minutes offset{some_offset(random)};
        const local_seconds wall{floor<seconds>(at).time_since_epoch()};
        const local_seconds inside = std::clamp(wall, local_seconds{local_days{std::chrono::year{1} / 1 / 2}},
                                                local_seconds{local_days{std::chrono::year{9999} / 12 / 30}});
        ASSERT_EQ(parse_instant(format_wall(inside, offset)), instant{inside.time_since_epoch() - offset});
        const auto day = floor<std::chrono::days>(wall);
        ASSERT_EQ(parse_date_or_time(format_date(day)), date_or_time{day});
    }
}

}  // namespace
}  // namespace rondo
