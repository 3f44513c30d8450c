#include "domain/recurrence/recurrence.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "domain/task.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::due_at;
using test::shown;
using test::zone;

// What one completion leads to, all in text.
struct sum {
    recurring_type type = recurring_type::daily;
    int interval = 1;
    repeat_mode mode = repeat_mode::after_completion;
    std::string due{};
    std::string series_start{};
    std::string done{};
    std::string zone = "UTC";
    std::string end{};
    std::string rule{};
    std::string moved_from{};
};

occurrence_input input_of(const sum& given) {
    const time_zone where = zone(given.zone);
    occurrence_input from{.zone = where};
    if (!given.due.empty())
        from.current = due_at(given.due, where);
    if (!given.series_start.empty())
        from.series_start = due_at(given.series_start, where);
    if (!given.moved_from.empty())
        from.moved_from = due_at(given.moved_from, where);
    return from;
}

std::expected<next_step, series_end> work_out(const sum& given) {
    recurrence rule{.type = given.type, .interval = given.interval, .rule = given.rule, .mode = given.mode};
    if (!given.end.empty()) {
        const date_or_time end = parse_date_or_time(given.end).value();
        if (const auto* day = std::get_if<std::chrono::local_days>(&end))
            rule.end = *day;
        else
            rule.end = std::get<instant>(end);
    }
    return next_occurrence(rule, input_of(given), at(given.done));
}

/// The next due date, or the name of the reason why there is none.
std::string next(const sum& given) {
    const auto found = work_out(given);
    return found ? shown(found->at, zone(given.zone)) : std::string{to_string(found.error())};
}

std::string text_or_nothing(const boost::json::value& value) {
    return value.is_null() ? "" : std::string{value.as_string()};
}

TEST(next_occurrence, AgreesWithTheIndependentProgram) {
    std::ifstream file{RONDO_TEST_DATA "/recurrence.jsonl"};
    ASSERT_TRUE(file);
    int compared = 0;
    for (std::string line; std::getline(file, line);) {
        const boost::json::object row = boost::json::parse(line).as_object();
        const auto type = parse_recurring_type(row.at("recurring_type").as_string()).value();
        ++compared;
        const sum given{.type = type,
                        .interval = static_cast<int>(row.at("recurring_interval").as_int64()),
                        .mode = parse_repeat_mode(row.at("repeat_mode").as_string()).value(),
                        .due = text_or_nothing(row.at("due_date")),
                        .series_start = text_or_nothing(row.at("series_start")),
                        .done = text_or_nothing(row.at("completed_at")),
                        .zone = text_or_nothing(row.at("timezone")),
                        .end = text_or_nothing(row.at("recurring_end_date")),
                        .rule = text_or_nothing(row.at("recurrence_rule"))};
        const auto found = work_out(given);
        EXPECT_EQ(found ? shown(found->at, zone(given.zone)) : "", text_or_nothing(row.at("next_due_date"))) << line;
    }
    EXPECT_EQ(compared, 308);
}

// an occurrence that was moved alone

TEST(moved_occurrence, LeavesTheScheduleAsItWas) {
    for (const auto mode : {repeat_mode::on_schedule, repeat_mode::every_occurrence})
        for (const auto* moved_to : {"2026-02-09T09:00", "2026-02-12T09:00"}) {
            sum tuesdays{.type = recurring_type::weekly,
                         .mode = mode,
                         .due = moved_to,
                         .series_start = "2026-01-06T09:00",
                         .done = "2026-02-09T08:00:00Z",
                         .moved_from = "2026-02-10T09:00"};
            EXPECT_EQ(next(tuesdays), "2026-02-17T09:00:00+00:00") << moved_to;
            tuesdays.type = recurring_type::custom;
            tuesdays.rule = "FREQ=WEEKLY;BYDAY=TU";
            EXPECT_EQ(next(tuesdays), "2026-02-17T09:00:00+00:00") << moved_to;
        }
}

TEST(moved_occurrence, PastTheNextOneLosesNoneThatAreKept) {
    const sum given{.type = recurring_type::weekly,
                    .mode = repeat_mode::every_occurrence,
                    .due = "2026-02-19T09:00",
                    .series_start = "2026-01-06T09:00",
                    .done = "2026-02-19T10:00:00Z",
                    .moved_from = "2026-02-10T09:00"};
    EXPECT_EQ(next(given), "2026-02-17T09:00:00+00:00");
}

