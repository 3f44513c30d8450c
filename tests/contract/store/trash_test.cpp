#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class trash : public store_contract {
protected:
    task add_below(const task& parent, const std::string& title) {
        task made = make_task(parent.owner, title);
        made.parent = parent.id;
        return add(made);
    }
    std::vector<std::string> move(user_id owner, task_id id, bool with_descendants) {
        return write([&](transaction& tx) {
            std::vector<std::string> moved;
            for (const task& each : tx.trash_task(owner, id, with_descendants, tx.new_uuid(), tx.now()))
                moved.push_back(each.title);
            return moved;
        });
    }
    std::vector<std::string> bring_back(user_id owner, task_id id, instant since) {
        return write([&](transaction& tx) {
            std::vector<std::string> back;
            for (const task& each : tx.restore_task(owner, id, since, tx.now()))
                back.push_back(each.title);
            return back;
        });
    }
    std::vector<std::string> listed(user_id owner, instant since = {}, std::size_t limit = 100) {
        return read([&](const transaction& tx) {
            std::vector<std::string> found;
            for (const found_task& each : tx.list_trash(owner, since, limit)) {
                EXPECT_TRUE(each.deleted_at);
                found.push_back(each.task.title);
            }
            return found;
        });
    }
    std::optional<task> anywhere(const task& of) {
        const auto found = read([&](const transaction& tx) { return tx.find_task_anywhere(of.owner, of.id); });
        return found ? std::optional{found->task} : std::nullopt;
    }
};

TEST_P(trash, TakesATaskAndAllItsDescendants) {
    const task top = add_task(ann.id, "top");
    const task middle = add_below(top, "middle");
    const task bottom = add_below(middle, "bottom");
    add_task(ann.id, "beside");
    time().advance(1s);
    EXPECT_THAT(move(ann.id, top.id, true), ElementsAre("top", "middle", "bottom"));
    EXPECT_THAT(titles(ann.id), ElementsAre("beside"));
    EXPECT_FALSE(find(ann.id, bottom.id));
    task expected = bottom;
    expected.version = 2;
    expected.updated_at = now();
    expect_same(anywhere(bottom).value(), expected);
    EXPECT_THAT(listed(ann.id), UnorderedElementsAre("top", "middle", "bottom"));
    EXPECT_THAT(listed(bob.id), IsEmpty());
    EXPECT_THAT(move(ann.id, top.id, true), IsEmpty());
}

TEST_P(trash, TakesOneTaskAloneAndItsChildrenLoseTheirParent) {
    const task top = add_task(ann.id, "top");
    const task child = add_below(top, "child");
    const task grandchild = add_below(child, "grandchild");
    time().advance(1s);
    const auto orphans = write([&](transaction& tx) { return tx.orphan_children(ann.id, top.id, tx.now()); });
    ASSERT_EQ(orphans.size(), 1u);
    task expected = child;
    expected.parent = std::nullopt;
    expected.version = 2;
    expected.updated_at = now();
    expect_same(orphans.front(), expected);
    expect_same(find(ann.id, child.id).value(), expected);
    EXPECT_THAT(move(ann.id, top.id, false), ElementsAre("top"));
    EXPECT_EQ(find(ann.id, grandchild.id)->parent, child.id);
    EXPECT_THAT(write([&](transaction& tx) { return tx.orphan_children(bob.id, child.id, tx.now()); }), IsEmpty());
}

TEST_P(trash, IsOutOfReachForOtherUsers) {
    const task hers = add_task(ann.id, "hers");
    EXPECT_THAT(move(bob.id, hers.id, true), IsEmpty());
    EXPECT_TRUE(find(ann.id, hers.id));
    move(ann.id, hers.id, true);
    EXPECT_THAT(bring_back(bob.id, hers.id, {}), IsEmpty());
    EXPECT_FALSE(find(ann.id, hers.id));
}

TEST_P(trash, ListsTheNewestDeleteFirstAndOnlyThoseSince) {
    const task first = add_task(ann.id, "first");
    const task second = add_task(ann.id, "second");
    move(ann.id, first.id, true);
    time().advance(1min);
    const instant later = now();
    move(ann.id, second.id, true);
    EXPECT_THAT(listed(ann.id), ElementsAre("second", "first"));
    EXPECT_THAT(listed(ann.id, later), ElementsAre("second"));
    EXPECT_THAT(listed(ann.id, {}, 1), ElementsAre("second"));
}

