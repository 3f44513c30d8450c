#include "domain/task.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::due_at;
using test::zone;

const instant now = at("2026-02-08T12:00:00Z");

date_or_time when(std::string_view text) {
    return parse_date_or_time(text).value();
}

/// A task made from these fields on top of a title.
task made(task_changes fields) {
    if (!fields.title)
        fields.title = "Water the plants";
    return apply({}, fields, now).value();
}

task changed(const task& before, const task_changes& changes) {
    return apply(before, changes, now).value();
}

/// The pointers of the faults, in their order.
std::vector<std::string> faults_of(const task& before, const task_changes& changes) {
    const auto applied = apply(before, changes, now);
    if (applied)
        return {};
    EXPECT_EQ(applied.error().code, errc::invalid);
    std::vector<std::string> pointers;
    for (const fault& f : applied.error().faults)
        pointers.push_back(f.pointer);
    return pointers;
}

std::vector<std::string> faults_of(task_changes fields) {
    if (!fields.title)
        fields.title = "Water the plants";
    return faults_of(task{}, fields);
}

using pointers = std::vector<std::string>;

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    while (times-- > 0)
        all += text;
    return all;
}

TEST(wire_names, GoBothWays) {
    for (const auto* name : {"pending", "in_progress", "done", "cancelled"})
        EXPECT_EQ(to_string(parse_status(name).value()), name);
    for (const auto* name : {"low", "medium", "high", "urgent"})
        EXPECT_EQ(to_string(parse_priority(name).value()), name);
    for (const auto* name : {"none", "daily", "weekly", "monthly", "yearly", "custom"})
        EXPECT_EQ(to_string(parse_recurring_type(name).value()), name);
    for (const auto* name : {"after_completion", "on_schedule", "every_occurrence"})
        EXPECT_EQ(to_string(parse_repeat_mode(name).value()), name);
    for (const auto* name : {"not_recurring", "completed_after_end", "next_after_end", "rule_exhausted"})
        EXPECT_EQ(to_string(parse_series_end(name).value()), name);
    EXPECT_EQ(to_string(task_status::in_progress), "in_progress");
    EXPECT_EQ(to_string(task_priority::urgent), "urgent");
    EXPECT_EQ(to_string(recurring_type::yearly), "yearly");
    EXPECT_EQ(to_string(repeat_mode::on_schedule), "on_schedule");
    EXPECT_EQ(to_string(series_end::next_after_end), "next_after_end");
}

TEST(wire_names, AreNothingElse) {
    for (const auto* name : {"", "Done", "done ", "completed", "DAILY"}) {
        EXPECT_FALSE(parse_status(name)) << name;
        EXPECT_FALSE(parse_priority(name)) << name;
        EXPECT_FALSE(parse_recurring_type(name)) << name;
        EXPECT_FALSE(parse_repeat_mode(name)) << name;
        EXPECT_FALSE(parse_series_end(name)) << name;
    }
}

TEST(new_task, TakesTheDefaults) {
    const task fresh = made({});
    EXPECT_EQ(fresh.title, "Water the plants");
    EXPECT_EQ(fresh.status, task_status::pending);
    EXPECT_EQ(fresh.priority, task_priority::medium);
    EXPECT_EQ(fresh.repeat, recurrence{});
    EXPECT_FALSE(fresh.due || fresh.series_start || fresh.completed_at || fresh.description || fresh.parent);
}

TEST(title, IsRequiredOfANewTask) {
    EXPECT_EQ(faults_of(task{}, {}), pointers{"/title"});
    const auto applied = apply({}, {}, now);
    EXPECT_EQ(applied.error().faults[0].message, "is required");
    EXPECT_EQ(faults_of(made({}), {}), pointers{});
}

