#include "domain/recurrence/rrule.hpp"

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

/// At most `most` members.
std::string set_of(const rrule& rule, const char* start, int most = 8) {
    std::string all;
    local_seconds last = wall(start) - std::chrono::seconds{1};
    for (; most > 0; --most) {
        const auto found = next_member(rule, wall(start), last, time_zone{});
        if (!found)
            break;
        last = *found;
        all += (all.empty() ? "" : " ") + format_wall(last, std::chrono::seconds{0}).substr(0, 10);
    }
    return all;
}

// RFC 5545, section 3.3.10: "The DTSTART property value always counts as the first occurrence" of COUNT.
TEST(rrule, CountsTheStartWhetherItIsAMemberOrNot) {
    struct counted {
        const char* rule;
        const char* start;
        const char* members;  ///< beside the start
        const char* before_it_did;
    };
    constexpr counted cases[]{
        {"FREQ=WEEKLY;BYDAY=MO;COUNT=2", "2026-02-05T09:00", "2026-02-09", "2026-02-09 2026-02-16"},
        {"FREQ=WEEKLY;BYDAY=MO;COUNT=1", "2026-02-05T09:00", "", "2026-02-09"},
        {"FREQ=WEEKLY;BYDAY=TH;COUNT=2", "2026-02-05T09:00", "2026-02-05 2026-02-12", "2026-02-05 2026-02-12"},
        {"FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "2026-01-30T09:00", "2026-01-31 2026-03-31",
         "2026-01-31 2026-03-31 2026-05-31"},
        {"FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", "2026-02-05T09:00", "2026-02-27", "2026-02-27 2026-03-27"},
        {"FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2", "2026-02-05T09:00", "2026-11-26", "2026-11-26 2027-11-25"},
        {"FREQ=DAILY;BYDAY=SA,SU;COUNT=3", "2026-02-05T09:00", "2026-02-07 2026-02-08",
         "2026-02-07 2026-02-08 2026-02-14"},
        {"FREQ=DAILY;INTERVAL=2;COUNT=2", "2026-02-05T09:00", "2026-02-05 2026-02-07", "2026-02-05 2026-02-07"},
        {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "2026-02-05T09:00", "2026-02-27",
         "2026-02-27 2026-03-31"},
    };
    for (const counted& one : cases) {
        rrule rule = parse_rrule(one.rule).value();
        EXPECT_EQ(set_of(rule, one.start), one.members) << one.rule;
        EXPECT_TRUE(has_members(rule, wall(one.start), {})) << one.rule;
        rule.counts_start = false;
        EXPECT_EQ(set_of(rule, one.start), one.before_it_did) << one.rule;
    }
}

// RFC 7529, section 4.1.
TEST(rrule, MovesADayThatAMonthDoesNotHaveAsSkipSays) {
    struct skipping {
        const char* rule;
        const char* start;
        const char* omit;
        const char* backward;
        const char* forward;
    };
    constexpr skipping cases[]{
        {"FREQ=MONTHLY;COUNT=4", "2026-01-31T09:00", "2026-01-31 2026-03-31 2026-05-31 2026-07-31",
         "2026-01-31 2026-02-28 2026-03-31 2026-04-30", "2026-01-31 2026-03-01 2026-03-31 2026-05-01"},
        {"FREQ=MONTHLY;BYMONTHDAY=30,31;COUNT=4", "2026-01-30T09:00", "2026-01-30 2026-01-31 2026-03-30 2026-03-31",
         "2026-01-30 2026-01-31 2026-02-28 2026-03-30", "2026-01-30 2026-01-31 2026-03-01 2026-03-30"},
        // Both the 1st and what stands in for the 31st.
        {"FREQ=MONTHLY;BYMONTHDAY=1,31;COUNT=4", "2026-01-31T09:00", "2026-01-31 2026-02-01 2026-03-01 2026-03-31",
         "2026-01-31 2026-02-01 2026-02-28 2026-03-01", "2026-01-31 2026-02-01 2026-03-01 2026-03-31"},
        {"FREQ=YEARLY;COUNT=3", "2024-02-29T09:00", "2024-02-29 2028-02-29 2032-02-29",
         "2024-02-29 2025-02-28 2026-02-28", "2024-02-29 2025-03-01 2026-03-01"},
        {"FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31;COUNT=3", "2026-01-01T09:00", "", "2026-02-28 2026-04-30",
         "2026-03-01 2026-05-01"},
        // BYDAY sorts out after the day was moved: 28 February 2026 is a Saturday, 1 March a Sunday.
        {"FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=SA,SU;BYMONTH=2;COUNT=2", "2026-02-01T09:00", "", "2026-02-28",
         "2026-03-01"},
        {"FREQ=MONTHLY;BYMONTHDAY=29,30,31;BYSETPOS=1;BYMONTH=2,3;COUNT=4", "2026-02-01T09:00",
         "2026-03-29 2027-03-29 2028-02-29", "2026-02-28 2026-03-29 2027-02-28", "2026-03-01 2026-03-29 2027-03-01"},
        {"FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31;COUNT=3", "2026-02-01T09:00", "2026-08-31 2026-10-31",
         "2026-02-28 2026-04-30", "2026-03-01 2026-05-01"},
        // No day is ever missed.
        {"FREQ=DAILY;BYMONTHDAY=31;COUNT=3", "2026-01-31T09:00", "2026-01-31 2026-03-31 2026-05-31",
         "2026-01-31 2026-03-31 2026-05-31", "2026-01-31 2026-03-31 2026-05-31"},
        {"FREQ=MONTHLY;BYDAY=5FR;COUNT=2", "2026-01-30T09:00", "2026-01-30 2026-05-29", "2026-01-30 2026-05-29",
         "2026-01-30 2026-05-29"},
    };
    for (const skipping& one : cases) {
        const std::string rule{one.rule};
        for (const auto& [skip, members] : {std::pair{"", one.omit},
                                            {";SKIP=OMIT", one.omit},
                                            {";SKIP=BACKWARD", one.backward},
                                            {";SKIP=FORWARD", one.forward}}) {
            const auto parsed = parse_rrule("RSCALE=GREGORIAN;" + rule + skip);
            ASSERT_TRUE(parsed) << parsed.error();
            EXPECT_EQ(set_of(*parsed, one.start), members) << rule << skip;
        }
        EXPECT_EQ(set_of(parse_rrule("skip=backward;" + rule + ";rscale=gregorian").value(), one.start), one.backward);
    }
    // A jump into the month that the one before reaches into.
    EXPECT_EQ(next_of({"RSCALE=GREGORIAN;SKIP=FORWARD;FREQ=MONTHLY;BYMONTHDAY=31", "1970-01-31T09:00",
                       "2026-02-28T09:00", ""}),
              "2026-03-01T09:00");
    EXPECT_EQ(next_of({"RSCALE=GREGORIAN;SKIP=FORWARD;FREQ=MONTHLY;BYMONTHDAY=31", "1970-01-31T09:00",
                       "2026-03-01T08:00", ""}),
              "2026-03-01T09:00");
}

