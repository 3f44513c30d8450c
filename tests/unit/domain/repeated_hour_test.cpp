// Due dates in an hour that a clock shows twice.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/made_tasks.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::changed;
using test::made;
using test::when;
using test::zone;

// Where the clocks go back, an instant is one of two times that are written alike (PEP 495).
TEST(due_date, OfAnInstantThatComesTwiceIsThatOne) {
    struct twice {
        const char* zone;
        const char* first;
        const char* second;
    };
    constexpr twice cases[]{
        {"Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"},
        {"Europe/Berlin", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"},
        {"Europe/Berlin", "2026-10-25T02:59:59+02:00", "2026-10-25T02:59:59+01:00"},
        {"America/New_York", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"},
        {"Australia/Lord_Howe", "2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30"},
        {"America/Havana", "2025-11-02T00:15:00-04:00", "2025-11-02T00:15:00-05:00"},
        {"Antarctica/Troll", "2026-10-25T01:30:00+02:00", "2026-10-25T01:30:00+00:00"},
        {"Pacific/Kwajalein", "1969-09-30T12:00:00+11:00", "1969-09-30T12:00:00-12:00"},
    };
    for (const twice& one : cases) {
        const time_zone where = zone(one.zone);
        for (const char* given : {one.first, one.second}) {
            const task before = made({.due_date = when(given), .zone = where, .type = recurring_type::daily});
            ASSERT_TRUE(before.due);
            EXPECT_EQ(due_text(*before.due, where), given) << one.zone;
            EXPECT_EQ(due_instant(*before.due, where), at(given));
            EXPECT_EQ(before.due->second, given == one.second);
            // Given back, in whatever offset, it is no change; the other of the two is one.
            EXPECT_EQ(changed(before, {.due_date = when(given)}), before);
            EXPECT_EQ(changed(before, {.due_date = when(format_instant(at(given)))}), before);
            const char* other = given == one.first ? one.second : one.first;
            EXPECT_EQ(due_text(*changed(before, {.due_date = when(other)}).due, where), other);
            // Those after it are not the second of anything.
            const auto next = next_occurrence(before.repeat, occurrence_of(before), at(given));
            ASSERT_TRUE(next);
            EXPECT_FALSE(next->at.second || next->series_start.second);
            EXPECT_EQ(next->at.wall, before.due->wall + 24h);
            EXPECT_FALSE(before.series_start->second);
        }
        // Without an offset it is the first.
        const std::string wall = std::string{one.first}.substr(0, 19);
        EXPECT_EQ(due_text(*made({.due_date = when(wall), .zone = where}).due, where), one.first);
        // Moved there alone, and back.
        const task first = made({.due_date = when(one.second), .zone = where, .type = recurring_type::daily});
        const task moved = changed(first, {.due_date = when("2026-12-01T09:00"), .scope = edit_scope::occurrence});
        EXPECT_EQ(moved.moved_from, first.due);
        EXPECT_EQ(changed(moved, {.due_date = when(one.second), .scope = edit_scope::occurrence}), first);
    }
}

TEST(due_date, InAnotherZoneKeepsTheWallClockThoughItComesOnce) {
    const task before = made({.due_date = when("2026-10-25T01:30:00Z"), .zone = zone("Europe/Berlin")});
    const task after = changed(before, {.zone = zone("Asia/Tokyo")});
    EXPECT_EQ(due_text(*after.due, after.zone), "2026-10-25T02:30:00+09:00");
    EXPECT_EQ(due_instant(*after.due, after.zone), at("2026-10-24T17:30:00Z"));
}

}  // namespace
}  // namespace rondo
