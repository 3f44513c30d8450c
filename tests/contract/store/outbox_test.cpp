#include <array>
#include <thread>

#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class outbox : public store_contract {
protected:
    event_id append(user_id owner, const std::string& title, event_type type = event_type::created) {
        const task of = make_task(owner, title);
        return write([&](transaction& tx) {
            const event happened{
                .id = tx.new_id<event_id>(), .type = type, .at = tx.now(), .traceparent = "00-1-2-01", .snapshot = of};
            tx.append(happened);
            return happened.id;
        });
    }
    std::vector<stored_event> pending(std::size_t limit = 100) {
        return read([&](const transaction& tx) { return tx.pending_events(limit, now()); });
    }
    std::vector<std::string> pending_titles(std::size_t limit = 100) {
        std::vector<std::string> found;
        for (const stored_event& each : pending(limit))
            found.push_back(each.data.substr(10, each.data.size() - 12));
        return found;
    }
    std::vector<std::string> claimed_titles(uuid holder, std::chrono::milliseconds lease = 1h,
                                            std::size_t limit = 100) {
        const auto claimed = write([&](transaction& tx) { return tx.claim_events(limit, now(), holder, lease); });
        std::vector<std::string> found;
        for (const stored_event& each : claimed)
            found.push_back(each.data.substr(10, each.data.size() - 12));
        return found;
    }
    void release(uuid holder) {
        write([&](transaction& tx) { tx.release_claims(holder); });
    }
    void postpone(std::int64_t sequence, instant until) {
        write([&](transaction& tx) { tx.postpone(sequence, until); });
    }
    std::optional<instant> next_attempt() {
        return read([](const transaction& tx) { return tx.next_attempt_at(); });
    }
};

TEST_P(outbox, KeepsEventsInTheOrderOfCommits) {
    const event_id first = append(ann.id, "one", event_type::completed);
    append(bob.id, "two");
    append(ann.id, "three");
    EXPECT_THAT(pending_titles(), ElementsAre("one", "two", "three"));
    EXPECT_THAT(pending_titles(2), ElementsAre("one", "two"));
    const stored_event found = pending().front();
    EXPECT_EQ(found.id, first);
    EXPECT_EQ(found.type, event_type::completed);
    EXPECT_EQ(found.owner, ann.id);
    EXPECT_EQ(found.at, now());
    EXPECT_EQ(found.traceparent, "00-1-2-01");
    EXPECT_EQ(found.data, R"({"title":"one"})");
    EXPECT_EQ(found.attempts, 0);
    EXPECT_FALSE(found.handled_locally);
    EXPECT_LT(found.sequence, pending()[1].sequence);
}

TEST_P(outbox, ForgetsWhatIsPublishedAndKeepsRising) {
    append(ann.id, "one");
    append(ann.id, "two");
    append(ann.id, "three");
    auto waiting = pending();
    const std::int64_t last = waiting[2].sequence;
    write([&](transaction& tx) { tx.mark_published(std::vector{waiting[0].sequence, waiting[2].sequence}, tx.now()); });
    EXPECT_THAT(pending_titles(), ElementsAre("two"));
    append(ann.id, "four");
    EXPECT_GT(pending()[1].sequence, last);
}

TEST_P(outbox, HoldsBackAllLaterEventsOfAKeyThatWaits) {
    append(ann.id, "ann 1");
    append(bob.id, "bob 1");
    append(ann.id, "ann 2");
    const auto waiting = pending();
    postpone(waiting[0].sequence, now() + 10s);
    append(ann.id, "ann 3");
    append(bob.id, "bob 2");
    EXPECT_THAT(pending_titles(), ElementsAre("bob 1", "bob 2"));
    EXPECT_EQ(next_attempt(), now() + 10s);
    time().advance(9999ms);
    EXPECT_THAT(pending_titles(), ElementsAre("bob 1", "bob 2"));
    time().advance(1ms);
    EXPECT_THAT(pending_titles(), ElementsAre("ann 1", "bob 1", "ann 2", "ann 3", "bob 2"));
    EXPECT_EQ(next_attempt(), now());  // a relay that found nothing a moment ago must not sleep on
    EXPECT_EQ(pending()[0].attempts, 1);
    EXPECT_EQ(pending()[2].attempts, 0);
}

TEST_P(outbox, FindsTheEventsOfOthersBehindManyThatWait) {
    for (int i = 0; i < 20; ++i)
        append(ann.id, "ann");
    append(bob.id, "bob");
    postpone(pending()[0].sequence, now() + 1s);
    EXPECT_THAT(pending_titles(1), ElementsAre("bob"));
}

TEST_P(outbox, LetsTheEarlierEventsOfAKeyGoBeforeOneThatWaits) {
    append(ann.id, "one");
    append(ann.id, "two");
    append(ann.id, "three");
    postpone(pending()[1].sequence, now() + 1s);
    EXPECT_THAT(pending_titles(), ElementsAre("one"));
}