TEST(rrule, ReadsALeapSecondInUntil) {
    for (const char* until :
         {"20161231T235960Z", "20161231T235960", "20150630T235960Z", "20261231T120060Z", "20261231T000060"}) {
        std::string before{until};
        before.replace(before.find("60", 12), 2, "59");
        EXPECT_EQ(parse_rrule("FREQ=DAILY;UNTIL=" + std::string{until}).value(),
                  parse_rrule("FREQ=DAILY;UNTIL=" + before).value());
    }
    EXPECT_FALSE(parse_rrule("FREQ=DAILY;UNTIL=20161231T235961Z"));
}

TEST(rrule, IsReadFromTheLineOfACalendarEntry) {
    const rrule mondays = parse_rrule("FREQ=WEEKLY;BYDAY=MO").value();
    for (const char* text :
         {"RRULE:FREQ=WEEKLY;BYDAY=MO", "rrule:freq=weekly;byday=mo", "RRULE:FREQ=WEEKLY;BYDAY=MO\r\n",
          "RRULE:FREQ=WEEKLY;\r\n BYDAY=MO", "RRULE:FREQ=WEEKLY;BY\n\tDAY=MO\n", "\nRRULE:FREQ=WEEKLY;BYDAY=MO\n\n",
          "RRULE;X-NOTE=y:FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;\r\n BYDAY=MO;\r\n"}) {
        const auto read = parse_rrule(text);
        ASSERT_TRUE(read) << text << read.error();
        EXPECT_EQ(*read, mondays) << text;
    }
}

TEST(rrule, SaysWhatToDoWithWhatItDoesNotTake) {
    constexpr std::pair<const char*, const char*> cases[]{
        {"DTSTART:20260204T090000\nRRULE:FREQ=DAILY", "give its time as the due date"},
        {"DTSTART;TZID=Europe/Berlin:20260204T090000\r\nRRULE:FREQ=DAILY\r\n", "its TZID as the time zone"},
        {"dtstart;value=date:20260204\nrrule:freq=daily", "DTSTART is not part of the rule"},
        {"RRULE:FREQ=DAILY\nDTSTART:20260204T090000", "DTSTART is not part of the rule"},
        {"RRULE:FREQ=DAILY\nEXDATE:20260204T090000Z", "skip or move those occurrences"},
        {"EXRULE:FREQ=WEEKLY\nRRULE:FREQ=DAILY", "EXRULE is not taken"},
        {"RDATE;VALUE=DATE:20260204\nRRULE:FREQ=DAILY", "a task of its own"},
        {"RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "one rule"},
        {"BEGIN:VEVENT\nDTSTART:20260204\nRRULE:FREQ=DAILY\nEND:VEVENT", "one RRULE alone"},
        {"FREQ=WEEKLY; BYDAY=MO", "a space in it"},
        {"SKIP=BACKWARD;FREQ=MONTHLY", "needs RSCALE=GREGORIAN"},
        {"RSCALE=CHINESE;FREQ=MONTHLY", "must be GREGORIAN"},
        {"RSCALE=GREGORIAN;SKIP=NEVER;FREQ=MONTHLY", "OMIT, BACKWARD or FORWARD"},
        {"RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY;BYMONTHDAY=-31", "Count from the front"},
        {"RSCALE=GREGORIAN;SKIP=FORWARD;FREQ=YEARLY;BYYEARDAY=366", "BYMONTH=12;BYMONTHDAY=31"},
        {"FREQ=DAILY;X=1", "Those are FREQ, INTERVAL"},
        {"FREQ=DAILY;BYHOUR=9", "Leave it out"},
        {"FREQ=HOURLY", "for each time of day"},
        {"FREQ=DAILY;COUNT=2;UNTIL=20260101", "Leave one out"},
        {"FREQ=WEEKLY;BYDAY=2MO", "Leave the number out"},
    };
    for (const auto& [rule, advice] : cases) {
        const auto parsed = parse_rrule(rule);
        ASSERT_FALSE(parsed) << rule;
        EXPECT_NE(parsed.error().find(advice), std::string::npos) << rule << ": " << parsed.error();
        EXPECT_TRUE(parsed.error().ends_with('.') && parsed.error().find('\n') == std::string::npos) << parsed.error();
    }
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
