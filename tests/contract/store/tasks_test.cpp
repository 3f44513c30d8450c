#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class task_rows : public store_contract {
protected:
    /// A task with every field set.
    task make_full_task(user_id owner) {
        task made = make_task(owner, "Water the plants 🌱");
        made.description = "Not the cactus.\nNot \"ever\".";
        made.status = task_status::done;
        made.priority = task_priority::urgent;
        made.tags = {add_tag(owner, "Home"), add_tag(owner, "Garden")};
        made.due = wall(2026, 10, 25, 2, 30);
        made.due->second = true;
        made.zone = zone("Europe/Berlin");
        made.repeat = {.type = recurring_type::custom,
                       .interval = 3,
                       .rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=9",
                       .counts_start = true,
                       .mode = repeat_mode::every_occurrence,
                       .end = instant{1'900'000'000'123ms}};
        made.series_start = day(2026, 1, 31);
        made.moved_from = wall(2025, 10, 26, 2, 30);
        made.moved_from->second = true;
        made.parent = add_task(owner, "parent").id;
        made.series = *made.parent;
        made.source = *made.parent;
        made.occurrence = 7;
        made.ended = series_end::rule_exhausted;
        made.version = 4;
        made.updated_at = now() + 5ms;
        made.completed_at = now() - 3h;
        return made;
    }

    task completed_daily(user_id owner, const std::string& title) {
        task made = make_task(owner, title);
        made.status = task_status::done;
        made.repeat.type = recurring_type::daily;
        made.completed_at = now();
        return made;
    }

    task make_child(const task& of, const std::string& title) {
        task made = make_task(of.owner, title);
        made.parent = of.id;
        made.source = of.id;
        made.series = of.series;
        made.occurrence = of.occurrence + 1;
        return made;
    }

    std::vector<std::pair<user_id, task_id>> missing() {
        return read([](const transaction& tx) { return tx.missing_children(10); });
    }
};

TEST_P(task_rows, KeepEveryField) {
    const task full = add(make_full_task(ann.id));
    expect_same(find(ann.id, full.id).value(), full);

    const task plain = add_task(ann.id, "plain");
    expect_same(find(ann.id, plain.id).value(), plain);

    task until_day = make_task(ann.id, "until a day");
    until_day.description = "";
    until_day.repeat.end = std::chrono::local_days{std::chrono::days{-3}};
    add(until_day);
    expect_same(find(ann.id, until_day.id).value(), until_day);
}

TEST_P(task_rows, AreFoundByTheirOwnerAlone) {
    const task hers = add_task(ann.id, "hers");
    EXPECT_TRUE(find(ann.id, hers.id));
    EXPECT_FALSE(find(bob.id, hers.id));
    EXPECT_FALSE(find(ann.id, new_id<task_id>()));
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_task_anywhere(bob.id, hers.id).has_value(); }));
    EXPECT_TRUE(read([&](const transaction& tx) { return tx.find_task_anywhere(ann.id, hers.id).has_value(); }));
}

TEST_P(task_rows, AreWrittenWholeByAnUpdate) {
    const task before = add_task(ann.id, "before");
    task after = make_full_task(ann.id);
    after.id = before.id;
    after.series = before.id;
    after.source = std::nullopt;
    after.version = 2;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(after); }));
    expect_same(find(ann.id, before.id).value(), after);

    task cleared = before;
    cleared.version = 3;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(cleared); }));
    expect_same(find(ann.id, before.id).value(), cleared);
}

TEST_P(task_rows, RefuseAnUpdateOfAnotherVersion) {
    const task before = add_task(ann.id, "before");
    for (const std::int64_t version : {1, 3}) {
        task after = before;
        after.title = "after";
        after.version = version;
        EXPECT_FALSE(write([&](transaction& tx) { return tx.update_task(after); })) << version;
    }
    expect_same(find(ann.id, before.id).value(), before);
}

TEST_P(task_rows, RefuseAnUpdateByAnotherOwnerOrInTheTrash) {
    const task hers = add_task(ann.id, "hers");
    task his = hers;
    his.owner = bob.id;
    his.title = "his";
    his.version = 2;
    EXPECT_FALSE(write([&](transaction& tx) { return tx.update_task(his); }));
    expect_same(find(ann.id, hers.id).value(), hers);

    write([&](transaction& tx) { tx.trash_task(ann.id, hers.id, false, tx.new_uuid(), tx.now()); });
    task trashed = hers;
    trashed.title = "changed";
    trashed.version = 3;
    EXPECT_FALSE(write([&](transaction& tx) { return tx.update_task(trashed); }));
    task missing = make_task(ann.id, "missing");
    missing.version = 2;
    EXPECT_FALSE(write([&](transaction& tx) { return tx.update_task(missing); }));
}

