// That lists are read from an index in their order, and searches from the text index.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "store/sqlite/database_file.hpp"
#include "store/sqlite/schema/migrations.hpp"
#include "store/sqlite/sqlite_transaction.hpp"
#include "support/manual_clock.hpp"
#include "support/scratch_store.hpp"
#include "support/seeded_random.hpp"

namespace rondo::test {

using ::testing::HasSubstr;
using ::testing::Not;

class sqlite_plans : public ::testing::Test {
protected:
    sqlite_plans() {
        sqlite::set_up(tx_.on(), sqlite::connection::mode::create);
        sqlite::migrate_memory(tx_.on());
        sqlite3_trace_v2(
            tx_.on().handle(), SQLITE_TRACE_STMT,
            [](unsigned, void* ran, void* statement, void*) {
                static_cast<std::vector<std::string>*>(ran)->push_back(
                    sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
                return 0;
            },
            &ran_);
    }

    /// How SQLite goes about the first statement that `job` runs and that begins so, a line for each step.
    template <class Job>
    std::string plan(Job job, std::initializer_list<std::string_view> beginnings = {""}) {
        job(tx_);  // virtual tables read their own settings at their first use
        ran_.clear();
        job(tx_);
        const auto meant_begins = [&](const std::string& sql) {
            return std::ranges::any_of(beginnings, [&](auto with) { return sql.starts_with(with); });
        };
        const auto found = std::ranges::find_if(ran_, meant_begins);
        if (found == ran_.end())
            throw std::logic_error{"no such statement was run"};
        const std::string meant = *found;
        std::string steps;
        sqlite3_stmt* explained = nullptr;
        sqlite3_prepare_v2(tx_.on().handle(), ("EXPLAIN QUERY PLAN " + meant).c_str(), -1, &explained, nullptr);
        while (sqlite3_step(explained) == SQLITE_ROW)
            steps += std::string{reinterpret_cast<const char*>(sqlite3_column_text(explained, 3))} + "\n";
        sqlite3_finalize(explained);
        return steps;
    }
    std::string list_plan(const task_filter& filter, const page_request& page) {
        return plan([&](sqlite::sqlite_transaction& tx) { tx.list_tasks({}, filter, page); },
                    {"SELECT t.number", "WITH hits"});
    }

    manual_clock time_;
    seeded_random random_;
    std::vector<std::string> ran_;
    sqlite::sqlite_transaction tx_{":memory:",
                                   sqlite::connection::mode::create,
                                   {.time = time_, .random = random_, .encode_event = encode_nothing}};
};

TEST_F(sqlite_plans, EachSortIsReadFromItsIndexInOrder) {
    const std::pair<sort_key, const char*> indexes[] = {{sort_key::created_at, "tasks_by_created"},
                                                        {sort_key::due_date, "tasks_by_due"},
                                                        {sort_key::updated_at, "tasks_by_updated"},
                                                        {sort_key::priority, "tasks_by_priority"},
                                                        {sort_key::title, "tasks_by_title"}};
    for (const auto& [sort, index] : indexes)
        for (const bool descending : {false, true})
            for (const bool later_page : {false, true}) {
                page_request page{.sort = sort, .descending = descending, .limit = 10, .after = std::nullopt};
                if (later_page)
                    page.after = task_cursor{.key = std::int64_t{1}, .last = {}};
                for (const auto status : {std::optional<task_status>{}, std::optional{task_status::pending}}) {
                    task_filter filter;
                    filter.status = status;
                    const std::string steps = list_plan(filter, page);
                    EXPECT_THAT(steps, HasSubstr(std::string{"SEARCH t USING INDEX "} + index + " (owner=?"));
                    EXPECT_THAT(steps, Not(HasSubstr("TEMP B-TREE"))) << steps;
                    if (later_page)
                        EXPECT_THAT(steps, HasSubstr(descending ? "<(?,?)" : ">(?,?)")) << steps;
                }
            }
}

TEST_F(sqlite_plans, SelectiveFiltersAreReadFromTheirIndexFirst) {
    task_filter filter;
    filter.parent = task_id{};
    EXPECT_THAT(list_plan(filter, {}), HasSubstr("USING COVERING INDEX tasks_by_parent (parent=?)"));
    filter = {};
    filter.series = task_id{};
    EXPECT_THAT(list_plan(filter, {}), HasSubstr("USING COVERING INDEX tasks_by_series (series=?)"));
    filter = {};
    filter.tag = tag_id{};
    EXPECT_THAT(list_plan(filter, {}), HasSubstr("USING COVERING INDEX task_tags_by_tag (tag=?)"));
    filter = {};
    filter.tag_names = {"home"};
    EXPECT_THAT(list_plan(filter, {}), HasSubstr("(owner=? AND name_key=?)"));
    filter = {};
    filter.text = "milk";
    const std::string steps = list_plan(filter, {});
    EXPECT_THAT(steps, HasSubstr("SCAN task_text VIRTUAL TABLE"));
    EXPECT_THAT(steps, HasSubstr("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"));
    filter = {};
    filter.overdue = true;
    const page_request by_due{.sort = sort_key::due_date, .descending = false, .limit = 10, .after = std::nullopt};
    EXPECT_THAT(list_plan(filter, by_due), HasSubstr("tasks_by_due (owner=? AND due_at<?)"));
    filter = {};
    filter.due_after = due_bound{};
    EXPECT_THAT(list_plan(filter, by_due), HasSubstr("tasks_by_due (owner=? AND due_at>? AND due_at<?)"));
    filter.due_before = due_bound{};
    const std::string range = list_plan(filter, by_due);
    EXPECT_THAT(range, HasSubstr("tasks_by_due (owner=? AND due_at>? AND due_at<?)"));
    EXPECT_THAT(range, Not(HasSubstr("TEMP B-TREE")));
}

TEST_F(sqlite_plans, NothingThatRunsOftenScansATable) {
    const auto expect_searched = [&](const std::string& steps) { EXPECT_THAT(steps, Not(HasSubstr("SCAN"))) << steps; };
    using tx = sqlite::sqlite_transaction;
    expect_searched(plan([](tx& t) { t.find_task({}, {}); }));
    expect_searched(plan([](tx& t) { t.find_child_made_by({}, {}); }));
    expect_searched(plan([](tx& t) { t.find_session_user({}); }));
    expect_searched(plan([](tx& t) { t.find_user_by_email("a"); }));
    expect_searched(plan([](tx& t) { t.find_refresh_token({}); }));
    expect_searched(plan([](tx& t) { t.list_trash({}, {}, 1); }));
    expect_searched(plan([](tx& t) { t.list_tags({}); }));
    expect_searched(plan([](tx& t) { t.find_event({}, {}); }));
    expect_searched(plan([](tx& t) { t.list_skips({}, {}, 1); }));
    // Scans of what is nearly empty: unfinished work alone.
    EXPECT_THAT(plan([](tx& t) { t.missing_children(1); }), HasSubstr("SCAN tasks USING INDEX tasks_missing_child"));
    EXPECT_THAT(plan([](tx& t) { t.next_attempt_at(); }), HasSubstr("USING COVERING INDEX outbox_postponed"));
    EXPECT_THAT(plan([](tx& t) { t.pending_events(1, {}); }), HasSubstr("USING COVERING INDEX outbox_postponed"));
}

TEST_F(sqlite_plans, EventsAndCompletionsAreReadFromTheirIndexInOrder) {
    using tx = sqlite::sqlite_transaction;
    const auto expect_read_in_order = [&](const std::string& steps, const char* how) {
        EXPECT_THAT(steps, HasSubstr(how));
        EXPECT_THAT(steps, Not(HasSubstr("TEMP B-TREE")));
    };
    for (const bool newest_first : {false, true})
        for (const auto type : {std::optional<event_type>{}, std::optional{event_type::completed}}) {
            event_filter filter{.type = type, .after = 1, .before = 9, .newest_first = newest_first};
            expect_read_in_order(plan([&](tx& t) { t.list_events({}, filter, 1); }), "events_by_owner (owner=?");
            filter.subject = task_id{};
            expect_read_in_order(plan([&](tx& t) { t.list_events({}, filter, 1); }), "events_by_subject (subject=?");
        }
    expect_read_in_order(plan([](tx& t) { t.find_event({}, {}); }), "events_by_id (id=?)");
    expect_read_in_order(plan([](tx& t) { t.list_skips({}, {}, 1); }), "events_of_skips (owner=? AND at>? AND at<?)");
    EXPECT_THAT(plan([](tx& t) { t.list_completions({}, {}, 1); }),
                HasSubstr("tasks_by_completion (owner=? AND completed_at>? AND completed_at<?)"));
    EXPECT_THAT(plan([](tx& t) { t.list_series({}, {}, 1); }), HasSubstr("tasks_by_series (series=?)"));
}

}  // namespace rondo::test
