#include "domain/words/describe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using test::at;
using test::due_at;
using test::zone;

std::string in_words(const recurrence& rule, const std::string& start, const std::string& where = "UTC") {
    return describe(rule, start.empty() ? std::nullopt : std::optional{due_at(start)}, zone(where));
}

TEST(description, TellsTypeIntervalAndMode) {
    using enum recurring_type;
    using enum repeat_mode;
    EXPECT_EQ(in_words({.type = none}, "2026-02-10"), "does not repeat");
    EXPECT_EQ(in_words({.type = daily}, "2026-02-10"), "every day, counted from the day it is done");
    EXPECT_EQ(in_words({.type = daily, .interval = 3}, ""), "every 3 days, counted from the day it is done");
    EXPECT_EQ(in_words({.type = weekly, .interval = 2, .mode = on_schedule}, "2026-02-10"),
              "every second Tuesday, skipping missed ones");
    EXPECT_EQ(in_words({.type = weekly, .interval = 3, .mode = every_occurrence}, "2026-02-10T09:00"),
              "every 3 weeks on Tuesday at 09:00, keeping missed ones");
    EXPECT_EQ(in_words({.type = weekly}, "2026-02-10"), "every week, counted from the day it is done");
    EXPECT_EQ(in_words({.type = monthly, .mode = on_schedule}, "2026-02-10"),
              "every month on the 10th, skipping missed ones");
    EXPECT_EQ(in_words({.type = monthly, .interval = 2, .mode = on_schedule}, "2026-01-31"),
              "every second month on the 31st (or the last day of the month), skipping missed ones");
    EXPECT_EQ(in_words({.type = yearly, .mode = on_schedule}, "2024-02-29"),
              "every year on 29 February (or 28 February), skipping missed ones");
}

TEST(description, TellsTheEndInTheTasksZone) {
    recurrence rule{.type = recurring_type::daily, .mode = repeat_mode::on_schedule};
    rule.end = std::chrono::floor<std::chrono::days>(due_at("2026-06-30").wall);
    EXPECT_EQ(in_words(rule, "2026-02-10"), "every day, skipping missed ones, until 30 June 2026");
    rule.end = at("2026-06-30T22:30:00Z");
    EXPECT_EQ(in_words(rule, "2026-02-10T09:00", "Europe/Berlin"),
              "every day at 09:00, skipping missed ones, until Wednesday, 1 July 2026 at 00:30");
    EXPECT_EQ(in_words(rule, "2026-02-10", "Europe/Berlin"), "every day, skipping missed ones, until 1 July 2026");
}

