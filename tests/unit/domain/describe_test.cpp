#include "domain/describe.hpp"

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
    EXPECT_EQ(in_words(rule, "2026-02-10", "Europe/Berlin"),
              "every day, skipping missed ones, until Wednesday, 1 July 2026 at 00:30");
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
        EXPECT_EQ(
            describe(parse_rrule(text).value(), std::chrono::floor<std::chrono::days>(due_at("2026-02-10").wall), {}),
            words)
            << text;
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