TEST(moved_occurrence, DoneOnTheDayItWasMovedToKeepsTheDayOfTheSeries) {
    const sum monthly{.type = recurring_type::monthly,
                      .due = "2026-02-02T09:00",
                      .series_start = "2025-12-31T09:00",
                      .done = "2026-02-02T10:00:00Z",
                      .moved_from = "2026-01-31T09:00"};
    EXPECT_EQ(next(monthly), "2026-02-28T09:00:00+00:00");
    const sum yearly{.type = recurring_type::yearly,
                     .due = "2027-01-02",
                     .series_start = "2025-12-30",
                     .done = "2027-01-02T10:00:00Z",
                     .moved_from = "2026-12-30"};
    EXPECT_EQ(next(yearly), "2027-12-30");
}

TEST(moved_occurrence, DoneOnTheDayItHadKeepsTheDayOfTheSeries) {
    const sum monthly{.type = recurring_type::monthly,
                      .due = "2026-02-02T09:00",
                      .series_start = "2025-12-31T09:00",
                      .done = "2026-01-31T10:00:00Z",
                      .moved_from = "2026-01-31T09:00"};
    EXPECT_EQ(next(monthly), "2026-02-28T09:00:00+00:00");
}

// after_completion

TEST(daily_task, ComesTheDayAfterItWasDoneAtItsOwnHour) {
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2026-02-08T00:00:00Z"}), "2026-02-09T09:00:00+00:00");
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2026-02-08T23:59:59.999Z"}), "2026-02-09T09:00:00+00:00");
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2026-02-10T08:00:00Z"}), "2026-02-11T09:00:00+00:00");
}

TEST(daily_task, DoneEarlyComesTheDayAfterItWasDue) {
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2026-02-07T20:00:00Z"}), "2026-02-09T09:00:00+00:00");
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2016-02-07T20:00:00Z"}), "2026-02-09T09:00:00+00:00");
}

TEST(task_done_early, CountsInIntervalsFromTheDayItWasDone) {
    EXPECT_EQ(next({.interval = 3, .due = "2026-02-08T09:00", .done = "2026-02-01T20:00:00Z"}),
              "2026-02-10T09:00:00+00:00");
    EXPECT_EQ(next({.type = recurring_type::weekly, .due = "2026-02-08T09:00", .done = "2026-02-06T20:00:00Z"}),
              "2026-02-13T09:00:00+00:00");
}

TEST(task_moved_for_once, ComesBackAtTheHourOfItsSeries) {
    EXPECT_EQ(next({.due = "2026-02-08T15:45", .series_start = "2026-02-01T09:00", .done = "2026-02-08T16:00:00Z"}),
              "2026-02-09T09:00:00+00:00");
    EXPECT_EQ(next({.due = "2026-02-08", .series_start = "2026-02-01T09:00", .done = "2026-02-08T06:00:00Z"}),
              "2026-02-09T09:00:00+00:00");
    EXPECT_EQ(next({.due = "2026-02-08T15:45", .series_start = "2026-02-01", .done = "2026-02-08T16:00:00Z"}),
              "2026-02-09");
}

TEST(task_without_due_date, ComesOneIntervalAfterTheMomentItWasDone) {
    EXPECT_EQ(next({.done = "2026-02-08T17:30:12.999Z"}), "2026-02-09T17:30:12+00:00");
    EXPECT_EQ(next({.type = recurring_type::monthly, .done = "2026-01-31T17:30:12Z", .zone = "Asia/Tokyo"}),
              "2026-03-01T02:30:12+09:00");
}

TEST(task_without_due_date, GivesItsSeriesTheDayItWasDone) {
    const auto found = work_out({.type = recurring_type::monthly, .done = "2026-01-31T10:00:00Z"});
    ASSERT_TRUE(found);
    EXPECT_EQ(shown(found->at), "2026-02-28T10:00:00+00:00");
    EXPECT_TRUE(found->clamped);
    EXPECT_EQ(found->series_start, due_at("2026-01-31T10:00"));
}