TEST_P(task_rows, KeepTheirTagsInOrder) {
    const tag one = add_tag(ann.id, "one");
    const tag two = add_tag(ann.id, "two");
    const tag three = add_tag(ann.id, "three");
    task tagged = make_task(ann.id, "tagged");
    tagged.tags = {three, one};
    add(tagged);
    EXPECT_THAT(find(ann.id, tagged.id)->tags, ElementsAre(three, one));
    tagged.tags = {two, three, one};
    tagged.version = 2;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(tagged); }));
    EXPECT_THAT(find(ann.id, tagged.id)->tags, ElementsAre(two, three, one));
    tagged.tags = {};
    tagged.version = 3;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(tagged); }));
    EXPECT_THAT(find(ann.id, tagged.id)->tags, IsEmpty());
}

TEST_P(task_rows, NeverCarryAnotherUsersTag) {
    task hers = make_task(ann.id, "hers");
    hers.tags = {add_tag(bob.id, "his")};
    EXPECT_ANY_THROW(write([&](transaction& tx) { return tx.insert_task(hers); }));
    EXPECT_FALSE(find(ann.id, hers.id));
}

TEST_P(task_rows, HaveOneChildOfTheirMaking) {
    const task parent = add(completed_daily(ann.id, "parent"));
    const task child = add(make_child(parent, "child"));
    const task twin = make_child(parent, "twin");
    EXPECT_FALSE(write([&](transaction& tx) { return tx.insert_task(twin); }));
    EXPECT_FALSE(find(ann.id, twin.id));
    const auto found = read([&](const transaction& tx) { return tx.find_child_made_by(ann.id, parent.id); });
    ASSERT_TRUE(found);
    expect_same(found->task, child);
    EXPECT_EQ(found->deleted_at, std::nullopt);
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_child_made_by(bob.id, parent.id).has_value(); }));
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_child_made_by(ann.id, child.id).has_value(); }));

    write([&](transaction& tx) { tx.trash_task(ann.id, child.id, false, tx.new_uuid(), tx.now()); });
    EXPECT_FALSE(write([&](transaction& tx) { return tx.insert_task(twin); }));
    EXPECT_EQ(read([&](const transaction& tx) { return tx.find_child_made_by(ann.id, parent.id); })->deleted_at, now());
}

TEST_P(task_rows, TellWhetherTheyHaveChildren) {
    const task parent = add(completed_daily(ann.id, "parent"));
    const task made = add(make_child(parent, "made"));
    task named = make_task(ann.id, "named");
    named.parent = made.id;
    add(named);
    const auto has = [&](user_id owner, task_id id) {
        return read([&](const transaction& tx) { return tx.has_children(owner, id); });
    };
    EXPECT_TRUE(has(ann.id, parent.id));
    EXPECT_TRUE(has(ann.id, made.id));
    EXPECT_FALSE(has(ann.id, named.id));
    EXPECT_FALSE(has(bob.id, parent.id));

    // Made by it, though its parent is another by now; and in the trash.
    task moved = made;
    moved.parent = std::nullopt;
    moved.version = 2;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(moved); }));
    write([&](transaction& tx) { tx.trash_task(ann.id, made.id, true, tx.new_uuid(), tx.now()); });
    EXPECT_TRUE(has(ann.id, parent.id));
    EXPECT_TRUE(has(ann.id, made.id));
}

TEST_P(task_rows, KnowTheirAncestors) {
    const task top = add_task(ann.id, "top");
    task middle = make_task(ann.id, "middle");
    middle.parent = top.id;
    add(middle);
    task bottom = make_task(ann.id, "bottom");
    bottom.parent = middle.id;
    add(bottom);
    const auto above = [&](user_id owner, task_id ancestor, task_id id) {
        return read([&](const transaction& tx) { return tx.is_ancestor(owner, ancestor, id); });
    };
    EXPECT_TRUE(above(ann.id, top.id, bottom.id));
    EXPECT_TRUE(above(ann.id, middle.id, bottom.id));
    EXPECT_TRUE(above(ann.id, bottom.id, bottom.id));
    EXPECT_FALSE(above(ann.id, bottom.id, top.id));
    EXPECT_FALSE(above(bob.id, top.id, bottom.id));

    // A circle ends.
    task circle = top;
    circle.parent = bottom.id;
    circle.version = 2;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(circle); }));
    EXPECT_TRUE(above(ann.id, bottom.id, top.id));
    EXPECT_FALSE(above(ann.id, add_task(ann.id, "elsewhere").id, top.id));
}

TEST_P(task_rows, AreTakenBackForGood) {
    const task parent = add(completed_daily(ann.id, "parent"));
    const task child = add(make_child(parent, "child"));
    write([&](transaction& tx) { tx.remove_task(bob.id, child.id); });
    EXPECT_TRUE(find(ann.id, child.id));
    EXPECT_THAT(missing(), IsEmpty());
    write([&](transaction& tx) { tx.remove_task(ann.id, child.id); });
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_task_anywhere(ann.id, child.id).has_value(); }));
    EXPECT_THAT(missing(), ElementsAre(Pair(ann.id, parent.id)));
    add(make_child(parent, "again"));
    EXPECT_THAT(missing(), IsEmpty());
}