TEST_P(outbox, TellsTheEarliestAttemptOfSeveralKeys) {
    append(ann.id, "ann");
    append(bob.id, "bob");
    const auto waiting = pending();
    EXPECT_EQ(next_attempt(), std::nullopt);
    postpone(waiting[0].sequence, now() + 20s);
    postpone(waiting[1].sequence, now() + 10s);
    EXPECT_EQ(next_attempt(), now() + 10s);
    time().advance(10s);
    EXPECT_EQ(next_attempt(), now());
    EXPECT_THAT(pending_titles(), ElementsAre("bob"));
    write([&](transaction& tx) { tx.mark_published(std::vector{waiting[0].sequence, waiting[1].sequence}, tx.now()); });
    EXPECT_EQ(next_attempt(), std::nullopt);
}

TEST_P(outbox, GivesARelayWhatIsPendingAsOftenAsItAsks) {
    const uuid relay = new_id<event_id>().value;
    EXPECT_THAT(claimed_titles(relay), IsEmpty());
    append(ann.id, "ann 1");
    append(bob.id, "bob 1");
    append(ann.id, "ann 2");
    EXPECT_THAT(claimed_titles(relay), ElementsAre("ann 1", "bob 1", "ann 2"));
    EXPECT_THAT(claimed_titles(relay, 1h, 2), ElementsAre("ann 1", "bob 1"));
    postpone(pending()[0].sequence, now() + 1s);
    EXPECT_THAT(claimed_titles(relay), ElementsAre("bob 1"));
    release(relay);
    time().advance(1s);
    EXPECT_THAT(claimed_titles(relay), ElementsAre("ann 1", "bob 1", "ann 2"));
}

TEST_P(outbox, GivesTheEventsOfAnOwnerToOneRelayAtATime) {
    if (!GetParam().is_shared)
        GTEST_SKIP() << "one process alone publishes what is in this engine";
    const uuid first = new_id<event_id>().value;
    const uuid second = new_id<event_id>().value;
    append(ann.id, "ann 1");
    append(bob.id, "bob 1");
    EXPECT_THAT(claimed_titles(first, 1h, 1), ElementsAre("ann 1"));
    append(ann.id, "ann 2");
    EXPECT_THAT(claimed_titles(second), ElementsAre("bob 1")) << "ann 2 would overtake ann 1";
    EXPECT_THAT(claimed_titles(first), ElementsAre("ann 1", "ann 2"));
    write([&](transaction& tx) {
        tx.mark_published(std::vector{tx.pending_events(1, now())[0].sequence}, tx.now());
        tx.release_claims(first);
    });
    EXPECT_THAT(claimed_titles(second), ElementsAre("bob 1", "ann 2"));
    EXPECT_THAT(claimed_titles(first), IsEmpty());
}

