#include "domain/rrule.hpp"

#include <gtest/gtest.h>

#include "base/rfc3339.hpp"

namespace rondo {
namespace {

using std::chrono::local_seconds;

local_seconds wall(std::string_view text) {
    return std::get<local_seconds>(*parse_date_or_time(text));
}

struct next_case {
    const char* rule;
    const char* start;
    const char* after;
    const char* next;  ///< empty: the rule has no more
};

std::string next_of(const next_case& one) {
    const auto rule = parse_rrule(one.rule);
    if (!rule)
        return rule.error();
    const auto found = next_member(*rule, wall(one.start), wall(one.after), time_zone{});
    return found ? format_wall(*found, std::chrono::seconds{0}).substr(0, 16) : "";
}

TEST(rrule, GivesTheNextMemberOfItsSet) {
    constexpr next_case cases[]{
        {"FREQ=DAILY;INTERVAL=3", "1970-01-01T09:00", "2026-02-03T12:00", "2026-02-06T09:00"},
        {"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-02-06T09:00", "2026-02-06T12:00", "2026-02-09T09:00"},
        {"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=MO", "2019-01-29T08:00", "2019-03-12T08:00", "2019-03-26T08:00"},
        {"FREQ=MONTHLY;BYDAY=2TU", "2026-01-13T09:00", "2026-01-13T12:00", "2026-02-10T09:00"},
        {"FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31T09:00", "2026-01-31T12:00", "2026-02-28T09:00"},
        {"FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31T09:00", "2026-01-31T12:00", "2026-03-31T09:00"},
        {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-30T09:00", "2026-01-30T12:00", "2026-02-27T09:00"},
        {"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-02-13T09:00", "2026-02-13T12:00", "2026-03-13T09:00"},
        {"FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2025-11-27T09:00", "2025-11-27T12:00", "2026-11-26T09:00"},
        {"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "2020-05-11T00:30", "2020-05-11T00:30", "2021-05-17T00:30"},
        {"FREQ=YEARLY;BYYEARDAY=100,200", "2020-04-09T09:15", "2021-04-10T09:15", "2021-07-19T09:15"},
        {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "1970-01-01T09:00", "2026-01-01T00:00", "2044-02-29T09:00"},
        {"FREQ=DAILY;COUNT=4", "2026-02-01T09:00", "2026-02-03T12:00", "2026-02-04T09:00"},
        {"FREQ=DAILY;COUNT=3", "2026-02-01T09:00", "2026-02-03T12:00", ""},
        {"FREQ=DAILY;UNTIL=20260204T090000Z", "2026-02-03T09:00", "2026-02-03T12:00", "2026-02-04T09:00"},
        {"FREQ=DAILY;UNTIL=20260203", "2026-02-03T09:00", "2026-02-03T12:00", ""},
        {"FREQ=DAILY;BYMONTH=2,4;BYMONTHDAY=31", "2026-01-01T09:00", "2026-01-01T09:00", ""},
    };
    for (const next_case& one : cases)
        EXPECT_EQ(next_of(one), one.next) << one.rule;
}

TEST(rrule, IsRefusedWithWhatIsWrongWithIt) {
    for (const char* rule :
         {"", "DAILY", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;COUNT=2;UNTIL=20260101",
          "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYDAY=2MO", "FREQ=WEEKLY;BYMONTHDAY=1",
          "FREQ=MONTHLY;BYYEARDAY=1", "FREQ=MONTHLY;BYWEEKNO=1", "FREQ=DAILY;BYSETPOS=1", "FREQ=MONTHLY;BYMONTHDAY=0",
          "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=YEARLY;BYMONTH=-1", "FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;X=1",
          "FREQ=DAILY;;COUNT=1"})
        EXPECT_FALSE(parse_rrule(rule)) << rule;
    EXPECT_FALSE(parse_rrule("FREQ=DAILY;BYMONTH=" + std::string(600, '1')));
    EXPECT_TRUE(parse_rrule("rrule:freq=daily;interval=2;"));
}

}  // namespace
}  // namespace rondo
