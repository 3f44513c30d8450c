#include "base/time_zone.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/rfc3339.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

time_zone zone(std::string_view name) {
    return time_zone::find(name).value();
}

local_seconds wall(std::string_view text) {
    return std::get<local_seconds>(parse_date_or_time(text).value());
}

sys_seconds at(std::string_view text) {
    return std::chrono::floor<seconds>(parse_instant(text).value());
}

TEST(time_zone, IsFoundByTheDatabasesNamesAndLinks) {
    for (const auto* name :
         {"Europe/Berlin", "America/Argentina/Buenos_Aires", "US/Eastern", "UTC", "GMT", "Etc/GMT+12", "EST5EDT",
          "Asia/Calcutta", "Asia/Kolkata", "Zulu", "America/Port-au-Prince"}) {
        const auto found = time_zone::find(name);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->name(), name);
    }
}

TEST(time_zone, IsNotFoundByAnythingElse) {
    for (const std::string_view name : {"",
                                        " ",
                                        "europe/berlin",
                                        "Europe/berlin",
                                        "EUROPE/BERLIN",
                                        "Europe",
                                        "Europe/",
                                        "Europe/Berlin ",
                                        " Europe/Berlin",
                                        "Europe//Berlin",
                                        "/Europe/Berlin",
                                        "./Europe/Berlin",
                                        "Europe/../Europe/Berlin",
                                        "../zoneinfo/Europe/Berlin",
                                        "/usr/share/zoneinfo/Europe/Berlin",
                                        "file:Europe/Berlin",
                                        ":Europe/Berlin",
                                        "Factory",
                                        "posix/Factory",
                                        "leapseconds",
                                        "leap-seconds.list",
                                        "iso3166.tab",
                                        "localtime",
                                        "localtime:",
                                        "posixrules",
                                        "posix/Europe/Berlin",
                                        "right/Europe/Berlin",
                                        "tzdata.zi",
                                        "zone.tab",
                                        "/etc/passwd",
                                        "CET-1CEST",
                                        "UTC+3",
                                        "Fixed/UTC+01:00:00",
                                        "utc",
                                        "Z",
                                        "+01:00",
                                        "Mars/Olympus"})
        EXPECT_FALSE(time_zone::find(name)) << name;
    EXPECT_FALSE(time_zone::find(std::string_view{"Europe/Berlin\0", 14}));
    EXPECT_FALSE(time_zone::find(std::string(100'000, 'a')));
}

TEST(time_zone, IsUtcUnlessItIsSaidWhich) {
    EXPECT_EQ(time_zone{}.name(), "UTC");
    EXPECT_EQ(time_zone{}, zone("UTC"));
    EXPECT_NE(time_zone{}, zone("Europe/Berlin"));
    EXPECT_EQ(zone("Europe/Berlin"), zone("Europe/Berlin"));
}

TEST(time_zone, NamesAreSortedUniqueAndAllFound) {
    const auto names = time_zone::names();
    EXPECT_GT(names.size(), 400u);
    EXPECT_TRUE(std::ranges::is_sorted(names));
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
    for (const std::string& name : names) {
        const auto found = time_zone::find(name);
        ASSERT_TRUE(found) << name;
        ASSERT_EQ(found->name(), name);
    }
}

struct wall_case {
    const char* zone;
    const char* wall;
    const char* instant;
    wall_kind kind;
};

TEST(time_zone, TurnsAWallClockTimeIntoAnInstant) {
    using enum wall_kind;
    const wall_case cases[] = {
        {"UTC", "2026-03-29T02:30", "2026-03-29T02:30:00Z", unique},
        {"Europe/Berlin", "2026-02-08T09:00", "2026-02-08T08:00:00Z", unique},
        {"Europe/Berlin", "2026-07-08T09:00", "2026-07-08T07:00:00Z", unique},
        // clocks go forward: the gap and both its rims
        {"Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z", unique},
        {"Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00:00Z", skipped},
        {"Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00Z", skipped},
        {"Europe/Berlin", "2026-03-29T02:59:59", "2026-03-29T01:59:59Z", skipped},
        {"Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z", unique},
        // clocks go back: the first of the two
        {"Europe/Berlin", "2025-10-26T01:59:59", "2025-10-25T23:59:59Z", unique},
        {"Europe/Berlin", "2025-10-26T02:00", "2025-10-26T00:00:00Z", repeated},
        {"Europe/Berlin", "2025-10-26T02:59:59", "2025-10-26T00:59:59Z", repeated},
        {"Europe/Berlin", "2025-10-26T03:00", "2025-10-26T02:00:00Z", unique},
        {"America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00Z", skipped},
        {"America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z", repeated},
        {"Australia/Lord_Howe", "2025-10-05T02:10", "2025-10-04T15:40:00Z", skipped},  // half an hour
        {"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z", repeated},
        {"America/Santiago", "2024-09-08T00:15", "2024-09-08T04:15:00Z", skipped},  // at midnight
        {"America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00:00Z", skipped},
        {"Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T02:30:00Z", skipped},  // after Ramadan
        {"Pacific/Apia", "2011-12-30T09:00", "2011-12-30T19:00:00Z", skipped},       // a whole day
        {"Europe/Dublin", "2026-10-25T01:30", "2026-10-25T00:30:00Z", repeated},     // winter is the "saving" there
        {"America/New_York", "2080-03-10T02:30", "2080-03-10T07:30:00Z", skipped},   // beyond the file's table
        {"Europe/Berlin", "9999-07-01T12:00", "9999-07-01T10:00:00Z", unique},
        {"Europe/Berlin", "1890-01-01T00:53:28", "1890-01-01T00:00:00Z", unique},  // local mean time
    };
    for (const wall_case& c : cases) {
        const resolved_wall found = zone(c.zone).to_instant(wall(c.wall));
        EXPECT_EQ(format_instant(found.at), format_instant(at(c.instant))) << c.zone << ' ' << c.wall;
        EXPECT_EQ(found.kind, c.kind) << c.zone << ' ' << c.wall;
    }
}

TEST(time_zone, TellsTheOffsetInForce) {
    EXPECT_EQ(zone("Europe/Berlin").offset_at(at("2026-03-29T00:59:59Z")), 1h);
    EXPECT_EQ(zone("Europe/Berlin").offset_at(at("2026-03-29T01:00:00Z")), 2h);
    EXPECT_EQ(zone("Asia/Kathmandu").offset_at(at("2026-03-29T01:00:00Z")), 5h + 45min);
    EXPECT_EQ(zone("America/St_Johns").offset_at(at("2026-01-01T00:00:00Z")), -(3h + 30min));
    EXPECT_EQ(time_zone{}.offset_at(at("2026-03-29T01:00:00Z")), 0s);
}

// Every zone, at times spread over the years and close to the hours at which clocks change.
TEST(time_zone, ShowsAgainTheWallClockTimeThatBecameTheInstantOutsideGaps) {
    std::mt19937_64 random{11};
    std::uniform_int_distribution<std::int64_t> some_second{-2'208'988'800, 4'102'444'800};  // 1900 to 2100
    for (const std::string& name : time_zone::names()) {
        const time_zone here = zone(name);
        int skipped = 0;
        for (int i = 0; i < 200; ++i) {
            const local_seconds shown{seconds{some_second(random)}};
            const resolved_wall found = here.to_instant(shown);
            const local_seconds again = here.to_wall(found.at);
            skipped += found.kind == wall_kind::skipped;
            if (found.kind == wall_kind::skipped)
                ASSERT_GT(again, shown) << name << ' ' << format_instant(found.at);
            else
                ASSERT_EQ(again, shown) << name << ' ' << format_instant(found.at);
        }
        ASSERT_LT(skipped, 20) << name;
    }
}

TEST(time_zone, NeverShowsATimeThatIsSkipped) {
    std::mt19937_64 random{12};
    std::uniform_int_distribution<std::int64_t> some_second{0, 4'102'444'800};
    for (const auto* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
                             "Pacific/Apia", "America/Santiago", "Asia/Gaza"}) {
        const time_zone here = zone(name);
        for (int i = 0; i < 5'000; ++i) {
            const sys_seconds then{seconds{some_second(random)}};
            const resolved_wall found = here.to_instant(here.to_wall(then));
            ASSERT_NE(found.kind, wall_kind::skipped) << name << ' ' << format_instant(then);
            if (found.kind == wall_kind::unique)
                ASSERT_EQ(found.at, then) << name;
            else
                ASSERT_LE(found.at, then) << name;  // the first of the two
        }
    }
}

TEST(time_zone, IsFoundByManyThreadsAtOnce) {
    const auto names = time_zone::names();
    std::vector<std::jthread> seekers;
    std::atomic<int> found = 0;
    for (int n = 0; n < 4; ++n)
        seekers.emplace_back([&] {
            for (const std::string& name : names)
                found += time_zone::find(name)->name() == name;
        });
    seekers.clear();
    EXPECT_EQ(found, static_cast<int>(4 * names.size()));
}

}  // namespace
}  // namespace rondo