TEST(title, IsTrimmedOfAllWhiteSpace) {
    EXPECT_EQ(made({.title = "  a  b \t\r\n"}).title, "a  b");
    EXPECT_EQ(made({.title = "\u00a0\u3000\u2003Größe\u2029\u0085"}).title, "Größe");
    for (const auto* empty : {"", " ", "\n", "\u3000\u00a0 \t"})
        EXPECT_EQ(faults_of({.title = empty}), pointers{"/title"}) << '"' << empty << '"';
}

TEST(title, HasTwoHundredCharactersAtMostAfterTrimming) {
    EXPECT_EQ(made({.title = " " + std::string(200, 'x') + " "}).title.size(), 200u);
    EXPECT_EQ(faults_of({.title = std::string(201, 'x')}), pointers{"/title"});
    EXPECT_EQ(faults_of({.title = repeated("😀", 200)}), pointers{});
    EXPECT_EQ(faults_of({.title = repeated("😀", 201)}), pointers{"/title"});
}

TEST(description, HasTenThousandCharactersAtMostAndMayBeEmptyOrNothing) {
    EXPECT_EQ(made({.description = ""}).description, "");
    EXPECT_EQ(made({.description = repeated("ß", 10'000)}).description->size(), 20'000u);
    EXPECT_EQ(faults_of({.description = repeated("ß", 10'001)}), pointers{"/description"});
    const task with = made({.description = " keep my spaces "});
    EXPECT_EQ(with.description, " keep my spaces ");
    EXPECT_EQ(changed(with, {.description = std::optional<std::string>{}}).description, std::nullopt);
    EXPECT_EQ(changed(with, {}).description, " keep my spaces ");
}

TEST(changes, ThatAreNotGivenLeaveTheTaskAsItIs) {
    const task before = made({.description = "d",
                              .status = task_status::in_progress,
                              .priority = task_priority::urgent,
                              .due_date = when("2026-02-08T09:00"),
                              .zone = zone("Europe/Berlin"),
                              .type = recurring_type::weekly,
                              .interval = 2,
                              .mode = repeat_mode::on_schedule,
                              .end_date = when("2027-01-01"),
                              .parent = task_id{}});
    const task after = changed(before, {});
    EXPECT_EQ(after.description, before.description);
    EXPECT_EQ(after.status, before.status);
    EXPECT_EQ(after.priority, before.priority);
    EXPECT_EQ(after.due, before.due);
    EXPECT_EQ(after.series_start, before.series_start);
    EXPECT_EQ(after.zone, before.zone);
    EXPECT_EQ(after.repeat, before.repeat);
    EXPECT_EQ(after.parent, before.parent);
}

TEST(faults, AreAllReportedAtOnce) {
    EXPECT_EQ(faults_of({.title = " ",
                         .description = std::string(10'001, 'x'),
                         .due_date = when("0001-01-01T00:00+14:00"),
                         .type = recurring_type::custom,
                         .interval = 0,
                         .end_date = when("0001-01-01T00:00+14:00"),
                         .completed_at = now}),
              (pointers{"/title", "/description", "/due_date", "/recurring_interval", "/recurrence_rule",
                        "/recurring_end_date", "/completed_at"}));
}

TEST(faults, ChangeNothingButTellWhat) {
    const auto applied = apply(made({}), {.title = "new", .interval = 1000}, now);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().faults, (std::vector<fault>{{"/recurring_interval", "must be 1 to 999"}}));
}

// due dates

TEST(due_date, IsADayAWallClockTimeOrAnInstantInTheTasksZone) {
    const time_zone berlin = zone("Europe/Berlin");
    EXPECT_EQ(made({.due_date = when("2026-02-08"), .zone = berlin}).due, due_at("2026-02-08"));
    EXPECT_EQ(made({.due_date = when("2026-02-08T09:00"), .zone = berlin}).due, due_at("2026-02-08T09:00"));
    EXPECT_EQ(made({.due_date = when("2026-02-08T09:00:00.9Z"), .zone = berlin}).due, due_at("2026-02-08T10:00"));
    EXPECT_EQ(made({.due_date = when("2026-02-08T23:30-05:00"), .zone = berlin}).due, due_at("2026-02-09T05:30"));
}

TEST(due_date, StaysInTheCalendarOfItsZone) {
    EXPECT_EQ(faults_of({.due_date = when("0001-01-01T00:00Z"), .zone = zone("America/New_York")}),
              pointers{"/due_date"});
    EXPECT_EQ(faults_of({.due_date = when("9999-12-31T23:00Z"), .zone = zone("Asia/Tokyo")}), pointers{"/due_date"});
    EXPECT_EQ(faults_of({.due_date = when("9999-12-31T23:00Z"), .zone = zone("America/New_York")}), pointers{});
    EXPECT_EQ(faults_of({.due_date = when("9999-12-31")}), pointers{});
}

TEST(due_date, GivenBackIsNoChange) {
    task before =
        made({.due_date = when("2026-03-29T02:30"), .zone = zone("Europe/Berlin"), .type = recurring_type::daily});
    before.series_start = due_at("2026-03-01T02:30");
    for (const auto* same : {"2026-03-29T02:30", "2026-03-29T03:30+02:00", "2026-03-29T03:30", "2026-03-29T01:30Z"}) {
        const task after = changed(before, {.due_date = when(same)});
        EXPECT_EQ(after.due, due_at("2026-03-29T02:30")) << same;  // the clock it would have shown, not 03:30
        EXPECT_EQ(after.series_start, before.series_start) << same;
    }
    for (const auto* other : {"2026-03-29", "2026-03-29T03:31", "2026-03-29T01:30"})
        EXPECT_NE(changed(before, {.due_date = when(other)}).due, before.due) << other;
}

TEST(custom_rule, IsKeptOnOneLine) {
    const task folded = made({.due_date = when("2026-02-05"),
                              .type = recurring_type::custom,
                              .rule = "RRULE:FREQ=WEEKLY;\r\n BYDAY=MO\r\n"});
    EXPECT_EQ(folded.repeat.rule, "RRULE:FREQ=WEEKLY;BYDAY=MO");
}

TEST(due_date, GivenBackAsADayIsNoChange) {
    task before = made({.due_date = when("2026-02-28"), .type = recurring_type::monthly});
    before.series_start = due_at("2026-01-31");
    const task after = changed(before, {.due_date = when("2026-02-28")});
    EXPECT_EQ(after.due, before.due);
    EXPECT_EQ(after.series_start, before.series_start);
    EXPECT_EQ(changed(before, {.due_date = when("2026-02-28T00:00")}).due, due_at("2026-02-28T00:00"));
}

TEST(zone, KeepsTheWallClockWhenItChangesAlone) {
    const task before = made({.due_date = when("2026-02-08T09:00"), .type = recurring_type::daily});
    const task after = changed(before, {.zone = zone("Asia/Tokyo")});
    EXPECT_EQ(after.due, due_at("2026-02-08T09:00"));
    EXPECT_EQ(after.series_start, before.series_start);
    EXPECT_EQ(changed(before, {.due_date = when("2026-02-08T09:00Z"), .zone = zone("Asia/Tokyo")}).due,
              due_at("2026-02-08T18:00"));
}

// rules

TEST(interval, IsOneToNineHundredNinetyNine) {
    for (const int good : {1, 2, 999})
        EXPECT_EQ(made({.interval = good}).repeat.interval, good);
    for (const int bad : {0, -1, 1000, 2'147'483'647, -2'147'483'647 - 1})
        EXPECT_EQ(faults_of({.interval = bad}), pointers{"/recurring_interval"}) << bad;
}

TEST(mode, ThatCountsFromTheDueDateNeedsOne) {
    for (const auto mode : {repeat_mode::on_schedule, repeat_mode::every_occurrence}) {
        EXPECT_EQ(faults_of({.type = recurring_type::daily, .mode = mode}), pointers{"/due_date"});
        EXPECT_EQ(faults_of({.mode = mode}), pointers{"/due_date"});
        const task with = made({.due_date = when("2026-02-08"), .type = recurring_type::daily, .mode = mode});
        EXPECT_EQ(faults_of(with, {.due_date = std::optional<date_or_time>{}}), pointers{"/due_date"});
        const task ended = changed(with, {.due_date = std::optional<date_or_time>{}, .type = recurring_type::none});
        EXPECT_EQ(faults_of(ended, {.mode = mode}), pointers{});  // given back
        EXPECT_EQ(faults_of(ended, {.type = recurring_type::daily}), pointers{"/due_date"});
    }
    EXPECT_EQ(faults_of({.type = recurring_type::daily, .mode = repeat_mode::after_completion}), pointers{});
}

TEST(mode, ThatIsBadlyDatedIsNotBlamedForIt) {
    EXPECT_EQ(faults_of({.due_date = when("0001-01-01T00:00+14:00"),
                         .type = recurring_type::daily,
                         .mode = repeat_mode::on_schedule}),
              pointers{"/due_date"});
}

TEST(mode, OfNullIsTheDefault) {
    const task before =
        made({.due_date = when("2026-02-08"), .type = recurring_type::daily, .mode = repeat_mode::on_schedule});
    EXPECT_EQ(changed(before, {.mode = std::optional<repeat_mode>{}}).repeat.mode, repeat_mode::after_completion);
}

TEST(custom_rule, IsKeptAsItWasWritten) {
    const task made_so =
        made({.due_date = when("2026-02-08"), .type = recurring_type::custom, .rule = " RRULE:FREQ=daily "});
    EXPECT_EQ(made_so.repeat.rule, "RRULE:FREQ=daily");
    EXPECT_EQ(made_so.repeat.mode, repeat_mode::on_schedule);
    EXPECT_EQ(made_so.series_start, due_at("2026-02-08"));
}

TEST(custom_rule, NeedsARuleADueDateAndAMode) {
    const auto date = when("2026-02-08");
    const auto custom = recurring_type::custom;
    EXPECT_EQ(faults_of({.type = custom, .rule = "FREQ=DAILY"}), pointers{"/due_date"});
    EXPECT_EQ(faults_of({.due_date = date, .type = custom}), pointers{"/recurrence_rule"});
    EXPECT_EQ(faults_of({.due_date = date, .type = custom, .rule = " "}), pointers{"/recurrence_rule"});
    EXPECT_EQ(faults_of({.due_date = date, .type = custom, .rule = std::optional<std::string>{}}),
              pointers{"/recurrence_rule"});
    EXPECT_EQ(
        faults_of({.due_date = date, .type = custom, .rule = "FREQ=DAILY", .mode = repeat_mode::after_completion}),
        pointers{"/repeat_mode"});
    const task before = made({.due_date = date, .type = custom, .rule = "FREQ=DAILY"});
    EXPECT_EQ(faults_of(before, {.due_date = std::optional<date_or_time>{}}), pointers{"/due_date"});
    EXPECT_EQ(faults_of(before, {.rule = std::optional<std::string>{}}), pointers{"/recurrence_rule"});
}

TEST(custom_rule, IsRefusedWithTheReason) {
    for (const auto* rule : {"FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;BYMINUTE=9", "FREQ=DAILY;BYSECOND=9",
                             "FREQ=DAILY;COUNT=2;UNTIL=20270101", "nonsense", "FREQ=DAILY;COUNT=10001"})
        EXPECT_EQ(faults_of({.due_date = when("2026-02-08"), .type = recurring_type::custom, .rule = rule}),
                  pointers{"/recurrence_rule"})
            << rule;
    const auto too_long = "FREQ=DAILY;BYMONTHDAY=1" + std::string(512, '1');
    EXPECT_EQ(faults_of({.due_date = when("2026-02-08"), .type = recurring_type::custom, .rule = too_long}),
              pointers{"/recurrence_rule"});
}

TEST(custom_rule, ThatNeverOccursIsRefused) {
    for (const auto* rule :
         {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=DAILY;UNTIL=20260207",
          "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31"})
        EXPECT_EQ(faults_of({.due_date = when("2026-02-08T09:00"), .type = recurring_type::custom, .rule = rule}),
                  pointers{"/recurrence_rule"})
            << rule;
}

TEST(custom_rule, ThatIsOverMayBeMovedLaterAllTheSame) {
    const task before =
        made({.due_date = when("2026-02-08"), .type = recurring_type::custom, .rule = "FREQ=DAILY;UNTIL=20260209"});
    EXPECT_EQ(changed(before, {.due_date = when("2026-03-01")}).due, due_at("2026-03-01"));
}

TEST(custom_rule, TakesAModeThatItKnows) {
    const task simple = made({.due_date = when("2026-02-08"), .type = recurring_type::daily});
    ASSERT_EQ(simple.repeat.mode, repeat_mode::after_completion);
    const task custom = changed(simple, {.type = recurring_type::custom, .rule = "FREQ=DAILY"});
    EXPECT_EQ(custom.repeat.mode, repeat_mode::on_schedule);
    EXPECT_EQ(changed(custom, {.mode = repeat_mode::every_occurrence}).repeat.mode, repeat_mode::every_occurrence);
    const task again = changed(custom, {.type = recurring_type::weekly});
    EXPECT_EQ(again.repeat.rule, "");
    EXPECT_EQ(again.repeat.mode, repeat_mode::on_schedule);
}

TEST(rule_of_another_type, IsRefused) {
    EXPECT_EQ(faults_of({.type = recurring_type::daily, .rule = "FREQ=DAILY"}), pointers{"/recurrence_rule"});
    EXPECT_EQ(faults_of({.type = recurring_type::daily, .rule = std::optional<std::string>{}}), pointers{});
}

TEST(end_date, IsADayOrAnInstant) {
    EXPECT_EQ(made({.end_date = when("2026-02-08")}).repeat.end,
              series_limit{std::get<std::chrono::local_days>(when("2026-02-08"))});
    EXPECT_EQ(made({.end_date = when("2026-02-08T09:00+01:00")}).repeat.end, series_limit{at("2026-02-08T08:00:00Z")});
    EXPECT_EQ(made({.zone = zone("Asia/Tokyo"), .end_date = when("2026-02-08T09:00")}).repeat.end,
              series_limit{at("2026-02-08T00:00:00Z")});
    EXPECT_EQ(changed(made({.end_date = when("2026-02-08")}), {.end_date = std::optional<date_or_time>{}}).repeat.end,
              series_limit{});
}

// the series

task running_series() {
    task t = made({.due_date = when("2026-02-28T09:00"), .type = recurring_type::monthly});
    t.series_start = due_at("2026-01-31T09:00");
    return t;
}

TEST(series, BeginsWithTheFirstDueDate) {
    EXPECT_EQ(made({.due_date = when("2026-02-08")}).series_start, due_at("2026-02-08"));
    EXPECT_EQ(changed(made({}), {.due_date = when("2026-02-08")}).series_start, due_at("2026-02-08"));
    EXPECT_EQ(changed(made({}), {.due_date = when("2026-02-08"), .scope = edit_scope::occurrence}).series_start,
              due_at("2026-02-08"));
}

TEST(series, BeginsAnewWithAnotherDueDateOrRule) {
    const task before = running_series();
    EXPECT_EQ(changed(before, {.due_date = when("2026-02-20T10:00")}).series_start, due_at("2026-02-20T10:00"));
    EXPECT_EQ(changed(before, {.due_date = std::optional<date_or_time>{}}).series_start, std::nullopt);
    EXPECT_EQ(changed(before, {.interval = 2}).series_start, due_at("2026-02-28T09:00"));
    EXPECT_EQ(changed(before, {.type = recurring_type::daily}).series_start, due_at("2026-02-28T09:00"));
    EXPECT_EQ(changed(before, {.mode = repeat_mode::on_schedule}).series_start, due_at("2026-02-28T09:00"));
}

TEST(series, GoesOnWhenNothingOfItChanges) {
    const task before = running_series();
    const task_changes same{.title = "x",
                            .status = task_status::in_progress,
                            .due_date = when("2026-02-28T09:00Z"),
                            .type = recurring_type::monthly,
                            .interval = 1,
                            .rule = std::optional<std::string>{},
                            .mode = repeat_mode::after_completion,
                            .end_date = when("2027-02-08")};
    EXPECT_EQ(changed(before, same).series_start, due_at("2026-01-31T09:00"));
}

TEST(series, GoesOnWhenOnlyThisOccurrenceMoves) {
    const task moved =
        changed(running_series(), {.due_date = when("2026-02-20T10:00"), .scope = edit_scope::occurrence});
    EXPECT_EQ(moved.due, due_at("2026-02-20T10:00"));
    EXPECT_EQ(moved.series_start, due_at("2026-01-31T09:00"));
    const task undated =
        changed(running_series(), {.due_date = std::optional<date_or_time>{}, .scope = edit_scope::occurrence});
    EXPECT_EQ(undated.series_start, due_at("2026-01-31T09:00"));
}

TEST(occurrence_moved_alone, RemembersWhereItStoodInTheSeries) {
    const auto alone = edit_scope::occurrence;
    const task once = changed(running_series(), {.due_date = when("2026-02-20T10:00"), .scope = alone});
    EXPECT_EQ(once.moved_from, due_at("2026-02-28T09:00"));
    const task twice = changed(once, {.due_date = when("2026-02-21T10:00"), .scope = alone});
    EXPECT_EQ(twice.moved_from, due_at("2026-02-28T09:00"));
    EXPECT_EQ(changed(twice, {.title = "x"}).moved_from, due_at("2026-02-28T09:00"));
    EXPECT_EQ(changed(twice, {.due_date = when("2026-02-28T09:00"), .scope = alone}).moved_from, std::nullopt);
    EXPECT_EQ(changed(twice, {.due_date = when("2026-02-22")}).moved_from, std::nullopt);
    EXPECT_EQ(changed(twice, {.interval = 2}).moved_from, std::nullopt);
    EXPECT_EQ(changed(twice, {.due_date = std::optional<date_or_time>{}, .scope = alone}).moved_from, std::nullopt);
}

TEST(occurrence_moved_alone, LeavesItsChildWhereTheSeriesHasIt) {
    task moved = changed(running_series(), {.due_date = when("2026-03-02T10:00"), .scope = edit_scope::occurrence});
    moved = changed(moved, {.status = task_status::done, .completed_at = at("2026-02-05T10:00:00Z")});
    moved.completed_at = at("2026-03-02T12:00:00Z");
    const task child = make_child(moved, {}, now).value();
    EXPECT_EQ(child.due, due_at("2026-03-31T09:00"));
    EXPECT_EQ(child.moved_from, std::nullopt);
}

TEST(skipping, MovesTheSameTaskToItsNextOccurrence) {
    task before = running_series();
    before.status = task_status::in_progress;
    before.occurrence = 2;
    before.moved_from = due_at("2026-02-27T09:00");
    const task after = skip_occurrence(before, at("2026-02-28T08:00:00Z")).value();
    EXPECT_EQ(after.due, due_at("2026-03-31T09:00"));
    EXPECT_EQ(after.series_start, due_at("2026-01-31T09:00"));
    EXPECT_EQ(after.occurrence, 3);
    EXPECT_EQ(after.status, task_status::in_progress);
    EXPECT_EQ(after.moved_from, std::nullopt);
}

TEST(skipping, WithoutANextOccurrenceTellsWhy) {
    EXPECT_EQ(skip_occurrence(made({.due_date = when("2026-02-08")}), now).error(), series_end::not_recurring);
    EXPECT_EQ(
        skip_occurrence(
            made({.due_date = when("2026-02-08"), .type = recurring_type::weekly, .end_date = when("2026-02-14")}), now)
            .error(),
        series_end::next_after_end);
}

// completion

TEST(completion, HappensNowOrWhenTheClientSays) {
    EXPECT_EQ(changed(made({}), {.status = task_status::done}).completed_at, now);
    const instant before = at("2020-01-01T00:00:00.007Z");
    EXPECT_EQ(changed(made({}), {.status = task_status::done, .completed_at = before}).completed_at, before);
    EXPECT_EQ(made({.status = task_status::done, .completed_at = before}).completed_at, before);
}

TEST(completion, LiesNoMoreThanFiveMinutesAhead) {
    EXPECT_EQ(faults_of({.status = task_status::done, .completed_at = now + 5min}), pointers{});
    EXPECT_EQ(faults_of({.status = task_status::done, .completed_at = now + 5min + 1ms}), pointers{"/completed_at"});
    EXPECT_EQ(faults_of({.status = task_status::done, .completed_at = at("0001-01-01T00:00:00+14:00")}),
              pointers{"/completed_at"});
}

TEST(completion, TimeIsTakenWithStatusDoneOnly) {
    EXPECT_EQ(faults_of({.completed_at = now}), pointers{"/completed_at"});
    EXPECT_EQ(faults_of({.status = task_status::cancelled, .completed_at = now}), pointers{"/completed_at"});
    const task done = changed(made({}), {.status = task_status::done});
    EXPECT_EQ(faults_of(done, {.status = task_status::pending, .completed_at = now}), pointers{});  // given back
    EXPECT_EQ(faults_of(done, {.status = task_status::pending, .completed_at = now - 1s}), pointers{"/completed_at"});
}

TEST(completion, IsNotRepeatedOnADoneTask) {
    const task done = changed(made({}), {.status = task_status::done, .completed_at = now - 24h});
    EXPECT_EQ(changed(done, {.status = task_status::done}).completed_at, now - 24h);
    EXPECT_EQ(changed(done, {.status = task_status::done, .completed_at = now}).completed_at, now - 24h);
    EXPECT_EQ(changed(done, {.title = "another"}).completed_at, now - 24h);
}

TEST(completion, IsUndoneByAnyOtherStatus) {
    task done = changed(made({}), {.status = task_status::done});
    done.ended = series_end::not_recurring;
    for (const auto status : {task_status::pending, task_status::in_progress, task_status::cancelled}) {
        const task after = changed(done, {.status = status});
        EXPECT_EQ(after.completed_at, std::nullopt);
        EXPECT_EQ(after.ended, std::nullopt);
    }
}

TEST(end_of_a_done_task, IsFoundAnewAfterItsRuleChanges) {
    task done = changed(running_series(), {.status = task_status::done});
    done.ended = series_end::next_after_end;
    EXPECT_EQ(changed(done, {.title = "another"}).ended, series_end::next_after_end);
    EXPECT_EQ(changed(done, {.end_date = when("2030-01-01")}).ended, std::nullopt);
    EXPECT_EQ(changed(done, {.type = recurring_type::daily}).ended, std::nullopt);
    EXPECT_EQ(changed(done, {.due_date = when("2026-03-01")}).ended, std::nullopt);
}

TEST(parent, IsSetAndCleared) {
    const task_id other{parse_uuid("0190f0c0-abcd-7ef0-8123-456789abcdef").value()};
    const task child = changed(made({}), {.parent = other});
    EXPECT_EQ(child.parent, other);
    EXPECT_EQ(child.source, std::nullopt);
    EXPECT_EQ(changed(child, {.parent = std::optional<task_id>{}}).parent, std::nullopt);
}

}  // namespace
}  // namespace rondo
