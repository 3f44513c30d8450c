#include <algorithm>
#include <random>
#include <set>

#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class lists : public store_contract {
protected:
    /// A task added a second after the one before, changed as told.
    task add_with(user_id owner, const std::string& title, const std::function<void(task&)>& change = [](task&) {}) {
        time().advance(1s);
        task made = make_task(owner, title);
        change(made);
        return add(made);
    }
    std::vector<std::string> sorted(sort_key sort, bool descending) {
        return titles(ann.id, {}, {.sort = sort, .descending = descending, .limit = 100, .after = std::nullopt});
    }
    std::vector<std::string> searched(const std::string& text) {
        task_filter filter;
        filter.text = text;
        return titles(ann.id, filter);
    }
    /// All pages of a list, one after the other.
    std::vector<std::string> paged(page_request page, const task_filter& filter = {}) {
        std::vector<std::string> found;
        for (;;) {
            const task_page got = read([&](const transaction& tx) { return tx.list_tasks(ann.id, filter, page); });
            EXPECT_LE(got.tasks.size(), page.limit);
            for (const task& each : got.tasks)
                found.push_back(each.title);
            if (!got.next)
                return found;
            EXPECT_EQ(got.tasks.size(), page.limit);
            page.after = got.next;
        }
    }
};

TEST_P(lists, ShowTheOwnersTasksNewestFirst) {
    EXPECT_THAT(titles(ann.id), IsEmpty());
    add_with(ann.id, "one");
    add_with(bob.id, "his");
    add_with(ann.id, "two");
    EXPECT_THAT(titles(ann.id), ElementsAre("two", "one"));
}

TEST_P(lists, CarryWholeTasksWithTheirTags) {
    const tag home = add_tag(ann.id, "home");
    const tag work = add_tag(ann.id, "work");
    std::vector<task> added;
    for (int i = 0; i < 5; ++i)
        added.push_back(add_with(ann.id, std::to_string(i), [&](task& t) {
            t.description = "d";
            if (i % 2 == 0)
                t.tags = {work, home};
        }));
    const auto found = read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, {}).tasks; });
    ASSERT_EQ(found.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i)
        expect_same(found[i], added[4 - i]);
}

TEST_P(lists, AreSortedByEachKeyBothWays) {
    add_with(ann.id, "beta", [&](task& t) {
        t.priority = task_priority::urgent;
        t.due = day(2026, 5, 1);
        t.updated_at = now() + 1h;
    });
    add_with(ann.id, "Alpha", [&](task& t) { t.priority = task_priority::low; });
    add_with(ann.id, "gamma", [&](task& t) {
        t.priority = task_priority::high;
        t.due = wall(2026, 4, 30, 23, 59);
    });
    EXPECT_THAT(sorted(sort_key::created_at, false), ElementsAre("beta", "Alpha", "gamma"));
    EXPECT_THAT(sorted(sort_key::created_at, true), ElementsAre("gamma", "Alpha", "beta"));
    EXPECT_THAT(sorted(sort_key::due_date, false), ElementsAre("gamma", "beta", "Alpha"));
    EXPECT_THAT(sorted(sort_key::due_date, true), ElementsAre("Alpha", "beta", "gamma"));
    EXPECT_THAT(sorted(sort_key::updated_at, false), ElementsAre("Alpha", "gamma", "beta"));
    EXPECT_THAT(sorted(sort_key::priority, false), ElementsAre("Alpha", "gamma", "beta"));
    EXPECT_THAT(sorted(sort_key::priority, true), ElementsAre("beta", "gamma", "Alpha"));
    EXPECT_THAT(sorted(sort_key::title, false), ElementsAre("Alpha", "beta", "gamma"));
    EXPECT_THAT(sorted(sort_key::title, true), ElementsAre("gamma", "beta", "Alpha"));
}