TEST_P(task_rows, LackAChildThatWasPurgedBeforeTheyWereCompletedAgain) {
    const task done = add(completed_daily(ann.id, "parent"));
    const task child = add(make_child(done, "child"));
    write([&](transaction& tx) { tx.trash_task(ann.id, child.id, false, tx.new_uuid(), tx.now()); });
    task changed = done;
    const auto become = [&](task_status status) {
        changed.status = status;
        ++changed.version;
        EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(changed); }));
    };
    become(task_status::pending);
    EXPECT_EQ(write([&](transaction& tx) { return tx.purge_trash(now() + 1s, 10); }), 1u);
    become(task_status::done);
    EXPECT_THAT(missing(), ElementsAre(Pair(ann.id, done.id)));
    add(make_child(done, "again"));
    EXPECT_THAT(missing(), IsEmpty());
}

// What they look like stale can only be made past the store, for each engine in its way.
TEST_P(task_rows, HaveTheirDueInstantsLookedAtInTheOrderOfTheirIds) {
    std::vector<task_id> dated;
    for (int i = 0; i < 5; ++i) {
        task made = make_task(i % 2 == 0 ? ann.id : bob.id, std::to_string(i));
        made.due = i == 3 ? day(2026, 3, 29) : wall(2026, 3, 29, 2, 30);
        made.zone = zone("Europe/Berlin");
        made.status = i == 4 ? task_status::done : task_status::pending;
        dated.push_back(add(made).id);
        add_task(ann.id, "without a due date");
    }
    const std::vector<task> before = read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, {}).tasks; });
    std::ranges::sort(dated);  // made in the same millisecond, they are in no order
    std::vector<task_id> seen;
    for (task_id after{};;) {
        const auto batch = write([&](transaction& tx) { return tx.refresh_due_instants(after, 1); });
        EXPECT_EQ(batch.changed, 0u);
        if (!batch.last)
            break;
        ASSERT_LT(after, *batch.last);
        seen.push_back(after = *batch.last);
    }
    EXPECT_EQ(seen, dated);
    EXPECT_EQ(write([&](transaction& tx) { return tx.refresh_due_instants({}, 3).last; }), dated[2]);
    EXPECT_EQ(read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, {}).tasks; }), before);
}

TEST_P(task_rows, LackAChildWhenDoneRecurringUnendedAndLiving) {
    const task parent = add(completed_daily(ann.id, "parent"));
    const task other = add(completed_daily(bob.id, "other"));
    task pending = completed_daily(ann.id, "pending");
    pending.status = task_status::pending;
    add(pending);
    task once = completed_daily(ann.id, "once");
    once.repeat.type = recurring_type::none;
    add(once);
    task ended = completed_daily(ann.id, "ended");
    ended.ended = series_end::next_after_end;
    add(ended);
    const task trashed = add(completed_daily(ann.id, "trashed"));
    write([&](transaction& tx) { tx.trash_task(ann.id, trashed.id, false, tx.new_uuid(), tx.now()); });
    EXPECT_THAT(missing(), ::testing::UnorderedElementsAre(Pair(ann.id, parent.id), Pair(bob.id, other.id)));
    EXPECT_EQ(read([](const transaction& tx) { return tx.missing_children(1).size(); }), 1u);

    write([&](transaction& tx) { tx.mark_ended(bob.id, parent.id, series_end::next_after_end); });
    EXPECT_EQ(missing().size(), 2u);
    write([&](transaction& tx) { tx.mark_ended(ann.id, parent.id, series_end::next_after_end); });
    EXPECT_THAT(missing(), ElementsAre(Pair(bob.id, other.id)));
    task expected = parent;
    expected.ended = series_end::next_after_end;
    expect_same(find(ann.id, parent.id).value(), expected);
    write([&](transaction& tx) { tx.mark_ended(ann.id, parent.id, std::nullopt); });
    EXPECT_EQ(missing().size(), 2u);
}

TEST_P(task_rows, AreNotMadeAgainAfterTheTrashIsEmptied) {
    task parent = add(completed_daily(ann.id, "parent"));
    const task child = add(make_child(parent, "child"));
    write([&](transaction& tx) { tx.trash_task(ann.id, child.id, false, tx.new_uuid(), tx.now()); });
    EXPECT_EQ(write([&](transaction& tx) { return tx.purge_trash(tx.now() + 1ms, 10); }), 1u);
    EXPECT_THAT(missing(), IsEmpty());
    const task replayed = make_child(parent, "replayed");
    EXPECT_FALSE(write([&](transaction& tx) { return tx.insert_task(replayed); }));

    // Reopened and completed anew, it may.
    parent.status = task_status::pending;
    parent.version = 2;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(parent); }));
    parent.status = task_status::done;
    parent.version = 3;
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_task(parent); }));
    EXPECT_THAT(missing(), ElementsAre(Pair(ann.id, parent.id)));
    add(make_child(parent, "anew"));
}

RONDO_ON_EVERY_ENGINE(task_rows);

}  // namespace rondo::test