TEST(monthly_task, DoneOnItsDayKeepsTheDayItBeganOn) {
    const auto found = work_out({.type = recurring_type::monthly,
                                 .due = "2026-02-28T09:00",
                                 .series_start = "2026-01-31T09:00",
                                 .done = "2026-02-28T10:00:00Z"});
    ASSERT_TRUE(found);
    EXPECT_EQ(shown(found->at), "2026-03-31T09:00:00+00:00");
    EXPECT_EQ(found->series_start, due_at("2026-01-31T09:00"));
    EXPECT_FALSE(found->clamped);
}

TEST(monthly_task, DoneOnAnotherDayTakesThatDayFromThenOn) {
    const auto late = work_out({.type = recurring_type::monthly,
                                .due = "2026-02-28T09:00",
                                .series_start = "2026-01-31T09:00",
                                .done = "2026-03-01T10:00:00Z"});
    ASSERT_TRUE(late);
    EXPECT_EQ(shown(late->at), "2026-04-01T09:00:00+00:00");
    EXPECT_EQ(late->series_start, due_at("2026-03-01T09:00"));

    const auto on_the_31st = work_out({.type = recurring_type::monthly,
                                       .due = "2026-01-15",
                                       .series_start = "2026-01-15",
                                       .done = "2026-01-31T10:00:00Z"});
    ASSERT_TRUE(on_the_31st);
    EXPECT_EQ(shown(on_the_31st->at), "2026-02-28");
    EXPECT_EQ(on_the_31st->series_start, due_at("2026-01-31"));
    EXPECT_TRUE(on_the_31st->clamped);
}

TEST(monthly_task, IsDoneOnItsDayByTheZonesCalendar) {
    // 2026-02-28 23:30 in New York is March in UTC.
    EXPECT_EQ(next({.type = recurring_type::monthly,
                    .due = "2026-02-28T09:00",
                    .series_start = "2026-01-31T09:00",
                    .done = "2026-03-01T04:30:00Z",
                    .zone = "America/New_York"}),
              "2026-03-31T09:00:00-04:00");
}

TEST(yearly_task, OfTheLeapDayComesBackToIt) {
    const sum leap{.type = recurring_type::yearly,
                   .due = "2027-02-28",
                   .series_start = "2024-02-29",
                   .done = "2027-02-28T12:00:00Z"};
    EXPECT_EQ(next(leap), "2028-02-29");
}

TEST(yearly_task, MovedForOnceAndDoneThenKeepsItsMonthAndDay) {
    EXPECT_EQ(next({.type = recurring_type::yearly,
                    .due = "2024-03-02",
                    .series_start = "2020-02-29",
                    .done = "2024-03-02T12:00:00Z"}),
              "2025-02-28");
}

// on_schedule and every_occurrence

TEST(on_schedule, SkipsWhatWasMissedByOneJump) {
    EXPECT_EQ(next({.mode = repeat_mode::on_schedule, .due = "0001-01-01T09:00", .done = "9999-12-30T08:59:59Z"}),
              "9999-12-30T09:00:00+00:00");
    EXPECT_EQ(next({.type = recurring_type::monthly,
                    .interval = 7,
                    .mode = repeat_mode::on_schedule,
                    .due = "0001-01-31",
                    .done = "9998-12-30T08:00:00Z"}),
              "9999-05-31");
}

TEST(on_schedule, TakesAnOccurrenceLaterTheSameDay) {
    EXPECT_EQ(next({.mode = repeat_mode::on_schedule, .due = "2026-02-06T09:00", .done = "2026-02-08T08:59:59.999Z"}),
              "2026-02-08T09:00:00+00:00");
    EXPECT_EQ(next({.mode = repeat_mode::on_schedule, .due = "2026-02-06T09:00", .done = "2026-02-08T09:00:00Z"}),
              "2026-02-09T09:00:00+00:00");
}

TEST(on_schedule, ComparesWholeDaysAsDays) {
    EXPECT_EQ(next({.mode = repeat_mode::on_schedule, .due = "2026-02-06", .done = "2026-02-08T00:00:00Z"}),
              "2026-02-09");
    // It is the 9th in Tokyo already.
    EXPECT_EQ(next({.mode = repeat_mode::on_schedule,
                    .due = "2026-02-06",
                    .done = "2026-02-08T15:00:00Z",
                    .zone = "Asia/Tokyo"}),
              "2026-02-10");
}