TEST_P(outbox, GivesWhatARelayThatDiedHadInHandToAnother) {
    if (!GetParam().is_shared)
        GTEST_SKIP() << "one process alone publishes what is in this engine";
    const uuid dead = new_id<event_id>().value;
    const uuid living = new_id<event_id>().value;
    append(ann.id, "ann 1");
    EXPECT_THAT(claimed_titles(dead, 300ms), ElementsAre("ann 1"));
    EXPECT_THAT(claimed_titles(living), IsEmpty());
    // The lease is measured by the server's clock, which no test moves.
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (claimed_titles(living).empty() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_THAT(claimed_titles(living), ElementsAre("ann 1"));
    EXPECT_THAT(claimed_titles(dead), IsEmpty());
}

TEST_P(outbox, RemembersWhatWasHandledLocally) {
    append(ann.id, "one");
    append(ann.id, "two");
    const std::int64_t second = pending()[1].sequence;
    write([&](transaction& tx) { tx.mark_handled_locally(std::vector{second}); });
    EXPECT_FALSE(pending()[0].handled_locally);
    EXPECT_TRUE(pending()[1].handled_locally);
    EXPECT_EQ(pending()[1].attempts, 0);
}

TEST_P(outbox, TellsWhatTheConsumerHasNotSeenInProcess) {
    for (const char* title : {"one", "two", "three", "four"})
        append(title[0] == 'o' ? ann.id : bob.id, title);
    const auto waiting = pending();
    const auto unhandled = [&](std::int64_t after, std::size_t limit) {
        std::vector<std::int64_t> found;
        for (const stored_event& each : read([&](const transaction& tx) { return tx.unhandled_events(after, limit); }))
            found.push_back(each.sequence);
        return found;
    };
    const auto [one, two, three, four] =
        std::array{waiting[0].sequence, waiting[1].sequence, waiting[2].sequence, waiting[3].sequence};
    EXPECT_THAT(unhandled(0, 10), ElementsAre(one, two, three, four));
    EXPECT_THAT(unhandled(0, 2), ElementsAre(one, two));
    const auto handle = [&](std::int64_t sequence) {
        write([&](transaction& tx) { tx.mark_handled_locally(std::vector{sequence}); });
    };
    handle(two);
    EXPECT_THAT(unhandled(0, 10), ElementsAre(one, three, four));
    handle(one);
    EXPECT_THAT(unhandled(two, 1), ElementsAre(three));
    write([&](transaction& tx) {
        tx.mark_published(std::vector{four}, tx.now());
        tx.postpone(three, tx.now() + 1min);
    });
    EXPECT_THAT(unhandled(two, 10), ElementsAre(three)) << "one that waits is not handled either";
    EXPECT_EQ(read([&](const transaction& tx) { return tx.unhandled_events(two, 1).at(0).data; }),
              R"({"title":"three"})");
    handle(three);
    EXPECT_THAT(unhandled(three, 10), IsEmpty());
}

TEST_P(outbox, TellsWhetherItHoldsSoMany) {
    const auto holds = [&](std::size_t count) {
        return read([&](const transaction& tx) { return tx.outbox_holds(count); });
    };
    EXPECT_FALSE(holds(1));
    for (int i = 0; i < 5; ++i)
        append(ann.id, "event");
    EXPECT_TRUE(holds(5));
    EXPECT_FALSE(holds(6));
    const auto waiting = pending();
    write([&](transaction& tx) {
        tx.mark_published(std::vector{waiting[1].sequence, waiting[2].sequence, waiting[3].sequence}, tx.now());
    });
    EXPECT_TRUE(holds(2));
    EXPECT_FALSE(holds(3)) << "what lies between the first and the last is counted, not guessed";
    write([&](transaction& tx) { tx.mark_published(std::vector{waiting[0].sequence, waiting[4].sequence}, tx.now()); });
    EXPECT_FALSE(holds(1));
}

TEST_P(outbox, TellsItsSizeAndItsOldestEvent) {
    const auto state = [&] { return read([](const transaction& tx) { return tx.outbox(); }); };
    EXPECT_EQ(state().pending, 0);
    EXPECT_EQ(state().oldest, std::nullopt);
    append(ann.id, "one");
    time().advance(1min);
    append(ann.id, "two");
    EXPECT_EQ(state().pending, 2);
    EXPECT_EQ(state().oldest, now() - 1min);
    const std::int64_t first = pending()[0].sequence;
    write([&](transaction& tx) { tx.mark_published(std::vector{first}, tx.now()); });
    EXPECT_EQ(state().pending, 1);
    EXPECT_EQ(state().oldest, now());
}

TEST_P(outbox, HoldsNothingOfATransactionThatIsRolledBack) {
    const task of = make_task(ann.id, "never");
    const auto refused = write([&](transaction& tx) -> result<int> {
        tx.append({.id = tx.new_id<event_id>(),
                   .type = event_type::created,
                   .at = tx.now(),
                   .traceparent = "",
                   .snapshot = of});
        return fail(errc::conflict, "no");
    });
    EXPECT_FALSE(refused);
    EXPECT_THAT(pending(), IsEmpty());
}

TEST_P(outbox, KeepsDeadLettersWithTheirBytes) {
    const std::string bytes{"\0\xff{not json", 10};
    const auto add_letter = [&](const std::string& reason) {
        write([&](transaction& tx) {
            tx.add_dead_letter({.id = 0,
                                .at = tx.now(),
                                .origin = "endpoint",
                                .reason = reason,
                                .content_type = "application/json",
                                .bytes = bytes});
        });
    };
    const auto letters = [&](std::size_t limit) {
        return read([&](const transaction& tx) { return tx.list_dead_letters(limit); });
    };
    add_letter("first");
    add_letter("second");
    ASSERT_EQ(letters(10).size(), 2u);
    EXPECT_EQ(letters(1).size(), 1u);
    const dead_letter first = letters(10)[0];
    EXPECT_EQ(first.reason, "first");
    EXPECT_EQ(first.origin, "endpoint");
    EXPECT_EQ(first.content_type, "application/json");
    EXPECT_EQ(first.bytes, bytes);
    EXPECT_EQ(first.at, now());
    EXPECT_EQ(read([&](const transaction& tx) { return tx.find_dead_letter(first.id)->reason; }), "first");
    const auto drop = [&](std::int64_t id) { return write([&](transaction& tx) { return tx.drop_dead_letter(id); }); };
    const std::int64_t last = letters(10)[1].id;
    EXPECT_TRUE(drop(last));
    EXPECT_FALSE(drop(last));
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_dead_letter(last).has_value(); }));
    add_letter("third");
    EXPECT_GT(letters(10)[1].id, last) << "a dropped letter's number is not given again";
}

RONDO_ON_EVERY_ENGINE(outbox);

}  // namespace rondo::test
