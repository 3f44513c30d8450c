#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class event_log : public store_contract {
protected:
    stored_event append(const task& of, const std::string& title, event_type type = event_type::updated) {
        const event happened = write([&](transaction& tx) {
            event made{
                .id = tx.new_id<event_id>(), .type = type, .at = tx.now(), .traceparent = "00-1-2-01", .snapshot = of};
            made.snapshot.title = title;
            tx.append(made);
            return made;
        });
        return find(of.owner, happened.id).value();
    }
    std::optional<stored_event> find(user_id owner, event_id id) {
        return read([&](const transaction& tx) { return tx.find_event(owner, id); });
    }
    std::vector<std::string> titles(user_id owner, const event_filter& filter = {}, std::size_t limit = 100) {
        std::vector<std::string> found;
        for (const stored_event& each :
             read([&](const transaction& tx) { return tx.list_events(owner, filter, limit); }))
            found.push_back(each.data.substr(10, each.data.size() - 12));
        return found;
    }
};

TEST_P(event_log, FindsAnEventByItsIdWhetherPublishedOrNot) {
    const task of = make_task(ann.id, "x");
    const stored_event told = append(of, "one", event_type::completed);
    EXPECT_EQ(told.type, event_type::completed);
    EXPECT_EQ(told.owner, ann.id);
    EXPECT_EQ(told.subject, of.id);
    EXPECT_EQ(told.at, now());
    EXPECT_EQ(told.traceparent, "00-1-2-01");
    EXPECT_EQ(told.data, R"({"title":"one"})");
    write([&](transaction& tx) { tx.mark_published(std::vector{told.sequence}, tx.now()); });
    EXPECT_EQ(find(ann.id, told.id).value().sequence, told.sequence);
    EXPECT_FALSE(find(ann.id, new_id<event_id>()));
    EXPECT_THAT(titles(ann.id), ElementsAre("one"));
}

TEST_P(event_log, GivesAnEventToItsOwnerAlone) {
    const task of = make_task(ann.id, "x");
    const stored_event told = append(of, "one");
    append(make_task(bob.id, "x"), "bob's");
    EXPECT_FALSE(find(bob.id, told.id));
    EXPECT_THAT(titles(bob.id, {.subject = of.id}), IsEmpty());
    EXPECT_THAT(titles(bob.id), ElementsAre("bob's"));
    EXPECT_THAT(titles(bob.id, {.type = event_type::updated}), ElementsAre("bob's"));
}

TEST_P(event_log, ListsInOrderBothWaysWithinBounds) {
    const task of = make_task(ann.id, "x");
    std::vector<std::int64_t> sequences;
    for (const char* title : {"one", "two", "three", "four"})
        sequences.push_back(append(of, title).sequence);
    EXPECT_THAT(titles(ann.id), ElementsAre("one", "two", "three", "four"));
    EXPECT_THAT(titles(ann.id, {}, 2), ElementsAre("one", "two"));
    EXPECT_THAT(titles(ann.id, {.after = sequences[1]}), ElementsAre("three", "four"));
    EXPECT_THAT(titles(ann.id, {.after = sequences[3]}), IsEmpty());
    EXPECT_THAT(titles(ann.id, {.before = sequences[1]}), ElementsAre("one"));
    EXPECT_THAT(titles(ann.id, {.after = sequences[0], .before = sequences[3]}), ElementsAre("two", "three"));
    EXPECT_THAT(titles(ann.id, {.newest_first = true}, 2), ElementsAre("four", "three"));
    EXPECT_THAT(titles(ann.id, {.before = sequences[3], .newest_first = true}, 1), ElementsAre("three"));
}

TEST_P(event_log, ListsThoseOfOneTaskAndOneType) {
    const task one = make_task(ann.id, "x");
    const task other = make_task(ann.id, "y");
    append(one, "created", event_type::created);
    append(other, "other", event_type::completed);
    append(one, "done", event_type::completed);
    append(one, "reopened", event_type::reopened);
    append(one, "done again", event_type::completed);
    EXPECT_THAT(titles(ann.id, {.subject = one.id}), ElementsAre("created", "done", "reopened", "done again"));
    EXPECT_THAT(titles(ann.id, {.subject = one.id, .type = event_type::completed}), ElementsAre("done", "done again"));
    EXPECT_THAT(titles(ann.id, {.subject = one.id, .type = event_type::completed, .newest_first = true}, 1),
                ElementsAre("done again"));
    EXPECT_THAT(titles(ann.id, {.type = event_type::completed}), ElementsAre("other", "done", "done again"));
}

TEST_P(event_log, KeepsTheEventsOfATaskThatIsGone) {
    const task of = add_task(ann.id, "x");
    append(of, "created", event_type::created);
    write([&](transaction& tx) { tx.remove_task(ann.id, of.id); });
    EXPECT_THAT(titles(ann.id, {.subject = of.id}), ElementsAre("created"));
}

RONDO_ON_EVERY_ENGINE(event_log);

}  // namespace rondo::test