TEST(on_schedule, GoesOnAsBeforeWhenOneOccurrenceWasMoved) {
    const sum moved_on{.type = recurring_type::weekly,
                       .mode = repeat_mode::on_schedule,
                       .due = "2026-02-14T18:00",
                       .series_start = "2026-02-02T09:00",
                       .done = "2026-02-14T18:30:00Z"};
    EXPECT_EQ(next(moved_on), "2026-02-16T09:00:00+00:00");
}

TEST(every_occurrence, KeepsWhatWasMissed) {
    EXPECT_EQ(next({.mode = repeat_mode::every_occurrence, .due = "2020-01-01T09:00", .done = "2026-02-08T09:00:00Z"}),
              "2020-01-02T09:00:00+00:00");
}

TEST(monthly_series, KeepsItsDayThroughShortMonths) {
    const auto after = [](const char* due) {
        return next({.type = recurring_type::monthly,
                     .mode = repeat_mode::every_occurrence,
                     .due = due,
                     .series_start = "2027-10-31",
                     .done = "2027-10-01T00:00:00Z"});
    };
    EXPECT_EQ(after("2027-10-31"), "2027-11-30");
    EXPECT_EQ(after("2027-11-30"), "2027-12-31");
    EXPECT_EQ(after("2028-01-31"), "2028-02-29");
    EXPECT_EQ(after("2028-02-29"), "2028-03-31");
}

// clocks that change

TEST(skipped_hour, MovesOnByTheGapForOneOccurrenceOnly) {
    const sum before{.due = "2026-03-28T02:30", .done = "2026-03-28T09:00:00Z", .zone = "Europe/Berlin"};
    const auto in_gap = work_out(before);
    ASSERT_TRUE(in_gap);
    EXPECT_EQ(shown(in_gap->at, zone("Europe/Berlin")), "2026-03-29T03:30:00+02:00");
    EXPECT_EQ(in_gap->kind, wall_kind::skipped);
    EXPECT_EQ(in_gap->at, due_at("2026-03-29T02:30"));  // the series' own clock stays

    const recurrence daily{.type = recurring_type::daily};
    const auto after = next_occurrence(
        daily, {.current = in_gap->at, .series_start = in_gap->series_start, .zone = zone("Europe/Berlin")},
        at("2026-03-29T09:00:00Z"));
    ASSERT_TRUE(after);
    EXPECT_EQ(shown(after->at, zone("Europe/Berlin")), "2026-03-30T02:30:00+02:00");
    EXPECT_EQ(after->kind, wall_kind::unique);
}

TEST(repeated_hour, IsTheFirstOfTheTwo) {
    const auto found = work_out({.due = "2025-10-25T02:30", .done = "2025-10-25T09:00:00Z", .zone = "Europe/Berlin"});
    ASSERT_TRUE(found);
    EXPECT_EQ(shown(found->at, zone("Europe/Berlin")), "2025-10-26T02:30:00+02:00");
    EXPECT_EQ(found->kind, wall_kind::repeated);
}

TEST(skipped_day, IsNotTwoOccurrencesOfOneMoment) {
    // Samoa had no 30 December 2011: what falls on it is due on the 31st, and so is not due there once more.
    const sum given{.mode = repeat_mode::every_occurrence,
                    .due = "2011-12-30T09:00",
                    .series_start = "2011-12-28T09:00",
                    .done = "2011-12-29T00:00:00Z",
                    .zone = "Pacific/Apia"};
    ASSERT_EQ(shown(due_at(given.due), zone(given.zone)), "2011-12-31T09:00:00+14:00");
    EXPECT_EQ(next(given), "2012-01-01T09:00:00+14:00");
}

// ends

TEST(end_of_series, DayIsIncluded) {
    EXPECT_EQ(next({.due = "2026-02-08T23:00", .done = "2026-02-08T23:10:00Z", .end = "2026-02-09"}),
              "2026-02-09T23:00:00+00:00");
    EXPECT_EQ(next({.due = "2026-02-08", .done = "2026-02-08T23:10:00Z", .end = "2026-02-09"}), "2026-02-09");
    EXPECT_EQ(next({.due = "2026-02-09", .done = "2026-02-09T23:10:00Z", .end = "2026-02-09"}), "next_after_end");
    EXPECT_EQ(next({.due = "2026-02-09", .done = "2026-02-10T00:00:00Z", .end = "2026-02-09"}), "completed_after_end");
}

