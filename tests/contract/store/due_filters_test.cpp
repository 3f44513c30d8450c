// due_after, due_before, overdue and the order by due date, where some tasks are all-day and zones differ.

#include <algorithm>
#include <random>
#include <set>

#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class due_filters : public store_contract {
protected:
    task add_due(const std::string& title, const due& when, std::string_view in = "UTC") {
        task made = make_task(ann.id, title);
        made.due = when;
        made.zone = zone(in);
        return add(made);
    }
    static due_bound beginning_of(const due& date, const time_zone& in) {
        return {.at = in.to_instant(date.wall).at, .day = std::chrono::floor<std::chrono::days>(date.wall)};
    }
    static due_bound moment(instant at, const time_zone& in) {
        const auto wall_clock = in.to_wall(std::chrono::floor<std::chrono::seconds>(at));
        return {.at = at, .day = std::chrono::floor<std::chrono::days>(wall_clock)};
    }
    std::vector<std::string> due_in(const std::optional<due_bound>& from, const std::optional<due_bound>& to) {
        task_filter filter;
        filter.due_after = from;
        filter.due_before = to;
        return titles(ann.id, filter, by_due_date);
    }
    static constexpr page_request by_due_date{
        .sort = sort_key::due_date, .descending = false, .limit = 1000, .after = std::nullopt};
};

TEST_P(due_filters, CompareAnAllDayTaskByItsDate) {
    const time_zone berlin = zone("Europe/Berlin");
    add_due("10th", day(2026, 2, 10), "Europe/Berlin");
    add_due("10th at nine", wall(2026, 2, 10, 9, 0), "Europe/Berlin");
    add_due("11th", day(2026, 2, 11), "Europe/Berlin");
    const auto tenth = beginning_of(day(2026, 2, 10), berlin);
    const auto eleventh = beginning_of(day(2026, 2, 11), berlin);
    EXPECT_THAT(due_in(eleventh, {}), ElementsAre("11th"));
    EXPECT_THAT(due_in({}, eleventh), ElementsAre("10th at nine", "10th"));
    EXPECT_THAT(due_in(tenth, eleventh), ElementsAre("10th at nine", "10th"));
}

TEST_P(due_filters, CompareItByItsDateInWhateverZoneItIs) {
    for (const char* const in : {"Pacific/Kiritimati", "Pacific/Auckland", "Asia/Tokyo", "UTC", "America/New_York",
                                 "Pacific/Honolulu", "Pacific/Pago_Pago"})
        for (const char* const asking : {"Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"}) {
            const task one = add_due(in, day(2026, 2, 10), in);
            const auto from = beginning_of(day(2026, 2, 10), zone(asking));
            const auto to = beginning_of(day(2026, 2, 11), zone(asking));
            EXPECT_THAT(due_in(from, to), ElementsAre(in)) << asking;
            EXPECT_THAT(due_in(to, {}), ElementsAre());
            EXPECT_THAT(due_in({}, from), ElementsAre());
            write([&](transaction& tx) { tx.remove_task(ann.id, one.id); });
        }
}

TEST_P(due_filters, PartTheTasksByDays) {
    std::mt19937 dice{7};
    const std::vector<std::string> zones{"Pacific/Kiritimati", "Asia/Kolkata",     "Europe/Berlin", "UTC",
                                         "America/St_Johns",   "Pacific/Pago_Pago"};
    std::multiset<std::string> all;
    for (int i = 0; i < 120; ++i) {
        // Around the change of clocks in Berlin on 29 March 2026.
        const unsigned on = 26 + dice() % 6;
        const due when = dice() % 2 == 0
                             ? day(2026, 3, on)
                             : wall(2026, 3, on, static_cast<int>(dice() % 24), static_cast<int>(dice() % 60));
        all.insert(add_due(std::to_string(i), when, zones[dice() % zones.size()]).title);
    }
    for (const std::string& asking : {std::string{"Europe/Berlin"}, std::string{"Pacific/Kiritimati"}}) {
        std::multiset<std::string> found;
        for (unsigned on = 24; on < 34; ++on) {
            const auto noon = std::chrono::local_days{std::chrono::year{2026} / 3 / 1} + std::chrono::days{on - 1};
            const auto in_range = due_in(beginning_of({.wall = noon, .all_day = true}, zone(asking)),
                                         beginning_of({.wall = noon + 24h, .all_day = true}, zone(asking)));
            found.insert(in_range.begin(), in_range.end());
        }
        EXPECT_EQ(found, all) << asking;
    }
    // And by moments: what is due before one and what is due from it on.
    const time_zone berlin = zone("Europe/Berlin");
    std::size_t before = 0;
    for (instant at = berlin.to_instant(wall(2026, 3, 25, 0, 0).wall).at;
         at < berlin.to_instant(wall(2026, 4, 3, 0, 0).wall).at; at += 2h + 17min) {
        const auto earlier = due_in({}, moment(at, berlin));
        const auto later = due_in(moment(at, berlin), {});
        std::multiset<std::string> both{earlier.begin(), earlier.end()};
        both.insert(later.begin(), later.end());
        EXPECT_EQ(both, all);
        EXPECT_GE(earlier.size(), before) << "a later moment has no less before it";
        before = earlier.size();
    }
}

TEST_P(due_filters, FollowTheOrderOfTheList) {
    add_due("11th at midnight", wall(2026, 2, 11, 0, 0));
    add_due("10th", day(2026, 2, 10));
    add_due("11th", day(2026, 2, 11));
    add_due("10th, late", wall(2026, 2, 10, 23, 59));
    const std::vector<std::string> order{"10th, late", "10th", "11th at midnight", "11th"};
    EXPECT_EQ(titles(ann.id, {}, by_due_date), order);
    page_request one_by_one = by_due_date;
    one_by_one.limit = 1;
    std::vector<std::string> paged;
    do {
        const auto page = read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, one_by_one); });
        paged.push_back(page.tasks.at(0).title);
        one_by_one.after = page.next;
    } while (one_by_one.after);
    EXPECT_EQ(paged, order);
}

TEST_P(due_filters, CallAnAllDayTaskOverdueFromTheNextMidnightInItsZoneOn) {
    add_due("Tokyo", day(2026, 2, 10), "Asia/Tokyo");
    add_due("UTC", day(2026, 2, 10));
    const auto overdue_at = [&](instant at) {
        task_filter filter;
        filter.now = at;
        filter.overdue = true;
        return titles(ann.id, filter);
    };
    const instant midnight = due_instant(wall(2026, 2, 11, 0, 0), {});
    EXPECT_THAT(overdue_at(midnight - 9h - 1ms), ElementsAre());
    EXPECT_THAT(overdue_at(midnight - 9h), ElementsAre("Tokyo"));
    EXPECT_THAT(overdue_at(midnight - 1ms), ElementsAre("Tokyo"));
    EXPECT_THAT(overdue_at(midnight), UnorderedElementsAre("Tokyo", "UTC"));
}

RONDO_ON_EVERY_ENGINE(due_filters);

}  // namespace rondo::test