TEST_P(lists, SortDueDatesByTheirInstant) {
    add_with(ann.id, "Tokyo", [](task& t) {
        t.due = wall(2026, 5, 1, 9, 0);
        t.zone = zone("Asia/Tokyo");
    });
    add_with(ann.id, "New York", [](task& t) {
        t.due = wall(2026, 5, 1, 8, 0);
        t.zone = zone("America/New_York");
    });
    EXPECT_THAT(sorted(sort_key::due_date, false), ElementsAre("Tokyo", "New York"));
}

TEST_P(lists, ComeInPagesThatMissAndRepeatNothing) {
    std::mt19937 dice{7};
    const std::vector<std::string> same_titles{"a", "A", "b", "B", "ä"};
    for (int i = 0; i < 60; ++i)
        add([&] {
            if (i % 7 == 0)
                time().advance(1ms);  // many share an instant
            task made = make_task(ann.id, same_titles[dice() % same_titles.size()]);
            made.priority = static_cast<task_priority>(dice() % 4);
            if (dice() % 3 != 0)
                made.due = day(2026, 5, 1 + dice() % 5);
            made.updated_at = now() + std::chrono::milliseconds{dice() % 5};
            made.description = std::to_string(i);
            return made;
        }());
    for (const sort_key sort :
         {sort_key::created_at, sort_key::due_date, sort_key::updated_at, sort_key::priority, sort_key::title})
        for (const bool descending : {false, true}) {
            const page_request whole{.sort = sort, .descending = descending, .limit = 100, .after = std::nullopt};
            std::vector<task_id> all;
            for (const task& each : read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, whole).tasks; }))
                all.push_back(each.id);
            ASSERT_EQ(all.size(), 60u);
            for (const std::size_t limit : {1u, 7u, 30u, 59u, 60u}) {
                std::vector<task_id> seen;
                page_request page{.sort = sort, .descending = descending, .limit = limit, .after = std::nullopt};
                do {
                    const auto got = read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, page); });
                    for (const task& each : got.tasks)
                        seen.push_back(each.id);
                    page.after = got.next;
                } while (page.after && seen.size() <= all.size());
                EXPECT_EQ(seen, all) << "sort " << static_cast<int>(sort) << " descending " << descending << " limit "
                                     << limit;
            }
        }
}

TEST_P(lists, StayStableWhenTasksAreInsertedBetweenPages) {
    for (const char* title : {"one", "two", "three", "four"})
        add_with(ann.id, title);
    page_request page{.sort = sort_key::created_at, .descending = true, .limit = 2, .after = std::nullopt};
    const task_page first = read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, page); });
    ASSERT_TRUE(first.next);
    add_with(ann.id, "five");
    page.after = first.next;
    EXPECT_THAT(titles(ann.id, {}, page), ElementsAre("two", "one"));
}

TEST_P(lists, SayThatThereIsNoNextPageOnTheLast) {
    add_with(ann.id, "one");
    add_with(ann.id, "two");
    const auto next = [&](std::size_t limit) {
        return read([&](const transaction& tx) {
            return tx
                .list_tasks(ann.id, {}, {.sort = sort_key::title, .descending = false, .limit = limit, .after = {}})
                .next.has_value();
        });
    };
    EXPECT_TRUE(next(1));
    EXPECT_FALSE(next(2));
    EXPECT_FALSE(next(3));
}

TEST_P(lists, AreFilteredByStatusPriorityAndRecurrence) {
    add_with(ann.id, "plain");
    add_with(ann.id, "done", [](task& t) { t.status = task_status::done; });
    add_with(ann.id, "high", [](task& t) { t.priority = task_priority::high; });
    add_with(ann.id, "daily", [](task& t) { t.repeat.type = recurring_type::daily; });
    task_filter filter;
    filter.status = task_status::done;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("done"));
    filter = {};
    filter.priority = task_priority::high;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("high"));
    filter = {};
    filter.recurring = true;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("daily"));
    filter.recurring = false;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("high", "done", "plain"));
    filter.status = task_status::pending;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("high", "plain"));
}