TEST(end_of_series, DayIsTheZones) {
    const sum given{
        .due = "2026-02-08T21:00", .done = "2026-02-09T03:00:00Z", .zone = "America/New_York", .end = "2026-02-08"};
    EXPECT_EQ(next(given), "next_after_end");  // done on the 8th there
}

TEST(end_of_series, InstantIsIncluded) {
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2026-02-08T10:00:00Z", .end = "2026-02-09T09:00:00Z"}),
              "2026-02-09T09:00:00+00:00");
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2026-02-08T10:00:00Z", .end = "2026-02-09T08:59:59.999Z"}),
              "next_after_end");
    EXPECT_EQ(next({.due = "2026-02-08T09:00", .done = "2026-02-09T08:59:59.999Z", .end = "2026-02-09T08:59:59.998Z"}),
              "completed_after_end");
}

TEST(end_of_series, InstantTakesInTheWholeDayItLiesIn) {
    EXPECT_EQ(next({.due = "2026-02-08", .done = "2026-02-08T10:00:00Z", .end = "2026-02-09T00:00:00Z"}), "2026-02-09");
    EXPECT_EQ(next({.due = "2026-02-08", .done = "2026-02-08T10:00:00Z", .end = "2026-02-08T23:59:59Z"}),
              "next_after_end");
}

TEST(end_of_series, StopsEvenWhatIsKept) {
    EXPECT_EQ(next({.mode = repeat_mode::every_occurrence,
                    .due = "2026-02-08T09:00",
                    .done = "2026-02-20T10:00:00Z",
                    .end = "2026-02-10"}),
              "completed_after_end");
}

TEST(end_of_calendar, ExhaustsEveryRule) {
    for (const auto type :
         {recurring_type::daily, recurring_type::weekly, recurring_type::monthly, recurring_type::yearly})
        for (const auto mode :
             {repeat_mode::after_completion, repeat_mode::on_schedule, repeat_mode::every_occurrence}) {
            const sum last{.type = type,
                           .interval = 999,
                           .mode = mode,
                           .due = "9999-12-31T23:59:59",
                           .done = "9999-12-31T23:59:59Z"};
            EXPECT_EQ(next(last), "rule_exhausted") << to_string(type) << ' ' << to_string(mode);
        }
    EXPECT_EQ(next({.due = "9999-12-30", .done = "9999-12-30T12:00:00Z"}), "9999-12-31");
    EXPECT_EQ(next({.done = "9999-12-31T12:00:00Z"}), "rule_exhausted");
}

TEST(task_that_does_not_repeat, HasNoNextOccurrence) {
    EXPECT_EQ(next({.type = recurring_type::none, .due = "2026-02-08T09:00", .done = "2026-02-08T10:00:00Z"}),
              "not_recurring");
}

// the instant of a due date

TEST(due_instant, OfATimeIsThatTime) {
    EXPECT_EQ(due_instant(due_at("2026-02-08T09:00"), zone("Europe/Berlin")), at("2026-02-08T08:00:00Z"));
    EXPECT_EQ(due_instant(due_at("2026-03-29T02:30"), zone("Europe/Berlin")), at("2026-03-29T01:30:00Z"));
}

TEST(due_instant, OfADayIsTheNextMidnight) {
    EXPECT_EQ(due_instant(due_at("2026-02-08"), {}), at("2026-02-09T00:00:00Z"));
    EXPECT_EQ(due_instant(due_at("2026-03-29"), zone("Europe/Berlin")), at("2026-03-29T22:00:00Z"));
    EXPECT_EQ(due_instant(due_at("2024-09-07"), zone("America/Santiago")),
              at("2024-09-08T04:00:00Z"));  // no midnight then
    EXPECT_EQ(due_instant(due_at("9999-12-31"), {}) - at("9999-12-31T00:00:00Z"), 24h);
}

}  // namespace
}  // namespace rondo
