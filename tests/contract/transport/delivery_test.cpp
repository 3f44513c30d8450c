// What arrives, in which order, how often, whatever fails on the way.
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "contract/transport/transport_contract.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using enum publish_result;

class delivery : public transport_contract {};

TEST_P(delivery, AnswersForEveryEventOfABatch) {
    begin_delivery();
    const auto events = make_events(20);
    EXPECT_THAT(publish_all(events, 30s), IsEmpty());
    EXPECT_THAT(out().publish({}), IsEmpty());
    EXPECT_THAT(out().publish(make_events(1)), SizeIs(1));
}

TEST_P(delivery, BringsEachEventWithItsIdTypeAndSubject) {
    begin_delivery();
    auto events = make_events(3);
    events.push_back(maker.event(owners[0], 10, event_type::completed));
    publish_all(events, 30s);
    ASSERT_TRUE(seen.wait(line().patience(), all_of(ids_of(events))));
    std::map<event_id, event_notice> by_id;
    for (const auto& notice : seen.all())
        by_id[notice.id] = notice;
    for (const auto& sent : events) {
        const auto& came = by_id.at(sent.id);
        EXPECT_EQ(came.subject, sent.subject);
        EXPECT_EQ(came.owner, sent.owner);
        EXPECT_EQ(came.event_type, to_notice(sent).event_type);
    }
    EXPECT_EQ(seen.unreadable(), 0U);
}

TEST_P(delivery, BringsTheTraceOfEachEvent) {
    begin_delivery();
    auto events = make_events(3);
    for (std::size_t i = 0; i < events.size(); ++i)
        events[i].traceparent = "00-0af7651916cd43dd8448eb211c8031" + std::to_string(10 + i) + "-b7ad6b7169203331-01";
    publish_all(events, 30s);
    publish_all({events[0]}, 30s);  // one by itself may go another way
    ASSERT_TRUE(seen.wait(line().patience(), all_of(ids_of(events))));
    for (const auto& notice : seen.all()) {
        const auto sent = std::ranges::find(events, notice.id, &stored_event::id);
        EXPECT_EQ(notice.traceparent.substr(3, 32), sent->traceparent.substr(3, 32));
    }
}

TEST_P(delivery, KeepsTheOrderOfEachOwner) {
    begin_delivery();
    const auto events = make_events(600, 7);
    for (std::size_t from = 0; from < events.size(); from += 150)
        publish_all({events.begin() + static_cast<std::ptrdiff_t>(from),
                     events.begin() + static_cast<std::ptrdiff_t>(from + 150)},
                    30s);
    expect_arrived_in_order(events);
}

TEST_P(delivery, KeepsTheOrderOfOneOwnerAlone) {
    begin_delivery();
    const auto events = make_events(250, 1);
    publish_all(events, 30s);
    expect_arrived_in_order(events);
}

TEST_P(delivery, BringsWhatWasPublishedTwiceWithTheSameId) {
    begin_delivery();
    const auto events = make_events(5);
    publish_all(events, 30s);
    line().renew_publisher();
    publish_all(events, 30s);
    expect_arrived_in_order(events);
    EXPECT_TRUE(seen.wait(line().patience(), [&](const arrivals& all) { return all.all().size() >= 10; }));
}