TEST_P(lists, AreFilteredByDueDateBeforeAndAtOrAfter) {
    add_with(ann.id, "never");
    add_with(ann.id, "eight", [](task& t) { t.due = wall(2026, 5, 1, 8, 0); });
    add_with(ann.id, "nine", [](task& t) { t.due = wall(2026, 5, 1, 9, 0); });
    const instant nine = due_instant(wall(2026, 5, 1, 9, 0), {});
    task_filter filter;
    const auto bound = [](instant at) {
        const auto day = std::chrono::floor<std::chrono::days>(at);
        return due_bound{.at = at, .day = std::chrono::local_days{day.time_since_epoch()}};
    };
    filter.due_before = bound(nine);
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("eight"));
    filter = {};
    filter.due_after = bound(nine);
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("nine"));
    filter.due_after = bound(nine - 1h);
    filter.due_before = bound(nine + 1ms);
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("nine", "eight"));
}

TEST_P(lists, AreFilteredByBeingOverdue) {
    const due past = wall(2026, 2, 1, 8, 0);
    add_with(ann.id, "never");
    add_with(ann.id, "late", [&](task& t) { t.due = past; });
    add_with(ann.id, "late, begun", [&](task& t) { t.due = past, t.status = task_status::in_progress; });
    add_with(ann.id, "done", [&](task& t) { t.due = past, t.status = task_status::done; });
    add_with(ann.id, "cancelled", [&](task& t) { t.due = past, t.status = task_status::cancelled; });
    add_with(ann.id, "to come", [&](task& t) { t.due = wall(2027, 1, 1, 0, 0); });
    task_filter filter;
    filter.now = due_instant(past, {}) + 1ms;
    filter.overdue = true;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("late, begun", "late"));
    filter.overdue = false;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("to come", "cancelled", "done", "never"));
    filter.now = due_instant(past, {});
    filter.overdue = true;
    EXPECT_THAT(titles(ann.id, filter), IsEmpty());
}

TEST_P(lists, AreFilteredByTag) {
    const tag home = add_tag(ann.id, "Home");
    const tag work = add_tag(ann.id, "Work");
    add_with(ann.id, "home", [&](task& t) { t.tags = {home}; });
    add_with(ann.id, "both", [&](task& t) { t.tags = {work, home}; });
    add_with(ann.id, "none");
    task_filter filter;
    filter.tag = home.id;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("both", "home"));
    EXPECT_THAT(titles(bob.id, filter), IsEmpty());
    filter = {};
    filter.tag_names = {"HOME"};
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("both", "home"));
    filter.tag_names = {"home", "work"};
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("both"));
    filter.tag_names = {"home", "nothing"};
    EXPECT_THAT(titles(ann.id, filter), IsEmpty());
}

TEST_P(lists, AreFilteredBySeriesAndParent) {
    const task first = add_with(ann.id, "first");
    const task second = add_with(ann.id, "second", [&](task& t) { t.series = first.id, t.parent = first.id; });
    add_with(ann.id, "third", [&](task& t) { t.series = first.id, t.parent = second.id; });
    add_with(ann.id, "elsewhere");
    task_filter filter;
    filter.series = first.id;
    EXPECT_THAT(titles(ann.id, filter, {.sort = sort_key::created_at, .descending = false, .limit = 9, .after = {}}),
                ElementsAre("first", "second", "third"));
    EXPECT_THAT(titles(bob.id, filter), IsEmpty());
    filter.series = second.id;
    EXPECT_THAT(titles(ann.id, filter), IsEmpty());
    filter = {};
    filter.parent = first.id;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("second"));
    EXPECT_THAT(titles(bob.id, filter), IsEmpty());
    filter.series = first.id;
    EXPECT_THAT(titles(ann.id, filter), ElementsAre("second"));
}

