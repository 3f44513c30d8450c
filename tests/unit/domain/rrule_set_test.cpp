// Whole sets of rules: counting, jumping and giving up come to the same, and are quick.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "base/rfc3339.hpp"
#include "domain/recurrence/rrule.hpp"
#include "domain/recurrence/upcoming.hpp"
#include "domain/task.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using test::due_at;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr int slowness = 20;
#else
constexpr int slowness = 1;
#endif
#else
constexpr int slowness = 1;
#endif

/// How long it takes when nothing else disturbs.
template <class Work>
auto best_of_five(Work work) {
    auto best = steady_clock::duration::max();
    for (int i = 0; i < 5; ++i) {
        const auto began = steady_clock::now();
        work();
        best = std::min(best, steady_clock::now() - began);
    }
    return duration_cast<microseconds>(best) / slowness;
}

std::string text(std::optional<local_seconds> wall) {
    return wall ? format_wall(*wall, 0s).substr(0, 16) : "none";
}

// The walk works out each kind of month and year once; a jump begins anew with each member.
TEST(rrule_set, CountedIsTheSetThatIsJumpedThrough) {
    constexpr const char* rules[]{
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=17;BYMONTH=1,2,11;BYDAY=SA,SU",
        "FREQ=DAILY;INTERVAL=365;BYMONTHDAY=1,2,3,4,5,-1",
        "FREQ=DAILY;BYMONTHDAY=29;BYDAY=MO;BYSETPOS=-1",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU;WKST=SU",
        "FREQ=WEEKLY;BYMONTH=2,12;BYDAY=MO,TU,SU;BYSETPOS=-1",
        "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTH=2,3;BYDAY=5MO,-1TU,WE;BYSETPOS=1,3,-1",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
        "FREQ=YEARLY;BYYEARDAY=366,-366,60",
        "FREQ=YEARLY;BYDAY=53MO,-53TU,1SA",
        "FREQ=YEARLY;INTERVAL=3;BYWEEKNO=53;BYDAY=MO,FR,SU",
        "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST=SU",
        "FREQ=YEARLY;BYWEEKNO=-53,-52,52;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=1,-1,3",
    };
    const local_seconds start = due_at("1999-12-28T09:00").wall;
    for (const char* rule : rules) {
        const rrule endless = parse_rrule(rule).value();
        std::optional<local_seconds> jumped = start - 1s;
        for (int count = 1; count <= 1'200; ++count) {
            const auto next = next_member(endless, start, *jumped, {});
            if (!next)
                break;
            jumped = next;
            if (count % 100 != 0 && count != 1)
                continue;
            rrule counted = endless;
            counted.count = count;
            counted.counts_start = false;
            const rrule bounded = count_out(counted, start);
            ASSERT_EQ(bounded.count, std::nullopt);
            ASSERT_EQ(text(std::get<local_days>(bounded.until) + 9h), text(jumped)) << rule << " " << count;
            ASSERT_EQ(next_member(counted, start, *jumped - 1s, {}), jumped) << rule << " " << count;
            ASSERT_EQ(next_member(counted, start, *jumped, {}), std::nullopt) << rule << " " << count;
        }
    }
}

TEST(rrule_set, CountedInVainIsEmpty) {
    const rrule never = parse_rrule("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3").value();
    const local_seconds start = due_at("2026-02-03T09:00").wall;
    EXPECT_FALSE(has_members(never, start, {}));
    const rrule once_in_a_while = parse_rrule("FREQ=YEARLY;INTERVAL=9999;COUNT=3").value();
    EXPECT_EQ(text(next_member(once_in_a_while, start, start - 1s, {})), "2026-02-03T09:00");
    EXPECT_EQ(text(next_member(once_in_a_while, start, start, {})), "none");
}

TEST(rrule_set, BegunLongAgoOrOccurringSeldomAnswersAtOnce) {
    const local_seconds now = due_at("2026-02-03T12:00").wall;
    for (const char* rule : {"FREQ=DAILY", "FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU", "FREQ=WEEKLY;BYDAY=MO,WE",
                             "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU"}) {
        const rrule parsed = parse_rrule(rule).value();
        const auto took = best_of_five([&] { next_member(parsed, due_at("1970-01-01T09:00").wall, now, {}); });
        EXPECT_LT(took, 1ms) << rule;
    }
}

TEST(rrule_set, NoRuleTakesLong) {
    const std::string every_day = "BYDAY=MO,TU,WE,TH,FR,SA,SU";
    const std::vector<std::string> rules{
        "FREQ=DAILY;COUNT=10000",
        "FREQ=DAILY;INTERVAL=9999;COUNT=10000",
        "FREQ=DAILY;INTERVAL=9998;BYMONTHDAY=31;BYDAY=SU;COUNT=10000",
        "FREQ=DAILY;BYMONTHDAY=29;BYMONTH=2;BYDAY=SU;COUNT=10000",
        "FREQ=WEEKLY;COUNT=10000",
        "FREQ=WEEKLY;BYMONTH=2;COUNT=10000",
        "FREQ=WEEKLY;INTERVAL=9999;BYMONTH=2;COUNT=10000",
        "FREQ=WEEKLY;BYMONTH=2;BYSETPOS=7;COUNT=10000;" + every_day,
        "FREQ=MONTHLY;COUNT=10000",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=29,30,31;BYSETPOS=-1;COUNT=10000",
        "FREQ=MONTHLY;INTERVAL=9999;COUNT=10000",
        "FREQ=YEARLY;COUNT=10000",
        "FREQ=YEARLY;INTERVAL=9999;COUNT=10000",
        "FREQ=YEARLY;BYDAY=53MO;COUNT=10000",
        "FREQ=YEARLY;BYSETPOS=366;COUNT=10000;" + every_day,
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU;COUNT=10000",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU;BYMONTH=1;COUNT=10000",
        // Never:
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;INTERVAL=9996;BYDAY=MO",
        "FREQ=WEEKLY;BYSETPOS=8;" + every_day,
        "FREQ=WEEKLY;BYMONTH=2;BYSETPOS=8;" + every_day,
        "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=5MO",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
        "FREQ=YEARLY;BYDAY=-53MO;BYYEARDAY=100",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO",
    };
    const local_seconds start = due_at("1970-01-01T09:00").wall;  // a Thursday, in January
    for (const std::string& rule : rules) {
        const rrule parsed = parse_rrule(rule).value();
        for (const char* after : {"1970-01-01T09:00", "2400-01-01T00:00", "9990-01-01T00:00"})
            EXPECT_LT(best_of_five([&] { next_member(parsed, start, due_at(after).wall, {}); }), 50ms) << rule << after;
    }
}

TEST(rrule_set, AHundredOfACountedRuleCostLittleMoreThanOne) {
    for (const char* rule : {"FREQ=YEARLY;BYDAY=53MO;COUNT=10000", "FREQ=DAILY;INTERVAL=2;COUNT=10000",
                             "FREQ=WEEKLY;BYMONTH=2;COUNT=10000"}) {
        const task one{.title = "x",
                       .due = due_at("2026-01-01T09:00"),
                       .repeat = {.type = recurring_type::custom, .rule = rule, .mode = repeat_mode::every_occurrence},
                       .series_start = due_at("2026-01-01T09:00")};
        EXPECT_LT(best_of_five([&] { upcoming_occurrences(one, upcoming_max, test::at("2026-01-01T09:00:00Z")); }),
                  50ms)
            << rule;
    }
}

}  // namespace
}  // namespace rondo