TEST(description, OfARuleSaysWhatItDoes) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"FREQ=DAILY", "every day"},
        {"FREQ=DAILY;INTERVAL=2", "every second day"},
        {"FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday"},
        {"FREQ=DAILY;INTERVAL=3;BYDAY=MO,FR", "every 3 days, if it is a Monday or Friday"},
        {"FREQ=DAILY;BYMONTH=1", "every day in January"},
        {"FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR", "every day, if it is the 13th and a Friday"},
        {"FREQ=WEEKLY", "every Tuesday"},
        {"FREQ=WEEKLY;INTERVAL=2", "every second Tuesday"},
        {"FREQ=WEEKLY;BYDAY=FR,MO", "every Monday and Friday"},
        {"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "every second week on Monday and Friday"},
        {"FREQ=WEEKLY;INTERVAL=4;BYDAY=MO,TU,WE,TH,FR", "every 4 weeks on each weekday"},
        {"FREQ=MONTHLY", "every month on the 10th"},
        {"FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "every month on the last day, the 1st and the 15th"},
        {"FREQ=MONTHLY;BYMONTHDAY=-2", "every month on the second to last day"},
        {"FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"},
        {"FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3", "every 3 months on the last Friday"},
        {"FREQ=MONTHLY;BYDAY=MO", "every month on every Monday"},
        {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"},
        {"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=2", "every month on the second Monday or Tuesday"},
        {"FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "every month on the 13th, if it is a Friday"},
        {"FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=1,7", "every month on the 1st in January and July"},
        {"FREQ=YEARLY", "every year on 10 February"},
        {"FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "every year on the fourth Thursday in November"},
        {"FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "every year on the 24th in December"},
        {"FREQ=YEARLY;BYDAY=20MO", "every year on the 20th Monday of the year"},
        {"FREQ=YEARLY;BYYEARDAY=100,-1", "every year on the last day and day 100 of the year"},
        {"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "every year on every Monday in week 20"},
        {"FREQ=YEARLY;BYMONTHDAY=1", "every year on the 1st of any month"},
        {"FREQ=DAILY;COUNT=10", "every day, 10 times"},
        {"FREQ=DAILY;COUNT=1", "every day, once"},
        {"FREQ=DAILY;UNTIL=20261231", "every day, until 31 December 2026"},
    };
    for (const auto& [text, words] : cases)
        EXPECT_EQ(describe(parse_rrule(text).value(), due_at("2026-02-10"), {}), words) << text;
}

TEST(description, OfARuleThatEndsReadsInOneOrderWhateverTheTimes) {
    struct ending {
        const char* rule;
        const char* start;
        const char* zone;
        const char* words;
    };
    constexpr ending cases[]{
        {"FREQ=DAILY;UNTIL=20260305T000000", "2026-02-10T12:00", "UTC",
         "every day at 12:00, until Thursday, 5 March 2026 at 00:00, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260305T120000", "2026-02-10T12:00", "UTC",
         "every day at 12:00, until Thursday, 5 March 2026 at 12:00, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260305T235960", "2026-02-10T12:00", "UTC",
         "every day at 12:00, until Thursday, 5 March 2026 at 23:59:59, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260305", "2026-02-10T12:00", "UTC",
         "every day at 12:00, until 5 March 2026, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260304T230000Z", "2026-02-10T00:00", "Europe/Berlin",
         "every day at 00:00, until Thursday, 5 March 2026 at 00:00, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260305T043000Z", "2026-02-10T12:00", "America/New_York",
         "every day at 12:00, until Wednesday, 4 March 2026 at 23:30, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20261025T013000Z", "2026-02-10T02:30", "Europe/Berlin",
         "every day at 02:30, until Sunday, 25 October 2026 at 02:30 (the second time that day), skipping missed ones"},
        // Of whole days: the last that can be one.
        {"FREQ=DAILY;UNTIL=20260305", "2026-02-10", "UTC", "every day, until 5 March 2026, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260305T000000", "2026-02-10", "UTC",
         "every day, until 5 March 2026, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260305T090000", "2026-02-10", "UTC",
         "every day, until 5 March 2026, skipping missed ones"},
        {"FREQ=DAILY;UNTIL=20260304T230000Z", "2026-02-10", "Europe/Berlin",
         "every day, until 5 March 2026, skipping missed ones"},
        {"FREQ=DAILY;COUNT=10", "2026-02-10T09:00", "UTC", "every day at 09:00, 10 times, skipping missed ones"},
        {"FREQ=DAILY;COUNT=1", "2026-02-10T09:00", "UTC", "every day at 09:00, once, skipping missed ones"},
        {"FREQ=WEEKLY;BYDAY=MO;COUNT=2", "2026-02-10T09:00", "UTC",
         "every Monday at 09:00, 2 times, skipping missed ones"},
        {"FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=1,7;COUNT=4", "2026-02-10T09:00", "UTC",
         "every month on the 1st in January and July at 09:00, 4 times, skipping missed ones"},
        {"RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY", "2026-01-31", "UTC",
         "every month on the 31st (or the last day of the month), skipping missed ones"},
        {"RSCALE=GREGORIAN;SKIP=FORWARD;FREQ=MONTHLY;BYMONTHDAY=30,31", "2026-01-30", "UTC",
         "every month on the 30th and the 31st (or the 1st of the next month), skipping missed ones"},
        {"RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=YEARLY", "2024-02-29T09:00", "UTC",
         "every year on 29 February (or the last day of the month) at 09:00, skipping missed ones"},
        {"RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-31", "UTC",
         "every month on the 15th, skipping missed ones"},
        {"RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=1,7", "2026-01-31", "UTC",
         "every month on the 31st in January and July, skipping missed ones"},
    };
    for (const ending& one : cases)
        EXPECT_EQ(in_words({.type = recurring_type::custom,
                            .rule = one.rule,
                            .counts_start = true,
                            .mode = repeat_mode::on_schedule},
                           one.start, one.zone),
                  one.words)
            << one.rule;

    recurrence both{
        .type = recurring_type::custom, .rule = "FREQ=DAILY;UNTIL=20260305", .mode = repeat_mode::on_schedule};
    both.end = std::chrono::floor<std::chrono::days>(due_at("2026-03-01").wall);
    EXPECT_EQ(in_words(both, "2026-02-10"),
              "every day, until 5 March 2026, skipping missed ones, at the latest until 1 March 2026");
    // A series begun before COUNT counted its start.
    EXPECT_EQ(
        in_words(
            {.type = recurring_type::custom, .rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=2", .mode = repeat_mode::on_schedule},
            "2026-02-10T09:00"),
        "every Monday at 09:00, 2 times after the first, skipping missed ones");
}

std::string explained(const recurrence& rule, const occurrence_input& from, const char* done) {
    std::string all;
    for (const std::string& sentence : explain_next(rule, from, at(done)))
        all += sentence + "\n";
    return all;
}

TEST(explanation, EndsWithWhatNextOccurrenceGives) {
    EXPECT_EQ(explained({.type = recurring_type::daily},
                        {.current = due_at("2026-02-08T09:00"), .series_start = {}, .zone = zone("Europe/Berlin")},
                        "2026-02-10T16:30:00Z"),
              "It was due on Sunday, 8 February 2026 at 09:00.\n"
              "It was done on Tuesday, 10 February 2026 at 17:30, by the clocks of Europe/Berlin.\n"
              "It repeats: every day at 09:00, counted from the day it is done.\n"
              "Counted in steps of one day from the day it was done, the first day after the due date is Wednesday, 11 "
              "February 2026.\n"
              "So the next one is due on Wednesday, 11 February 2026 at 09:00.\n");
}

TEST(explanation, TellsOfShortMonthsAndOfTheDayOfTheSeries) {
    const auto kept =
        explained({.type = recurring_type::monthly}, {.current = due_at("2026-01-31"), .series_start = {}, .zone = {}},
                  "2026-01-31T10:00:00Z");
    EXPECT_NE(kept.find("keeps the day it began on, the 31st"), kept.npos) << kept;
    EXPECT_NE(kept.find("February has no 31st this time"), kept.npos) << kept;
    const auto taken =
        explained({.type = recurring_type::monthly}, {.current = due_at("2026-01-31"), .series_start = {}, .zone = {}},
                  "2026-02-03T10:00:00Z");
    EXPECT_NE(taken.find("from now on the 3rd is the day of the series"), taken.npos) << taken;
}

TEST(explanation, TellsOfClocksThatChange) {
    const recurrence rule{.type = recurring_type::daily, .mode = repeat_mode::on_schedule};
    const auto gap =
        explained(rule, {.current = due_at("2026-03-28T02:30"), .series_start = {}, .zone = zone("Europe/Berlin")},
                  "2026-03-28T10:00:00Z");
    EXPECT_NE(gap.find("leave out 02:30 that day, so it is at 03:30, this time only"), gap.npos) << gap;
    const auto overlap =
        explained(rule, {.current = due_at("2026-10-24T02:30"), .series_start = {}, .zone = zone("Europe/Berlin")},
                  "2026-10-24T10:00:00Z");
    EXPECT_NE(overlap.find("02:30 comes twice that day"), overlap.npos) << overlap;
}

TEST(explanation, TellsWhyThereIsNone) {
    recurrence rule{.type = recurring_type::custom, .rule = "FREQ=DAILY;COUNT=1", .mode = repeat_mode::on_schedule};
    const occurrence_input from{.current = due_at("2026-02-10"), .series_start = {}, .zone = {}};
    EXPECT_NE(explained(rule, from, "2026-02-10T10:00:00Z").find("no next one: the rule gives no more"),
              std::string::npos);
    rule.rule = "FREQ=DAILY";
    rule.end = at("2026-02-10T23:59:00Z");
    EXPECT_NE(explained(rule, from, "2026-02-10T10:00:00Z").find("after the end of the series"), std::string::npos);
}

TEST(explanation, TellsOfDaysThatAreLeftOutAndOfSecondTimes) {
    const auto day = explained({.type = recurring_type::daily},
                               {.current = due_at("2011-12-29"), .series_start = {}, .zone = zone("Pacific/Apia")},
                               "2011-12-29T20:00:00Z");
    EXPECT_NE(day.find("leaves out 30 December 2011, so it is on 31 December 2011, this time only"), day.npos) << day;
    const auto evening =
        explained({.type = recurring_type::daily},
                  {.current = due_at("2026-03-27T23:30"), .series_start = {}, .zone = zone("America/Nuuk")},
                  "2026-03-28T01:30:00Z");
    EXPECT_NE(evening.find("leave out 23:30 on 28 March 2026, so it is at 00:30, this time only"), evening.npos)
        << evening;
    const auto after =
        explained({.type = recurring_type::daily},
                  {.current = due_at("2026-03-28T23:30"), .series_start = {}, .zone = zone("America/Nuuk")},
                  "2026-03-29T01:31:00Z");
    EXPECT_NE(after.find("had moved it from 28 March 2026, whose it stays"), after.npos) << after;
    const time_zone berlin = zone("Europe/Berlin");
    const auto second =
        explained({.type = recurring_type::daily},
                  {.current = due_at("2026-10-25T01:30:00Z", berlin), .series_start = {}, .zone = berlin},
                  "2026-10-25T01:45:00Z");
    EXPECT_NE(second.find("due on Sunday, 25 October 2026 at 02:30 (the second time that day)."), second.npos)
        << second;
    const auto moved = explained({.type = recurring_type::monthly},
                                 {.current = due_at("2026-03-20"),
                                  .series_start = due_at("2026-01-31"),
                                  .zone = {},
                                  .moved_from = due_at("2026-01-31")},
                                 "2026-03-20T10:00:00Z");
    EXPECT_NE(moved.find("from the day it had, the first day after both is Tuesday, 31 March 2026."), moved.npos)
        << moved;
}

TEST(explanation, TellsThatAnOccurrenceWasMoved) {
    const auto moved = explained({.type = recurring_type::weekly, .mode = repeat_mode::on_schedule},
                                 {.current = due_at("2026-02-12"),
                                  .series_start = due_at("2026-01-06"),
                                  .zone = {},
                                  .moved_from = due_at("2026-02-10")},
                                 "2026-02-12T10:00:00Z");
    EXPECT_NE(moved.find("It was due on Tuesday, 10 February 2026, and this one alone was moved to Thursday, 12"),
              moved.npos)
        << moved;
}

}  // namespace
}  // namespace rondo