TEST_P(lists, AreSearchedByWordsInTitleDescriptionAndTags) {
    const tag home = add_tag(ann.id, "Garden work");
    add_with(ann.id, "Buy milk", [](task& t) { t.description = "two bottles, for the Müsli"; });
    add_with(ann.id, "Water the roses", [&](task& t) { t.tags = {home}; });
    add_with(ann.id, "Call Bob");
    add_with(bob.id, "Buy milk too");
    EXPECT_THAT(searched("MILK"), ElementsAre("Buy milk"));
    EXPECT_THAT(searched("bottles buy"), ElementsAre("Buy milk"));
    EXPECT_THAT(searched("musli"), ElementsAre("Buy milk"));
    EXPECT_THAT(searched("garden"), ElementsAre("Water the roses"));
    EXPECT_THAT(searched("roses garden"), ElementsAre("Water the roses"));
    EXPECT_THAT(searched("milk garden"), IsEmpty());
    EXPECT_THAT(searched("bot"), ElementsAre("Buy milk")) << "the last word may be cut short";
    EXPECT_THAT(searched("bot buy"), IsEmpty()) << "the others may not";
    EXPECT_THAT(searched(""), ElementsAre("Call Bob", "Water the roses", "Buy milk"));
    EXPECT_THAT(searched(to_string(ann.id)), IsEmpty());
}

TEST_P(lists, TakeNothingInASearchForSyntax) {
    add_with(ann.id, R"(Read "C++" OR die, title: no*)", [](task& t) { t.description = "NEAR(x y) -- ' ; ^"; });
    add_with(ann.id, "other");
    const std::string found = R"(Read "C++" OR die, title: no*)";
    for (const char* text : {"OR", "die OR", "\"C++\"", "title:", "NEAR(x", "x y)", "no*", "read \" die", "'", "\"",
                             "^ die", "( read", "-- die"})
        EXPECT_THAT(searched(text), ::testing::Contains(found)) << text;
    for (const char* text : {"die OR other", "NOT other", "title:other", "(read", "a*b", "{title}:read", "rea* die",
                             "die AND", "zzz OR read"})
        EXPECT_THAT(searched(text), ::testing::Not(::testing::Contains(found))) << text;
}

TEST_P(lists, FollowTheTextOfATaskAsItChanges) {
    task changing = add_with(ann.id, "first words");
    const auto update = [&](const std::string& title, const std::optional<std::string>& description) {
        changing.title = title;
        changing.description = description;
        ++changing.version;
        EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(changing); }));
    };
    update("second words", "underneath");
    EXPECT_THAT(searched("first"), IsEmpty());
    EXPECT_THAT(searched("second underneath"), ElementsAre("second words"));
    update("third", std::nullopt);
    EXPECT_THAT(searched("underneath"), IsEmpty());
    write([&](transaction& tx) { tx.trash_task(ann.id, changing.id, true, tx.new_uuid(), tx.now()); });
    EXPECT_THAT(searched("third"), IsEmpty());
    write([&](transaction& tx) { tx.restore_task(ann.id, changing.id, {}, tx.now()); });
    EXPECT_THAT(searched("third"), ElementsAre("third"));
    write([&](transaction& tx) { tx.remove_task(ann.id, changing.id); });
    EXPECT_THAT(searched("third"), IsEmpty());
}

TEST_P(lists, FollowTheNamesOfTags) {
    tag changing = add_tag(ann.id, "before");
    add_with(ann.id, "tagged", [&](task& t) { t.tags = {changing}; });
    changing.name = "after";
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_tag(changing); }));
    EXPECT_THAT(searched("before"), IsEmpty());
    EXPECT_THAT(searched("after"), ElementsAre("tagged"));
    EXPECT_TRUE(write([&](transaction& tx) { return tx.delete_tag(ann.id, changing.id); }));
    EXPECT_THAT(searched("after"), IsEmpty());
}

TEST_P(lists, SeeInATransactionWhatItHasWritten) {
    const task mine = make_task(ann.id, "just now");
    const auto seen = write([&](transaction& tx) {
        tx.insert_task(mine);
        task_filter filter;
        filter.text = "just";
        const std::size_t with_text = tx.list_tasks(ann.id, filter, {}).tasks.size();
        return with_text + tx.list_tasks(ann.id, {}, {}).tasks.size();
    });
    EXPECT_EQ(seen, 2u);
    EXPECT_THAT(searched("just"), ElementsAre("just now"));
}

