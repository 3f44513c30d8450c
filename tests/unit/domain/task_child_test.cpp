#include <gtest/gtest.h>

#include <utility>

#include "domain/task.hpp"
#include "support/seeded_random.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::due_at;
using test::zone;

const instant now = at("2026-02-08T12:00:00Z");

class child : public testing::Test {
protected:
    template <class Id>
    Id some_id() {
        return {make_uuid_v7(now, random_)};
    }

    /// A completed daily task with everything set.
    task completed() {
        task t{.id = some_id<task_id>(),
               .owner = some_id<user_id>(),
               .title = "Water the plants",
               .description = "all of them",
               .status = task_status::done,
               .priority = task_priority::high,
               .due = due_at("2026-02-08T09:00"),
               .zone = zone("Europe/Berlin"),
               .repeat = {.type = recurring_type::daily, .interval = 2, .end = at("2030-01-01T00:00:00Z")},
               .series_start = due_at("2026-02-04T09:00"),
               .series = some_id<task_id>(),
               .occurrence = 3,
               .version = 7,
               .created_at = now - 48h,
               .updated_at = now - 1h,
               .completed_at = now - 1h};
        t.tags = {
            {.id = some_id<tag_id>(), .owner = t.owner, .name = "home", .color = tag_default_color, .created_at = now}};
        t.parent = t.source = some_id<task_id>();
        return t;
    }

    test::seeded_random random_;
};

TEST_F(child, IsTheNextOccurrenceOfTheSameThing) {
    const task parent = completed();
    const auto id = some_id<task_id>();
    const task next = make_child(parent, id, now).value();
    EXPECT_EQ(next.id, id);
    EXPECT_EQ(next.due, due_at("2026-02-10T09:00"));
    EXPECT_EQ(next.owner, parent.owner);
    EXPECT_EQ(next.title, parent.title);
    EXPECT_EQ(next.description, parent.description);
    EXPECT_EQ(next.priority, parent.priority);
    EXPECT_EQ(next.tags, parent.tags);
    EXPECT_EQ(next.zone, parent.zone);
    EXPECT_EQ(next.repeat, parent.repeat);
    EXPECT_EQ(next.series_start, parent.series_start);
    EXPECT_EQ(next.series, parent.series);
    EXPECT_EQ(next.occurrence, 4);
    EXPECT_EQ(next.parent, parent.id);
    EXPECT_EQ(next.source, parent.id);
}

TEST_F(child, IsPendingAndNew) {
    const task next = make_child(completed(), some_id<task_id>(), now).value();
    EXPECT_EQ(next.status, task_status::pending);
    EXPECT_EQ(next.version, 1);
    EXPECT_EQ(next.created_at, now);
    EXPECT_EQ(next.updated_at, now);
    EXPECT_EQ(next.completed_at, std::nullopt);
    EXPECT_EQ(next.ended, std::nullopt);
}

TEST_F(child, CountsFromTheTimeOfCompletionNotFromNow) {
    task parent = completed();
    parent.completed_at = at("2026-02-20T22:59:59Z");  // still the 20th in Berlin
    EXPECT_EQ(make_child(parent, some_id<task_id>(), now)->due, due_at("2026-02-22T09:00"));
}

TEST_F(child, InheritsTheDayThatTheSeriesTookOn) {
    task parent = completed();
    parent.repeat = {.type = recurring_type::monthly};
    parent.due = parent.series_start = due_at("2026-01-15T09:00");
    parent.completed_at = at("2026-01-31T12:00:00Z");
    task next = make_child(parent, some_id<task_id>(), now).value();
    EXPECT_EQ(next.due, due_at("2026-02-28T09:00"));
    EXPECT_EQ(next.series_start, due_at("2026-01-31T09:00"));

    next.status = task_status::done;
    next.completed_at = at("2026-02-28T12:00:00Z");
    EXPECT_EQ(make_child(next, some_id<task_id>(), now)->due, due_at("2026-03-31T09:00"));
}

TEST_F(child, IsNotMadeWhereTheSeriesEnds) {
    task parent = completed();
    parent.repeat.end = at("2026-02-08T11:30:00Z");
    EXPECT_EQ(make_child(parent, some_id<task_id>(), now).error(), series_end::next_after_end);
    parent.repeat.end = at("2026-02-08T10:00:00Z");
    EXPECT_EQ(make_child(parent, some_id<task_id>(), now).error(), series_end::completed_after_end);
    parent.repeat = {};
    EXPECT_EQ(make_child(parent, some_id<task_id>(), now).error(), series_end::not_recurring);
}

TEST_F(child, IsUntouchedUntilSomebodyChangesIt) {
    const task fresh = make_child(completed(), some_id<task_id>(), now).value();
    EXPECT_TRUE(is_untouched(fresh));
    task edited = fresh;
    edited.version = 2;
    EXPECT_FALSE(is_untouched(edited));
    task done = fresh;
    done.status = task_status::done;
    EXPECT_FALSE(is_untouched(done));
}

}  // namespace
}  // namespace rondo
