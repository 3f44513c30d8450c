#include "events/event_snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "events/event_json.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using test::at;
using test::due_at;
using test::zone;

const task_id some_id = *parse_id<task_id>("0198c0de-0000-7000-8000-000000000002");
const user_id some_user = *parse_id<user_id>("0198c0de-0000-7000-8000-000000000003");

stored_event stored(const task& told) {
    return {.sequence = 1,
            .id = {},
            .type = event_type::updated,
            .owner = told.owner,
            .subject = told.id,
            .at = {},
            .traceparent = {},
            .data = encode_event_data(
                {.id = {}, .type = event_type::updated, .at = {}, .traceparent = {}, .snapshot = told})};
}

task some_task() {
    return {.id = some_id,
            .owner = some_user,
            .title = "Water \"the\" plants",
            .zone = zone("Europe/Berlin"),
            .series = some_id};
}

/// What an event tells of a task.
task told_of(task whole) {
    whole.source.reset();
    whole.ended.reset();
    whole.created_at = whole.updated_at = {};
    for (tag& one : whole.tags)
        one = {.id = {}, .owner = whole.owner, .name = one.name, .color = tag_default_color, .created_at = {}};
    return whole;
}

TEST(snapshot, OfAnEmptyTaskIsTheTask) {
    EXPECT_EQ(decode_snapshot(stored(some_task())), some_task());
}

TEST(snapshot, HoldsAllThatTheEventTells) {
    task whole = some_task();
    whole.description = "x\ny\x01";
    whole.status = task_status::done;
    whole.priority = task_priority::urgent;
    whole.tags = {
        {.id = {}, .owner = some_user, .name = "grün", .color = "#000000", .created_at = at("2026-01-01T00:00:00Z")}};
    whole.due = due_at("2026-02-12T09:00");
    whole.series_start = due_at("2026-01-06T08:30");
    whole.moved_from = due_at("2026-02-10T08:30");
    whole.repeat = {.type = recurring_type::custom,
                    .interval = 3,
                    .rule = "FREQ=DAILY;BYDAY=TU;COUNT=9",
                    .counts_start = true,
                    .mode = repeat_mode::every_occurrence,
                    .end = at("2026-12-31T22:59:59.999Z")};
    whole.parent = *parse_id<task_id>("0198c0de-0000-7000-8000-000000000004");
    whole.series = *parse_id<task_id>("0198c0de-0000-7000-8000-000000000005");
    whole.source = whole.parent;
    whole.occurrence = 7;
    whole.version = 4;
    whole.completed_at = at("2026-02-12T10:00:00.123Z");
    EXPECT_EQ(decode_snapshot(stored(whole)), told_of(whole));

    whole.due = due_at("2026-02-12");
    whole.series_start = due_at("2026-01-06");
    whole.moved_from.reset();
    whole.repeat.end = std::chrono::floor<std::chrono::days>(due_at("2026-12-31").wall);
    EXPECT_EQ(decode_snapshot(stored(whole)), told_of(whole));
}

TEST(snapshot, KeepsTheTimeOfDayThatClocksLeaveOutOrShowTwice) {
    task odd = some_task();
    for (const char* start : {"2026-03-29T02:30", "2026-10-25T02:30", "1880-01-01T09:00"}) {
        odd.series_start = due_at(start);
        odd.moved_from = due_at(start);
        const auto read = decode_snapshot(stored(odd));
        ASSERT_TRUE(read) << start;
        EXPECT_EQ(read->series_start, odd.series_start) << start;
        EXPECT_EQ(read->moved_from, odd.moved_from) << start;
    }
}

TEST(snapshot, KeepsTheDueDateThatClocksLeaveOutOrShowTwice) {
    const struct {
        const char* zone;
        due when;
    } cases[]{
        {"Europe/Berlin", {.wall = due_at("2026-10-25T02:30").wall, .second = true}},
        {"Europe/Berlin", due_at("2026-10-25T02:30")},
        {"Europe/Berlin", due_at("2026-03-29T02:30")},
        {"America/Nuuk", due_at("2026-03-28T23:30")},
        {"Pacific/Apia", due_at("2011-12-30T09:00")},
        {"Pacific/Apia", due_at("2011-12-30")},
        {"Pacific/Kiritimati", due_at("1994-12-31")},
        {"America/Havana", {.wall = due_at("2025-11-02T00:15").wall, .second = true}},
    };
    for (const auto& one : cases) {
        task odd = some_task();
        odd.zone = zone(one.zone);
        odd.due = odd.moved_from = one.when;
        EXPECT_EQ(decode_snapshot(stored(odd)), odd) << one.zone << stored(odd).data;
    }
}

TEST(snapshot, OfAnEventFromBeforeCountsTheMembersAlone) {
    task counted = some_task();
    counted.due = counted.series_start = due_at("2026-02-05");
    counted.repeat = {.type = recurring_type::custom,
                      .rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=2",
                      .counts_start = true,
                      .mode = repeat_mode::on_schedule};
    stored_event old = stored(counted);
    const std::string added = R"(,"counts_start":true)";
    old.data.erase(old.data.find(added), added.size());
    counted.repeat.counts_start = false;
    EXPECT_EQ(decode_snapshot(old), counted);
    EXPECT_EQ(stored(counted).data, old.data);
}

TEST(snapshot, OfAnOldEventLacksTheSeriesStartAlone) {
    stored_event old = stored(some_task());
    const std::string added = R"("series_start":null,)";
    const auto where = old.data.find(added);
    ASSERT_NE(where, std::string::npos);
    old.data.erase(where, added.size());
    EXPECT_EQ(decode_snapshot(old), some_task());
}

TEST(snapshot, IsNothingWhereTheDataCannotBeRead) {
    stored_event bad = stored(some_task());
    for (const std::string data : {"", "{", "[]", "{}", "null"}) {
        bad.data = data;
        EXPECT_FALSE(decode_snapshot(bad)) << data;
    }
    const std::string good = stored(some_task()).data;
    for (const auto& [written, instead] : {std::pair{"\"Europe/Berlin\"", "5"}, {"pending", "lost"}, {"medium", ""}}) {
        bad.data = good;
        bad.data.replace(good.find(written), std::string_view{written}.size(), instead);
        EXPECT_FALSE(decode_snapshot(bad)) << instead;
    }
}

TEST(snapshot, IsReadWhereTheTzDatabaseHasLostItsZone) {
    stored_event told = stored(some_task());
    const std::string_view known = "Europe/Berlin", lost = "Europe/Atlantis";
    told.data.replace(told.data.find(known), known.size(), lost);
    const auto read = decode_snapshot(told);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->zone.name(), lost);
}

}  // namespace
}  // namespace rondo