TEST_P(lists, ForgetTheTextOfATransactionThatIsRolledBack) {
    const task never = make_task(ann.id, "never");
    for (const bool look : {false, true}) {
        (void)write([&](transaction& tx) -> result<int> {
            tx.insert_task(never);
            if (look) {
                task_filter filter;
                filter.text = "never";
                EXPECT_EQ(tx.list_tasks(ann.id, filter, {}).tasks.size(), 1u);
            }
            return fail(errc::conflict, "no");
        });
        add_with(ann.id, "after");
        EXPECT_THAT(searched("never"), IsEmpty());
        EXPECT_THAT(searched("after"), ::testing::Contains("after"));
    }
}

TEST_P(lists, AgreeWithAPlainSearchOverManyTasks) {
    std::mt19937 dice{11};
    std::vector<task> all;
    const tag home = add_tag(ann.id, "home");
    for (int i = 0; i < 80; ++i)
        all.push_back(add_with(i % 5 == 0 ? bob.id : ann.id, "t" + std::to_string(i), [&](task& t) {
            t.status = static_cast<task_status>(dice() % 4);
            t.priority = static_cast<task_priority>(dice() % 4);
            t.repeat.type = static_cast<recurring_type>(dice() % 2);
            if (dice() % 2 == 0)
                t.due = day(2026, 2, 1 + dice() % 20);
            if (t.owner == ann.id && dice() % 3 == 0)
                t.tags = {home};
        }));
    const auto beginning_of = [](unsigned day_of_month) {
        const due_bound bound{.at = due_instant(wall(2026, 2, day_of_month, 0, 0), {}),
                              .day = std::chrono::local_days{std::chrono::year{2026} / 2 / day_of_month}};
        return bound;
    };
    for (int i = 0; i < 200; ++i) {
        task_filter filter;
        filter.now = now();
        if (dice() % 2 == 0)
            filter.status = static_cast<task_status>(dice() % 4);
        if (dice() % 3 == 0)
            filter.priority = static_cast<task_priority>(dice() % 4);
        if (dice() % 3 == 0)
            filter.recurring = dice() % 2 == 0;
        if (dice() % 3 == 0)
            filter.overdue = dice() % 2 == 0;
        if (dice() % 4 == 0)
            filter.due_before = beginning_of(10);
        if (dice() % 4 == 0)
            filter.due_after = beginning_of(5);
        if (dice() % 3 == 0)
            filter.tag_names = {"Home"};
        std::multiset<std::string> expected;
        for (const task& t : all) {
            const bool dated = t.due.has_value();
            const instant at = dated ? due_instant(*t.due, t.zone) : instant{};
            const bool late =
                dated && at < filter.now && t.status != task_status::done && t.status != task_status::cancelled;
            if (t.owner == ann.id && (!filter.status || t.status == *filter.status) &&
                (!filter.priority || t.priority == *filter.priority) &&
                (!filter.recurring || (t.repeat.type != recurring_type::none) == *filter.recurring) &&
                (!filter.overdue || late == *filter.overdue) &&
                (!filter.due_before || (dated && t.due->wall < filter.due_before->day)) &&
                (!filter.due_after || (dated && t.due->wall >= filter.due_after->day)) &&
                (filter.tag_names.empty() || !t.tags.empty()))
                expected.insert(t.title);
        }
        const page_request page{.sort = static_cast<sort_key>(dice() % 5),
                                .descending = dice() % 2 == 0,
                                .limit = 3,
                                .after = std::nullopt};
        const auto found = paged(page, filter);
        EXPECT_EQ((std::multiset<std::string>{found.begin(), found.end()}), expected);
    }
}

RONDO_ON_EVERY_ENGINE(lists);

}  // namespace rondo::test