TEST_P(delivery, TakesLargeEvents) {
    begin_delivery();
    const auto events = make_events(40, 3, 100'000);
    EXPECT_THAT(publish_all(events, 60s), IsEmpty());
    expect_arrived_in_order(events);
}

TEST_P(delivery, RejectsWhatIsTooLargeAndTakesTheRest) {
    if (!line().event_bytes_max())
        GTEST_SKIP() << "nothing is too large here";
    begin_delivery();
    auto events = make_events(6, 2);
    const auto giant = maker.event(owners[0], *line().event_bytes_max() + 100'000);
    events.insert(events.begin() + 2, giant);
    EXPECT_THAT(publish_all(events, 60s), ::testing::ElementsAre(giant.id));
    std::erase_if(events, [&](const stored_event& one) { return one.id == giant.id; });
    expect_arrived_in_order(events);
}

TEST_P(delivery, BringsWhatWasPublishedBeforeAnybodyListened) {
    if (GetParam().name == "Embedded")
        GTEST_SKIP() << "nothing is between the two ends: it waits in the outbox";
    const auto events = make_events(100, 5);
    publish_all(events, 30s);
    begin_delivery();
    expect_arrived_in_order(events);
}

TEST_P(delivery, GoesOnWhereItStoppedAfterAnOrderlyEnd) {
    if (GetParam().name == "Embedded")
        GTEST_SKIP() << "the two ends are one";
    const auto events = make_events(100, 5);
    begin_delivery();
    publish_all({events.begin(), events.begin() + 50}, 30s);
    ASSERT_TRUE(seen.wait(line().patience(), all_of(ids_of({events.begin(), events.begin() + 50}))));
    line().end_delivery();
    publish_all({events.begin() + 50, events.end()}, 30s);
    begin_delivery();
    expect_arrived_in_order(events);
    EXPECT_EQ(seen.all().size(), events.size()) << "what was acknowledged came again";
}

TEST_P(delivery, LosesNothingWhenItEndsInTheMiddle) {
    if (GetParam().name == "Embedded")
        GTEST_SKIP() << "the two ends are one";
    const auto events = make_events(300, 5);
    for (std::size_t from = 0; from < events.size(); from += 100) {
        begin_delivery();
        std::thread publishes{[&] {
            publish_all({events.begin() + static_cast<std::ptrdiff_t>(from),
                         events.begin() + static_cast<std::ptrdiff_t>(from + 100)},
                        60s);
        }};
        const auto before = seen.all().size();
        EXPECT_TRUE(seen.wait(line().patience(), [&](const arrivals& all) { return all.all().size() > before; }));
        line().end_delivery();
        publishes.join();
    }
    begin_delivery();
    expect_arrived_in_order(events);
}

TEST_P(delivery, BringsAgainWhatTheHandlerCouldNotHandle) {
    failures = 2;
    begin_delivery();
    const auto events = make_events(10, 2);
    publish_all(events, 60s);
    expect_arrived_in_order(events);
    EXPECT_EQ(failures, 0);
}

TEST_P(delivery, IsHeldUpByNoPoison) {
    begin_delivery();
    auto events = make_events(1);
    publish_all(events, 30s);
    for (const char* poison :
         {"{}", "[1]", R"({"specversion":"1.0","id":"x","source":"s","type":"task.completed"})", "not JSON", ""})
        if (!line().send_foreign(to_string(owners[0]), poison))
            GTEST_SKIP() << "nobody else can send here";
    const auto later = make_events(10);
    publish_all(later, 30s);
    events.insert(events.end(), later.begin(), later.end());
    expect_arrived_in_order(events);
    EXPECT_TRUE(seen.wait(line().patience(), [](const arrivals& all) { return all.unreadable() >= 5; }));
    // Each delivery is handled twice here, so each poison leaves two.
    EXPECT_TRUE(seen.wait(line().patience(), [&](const arrivals&) { return world.dead_letters().size() >= 10; }));
}

TEST_P(delivery, IsUnreachableWhileDownAndLosesNothing) {
    begin_delivery();
    const auto events = make_events(60, 4);
    const std::vector<stored_event> early{events.begin(), events.begin() + 20};
    publish_all(early, 30s);
    line().take_down();
    const std::vector<stored_event> late{events.begin() + 20, events.end()};
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) {
        const auto results = out().publish(late);
        EXPECT_EQ(std::ranges::count(results, acknowledged), 0);
        EXPECT_EQ(std::ranges::count(results, rejected), 0);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 20s) << "the relay is held up for long";
    line().bring_back();
    publish_all(late, 60s);
    expect_arrived_in_order(events);
}

TEST_P(delivery, SurvivesARestartInTheMiddleOfABurst) {
    begin_delivery();
    const auto events = make_events(400, 5);
    std::thread breaks{[&] {
        seen.wait(30s, [](const arrivals& all) { return all.all().size() >= 50; });
        line().take_down();
        line().bring_back();
    }};
    for (std::size_t from = 0; from < events.size(); from += 40)
        publish_all({events.begin() + static_cast<std::ptrdiff_t>(from),
                     events.begin() + static_cast<std::ptrdiff_t>(from + 40)},
                    120s);
    breaks.join();
    expect_arrived_in_order(events);
}

TEST_P(delivery, StartsWhileTheOtherSideIsAway) {
    begin_delivery();
    line().take_down();
    line().renew_publisher();
    const auto events = make_events(20);
    EXPECT_EQ(std::ranges::count(out().publish(events), acknowledged), 0);
    line().bring_back();
    publish_all(events, 60s);
    expect_arrived_in_order(events);
}

TEST_P(delivery, WaitsForALateAcknowledgementInsteadOfSendingAgain) {
    begin_delivery();
    const auto before = make_events(3);
    publish_all(before, 30s);
    if (!line().delay_acknowledgements(true))
        GTEST_SKIP() << "no acknowledgement can be delayed here";
    auto events = make_events(12);
    EXPECT_EQ(std::ranges::count(out().publish(events), acknowledged), 0);
    line().delay_acknowledgements(false);
    publish_all(events, 60s);
    events.insert(events.begin(), before.begin(), before.end());
    expect_arrived_in_order(events);
    if (GetParam().name != "Embedded")
        EXPECT_EQ(seen.all().size(), events.size()) << "it was sent again";
}

TEST_P(delivery, SendsAgainWhatARestartForgot) {
    begin_delivery();
    const auto before = make_events(3);
    publish_all(before, 30s);
    if (!line().delay_acknowledgements(true))
        GTEST_SKIP() << "no acknowledgement can be delayed here";
    auto events = make_events(12);
    EXPECT_EQ(std::ranges::count(out().publish(events), acknowledged), 0);
    line().renew_publisher();
    line().delay_acknowledgements(false);
    publish_all(events, 60s);
    events.insert(events.begin(), before.begin(), before.end());
    expect_arrived_in_order(events);
}

TEST_P(delivery, EndsPromptlyWhateverIsUnderWay) {
    begin_delivery();
    const auto events = make_events(100);
    publish_all(events, 30s);
    ASSERT_TRUE(seen.wait(line().patience(), all_of(ids_of(events))));
    line().take_down();
    (void)out().publish(make_events(50));
    const auto began = std::chrono::steady_clock::now();
    line().renew_publisher();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
    const auto ending = std::chrono::steady_clock::now();
    line().end_delivery();
    EXPECT_LT(std::chrono::steady_clock::now() - ending, 10s);
    line().bring_back();
}

RONDO_ON_EVERY_TRANSPORT(delivery);

}  // namespace rondo::test