TEST_P(trash, GivesBackAllThatOneDeleteTook) {
    const task top = add_task(ann.id, "top");
    const task gone_before = add_below(top, "gone before");
    const task child = add_below(top, "child");
    move(ann.id, gone_before.id, true);
    move(ann.id, top.id, true);  // at the same instant, but another delete
    time().advance(1s);
    EXPECT_THAT(bring_back(ann.id, child.id, now() - 1h), ElementsAre("child", "top"));
    task expected = child;
    expected.version = 3;
    expected.updated_at = now();
    expect_same(find(ann.id, child.id).value(), expected);
    EXPECT_THAT(listed(ann.id), ElementsAre("gone before"));
    EXPECT_THAT(bring_back(ann.id, child.id, {}), IsEmpty());
    EXPECT_THAT(bring_back(ann.id, gone_before.id, {}), ElementsAre("gone before"));
    EXPECT_EQ(find(ann.id, gone_before.id)->parent, top.id);
}

TEST_P(trash, GivesBackNothingFromBeforeTheGivenInstant) {
    const task old = add_task(ann.id, "old");
    move(ann.id, old.id, true);
    EXPECT_THAT(bring_back(ann.id, old.id, now() + 1ms), IsEmpty());
    EXPECT_THAT(bring_back(ann.id, old.id, now()), ElementsAre("old"));
}

TEST_P(trash, MakesARestoredTaskForgetAParentThatIsGone) {
    const task top = add_task(ann.id, "top");
    const task child = add_below(top, "child");
    move(ann.id, child.id, true);
    move(ann.id, top.id, true);
    bring_back(ann.id, child.id, {});
    EXPECT_EQ(find(ann.id, child.id)->parent, std::nullopt);

    const task second = add_below(child, "second");
    move(ann.id, second.id, true);
    move(ann.id, child.id, true);
    EXPECT_EQ(write([&](transaction& tx) { return tx.purge_trash(tx.now() + 1ms, 1); }), 1u);
    EXPECT_EQ(listed(ann.id).size(), 2u);
}

TEST_P(trash, IsEmptiedOldestFirstUpToALimit) {
    const task first = add_task(ann.id, "first");
    move(ann.id, first.id, true);
    time().advance(1s);
    const task second = add_task(bob.id, "second");
    move(bob.id, second.id, true);
    time().advance(1s);
    const task third = add_task(ann.id, "third");
    move(ann.id, third.id, true);
    const auto purge = [&](instant before, std::size_t limit) {
        return write([&](transaction& tx) { return tx.purge_trash(before, limit); });
    };
    EXPECT_EQ(purge(now() - 2s, 10), 0u);
    EXPECT_EQ(purge(now() + 1s, 2), 2u);
    EXPECT_FALSE(anywhere(first));
    EXPECT_FALSE(anywhere(second));
    EXPECT_TRUE(anywhere(third));
    EXPECT_EQ(purge(now(), 10), 0u);  // strictly before
    EXPECT_EQ(purge(now() + 1ms, 10), 1u);
}

TEST_P(trash, DoesNotCountInTagsAndLists) {
    task tagged = make_task(ann.id, "tagged");
    const tag home = add_tag(ann.id, "home");
    tagged.tags = {home};
    add(tagged);
    const auto count = [&] {
        return read([&](const transaction& tx) { return tx.find_tag(ann.id, home.id)->task_count; });
    };
    EXPECT_EQ(count(), 1);
    move(ann.id, tagged.id, true);
    EXPECT_EQ(count(), 0);
    task_filter by_tag;
    by_tag.tag = home.id;
    EXPECT_THAT(titles(ann.id, by_tag), IsEmpty());
    bring_back(ann.id, tagged.id, {});
    EXPECT_EQ(count(), 1);
    EXPECT_THAT(find(ann.id, tagged.id)->tags, ElementsAre(home));
}

RONDO_ON_EVERY_ENGINE(trash);

}  // namespace rondo::test
