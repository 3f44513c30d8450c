#include "unit/usecases/task_fixture.hpp"

namespace rondo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class creating_a_task : public task_fixture {};
class changing_a_task : public task_fixture {};
class toggling_a_task : public task_fixture {};

std::vector<std::string> names_of(const task& of) {
    std::vector<std::string> names;
    for (const tag& one : of.tags)
        names.push_back(one.name);
    return names;
}

date_or_time at_nine() {
    return std::chrono::local_seconds{std::chrono::local_days{std::chrono::year{2026} / 2 / 8}} + hours{9};
}

TEST_F(creating_a_task, StoresItAsVersionOneWithOneEvent) {
    const task made = created({.title = "  Water the plants ", .priority = task_priority::high});
    EXPECT_EQ(made.title, "Water the plants");
    EXPECT_EQ(made.version, 1);
    EXPECT_EQ(made.series, made.id);
    EXPECT_EQ(made.occurrence, 1);
    EXPECT_EQ(made.created_at, db.time.now());
    EXPECT_EQ(made.updated_at, db.time.now());
    EXPECT_EQ(found(made.id), made);
    EXPECT_THAT(events(), ElementsAre("task.created v1 pending"));
    const auto told = stored_events().front();
    EXPECT_EQ(told.owner, ann.id);
    EXPECT_EQ(told.subject, made.id);
    EXPECT_EQ(told.at, db.time.now());
    EXPECT_EQ(told.traceparent, as_ann.traceparent);
}

TEST_F(creating_a_task, TakesTheUsersZoneUnlessAnotherIsGiven) {
    ann.zone = time_zone::find("Europe/Berlin").value();
    db.write([&](transaction& tx) { tx.update_user(ann); });
    EXPECT_EQ(created({}).zone.name(), "Europe/Berlin");
    EXPECT_EQ(created({.zone = time_zone::find("Asia/Tokyo")}).zone.name(), "Asia/Tokyo");
}

TEST_F(creating_a_task, ThatIsDoneCreatesAndCompletesIt) {
    const instant done_at = db.time.now() - hours{3};
    const auto made = create({.title = "Done before", .status = task_status::done, .completed_at = done_at}).value();
    EXPECT_EQ(made.task.version, 2);
    EXPECT_EQ(made.task.status, task_status::done);
    EXPECT_EQ(made.task.completed_at, done_at);
    EXPECT_EQ(found(made.task.id), made.task);
    EXPECT_THAT(events(), ElementsAre("task.created v1 pending", "task.completed v2 done"));
    EXPECT_EQ(made.completion, stored_events().back().id);
}

TEST_F(creating_a_task, MakesNamedTagsThatAreNew) {
    const task first = created({}, named({"home", "Garden"}));
    EXPECT_THAT(names_of(first), ElementsAre("home", "Garden"));
    EXPECT_EQ(first.tags[0].color, tag_default_color);
    const task second = created({}, named({"garden", "HOME", "Home", "new"}));
    EXPECT_THAT(names_of(second), ElementsAre("Garden", "home", "new"));
    EXPECT_THAT(tag_names(), UnorderedElementsAre("home", "Garden", "new"));
    EXPECT_EQ(found(second.id), second);
}

TEST_F(creating_a_task, TakesTagsByIdAndByWhatWasGivenOut) {
    const task first = created({}, named({"home", "garden"}));
    const tag home = first.tags[0];
    EXPECT_THAT(names_of(created({}, std::vector<tag_id>{home.id, home.id})), ElementsAre("home"));
    const auto unknown = tag_id{first.id.value};
    const task third =
        created({}, std::vector<tag_mention>{{.id = home.id, .name = "an old name"}, {.id = unknown, .name = "lost"}});
    EXPECT_THAT(names_of(third), ElementsAre("home", "lost"));
    EXPECT_THAT(tag_names(), UnorderedElementsAre("home", "garden", "lost"));
}

TEST_F(creating_a_task, NamesEveryFaultAtOnceAndWritesNothing) {
    const auto bobs_task =
        db.write([&](transaction& tx) { return create_task(tx, as_bob, {.title = "Bob's"}, named({"bobs"})); })
            .value()
            .task;
    const std::size_t before = events().size();
    const auto refused =
        create({.title = " ", .interval = 1000, .parent = bobs_task.id}, std::vector<tag_id>{bobs_task.tags[0].id});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid);
    std::vector<std::string> pointers;
    for (const fault& one : refused.error().faults)
        pointers.push_back(one.pointer);
    EXPECT_THAT(pointers, ElementsAre("/title", "/recurring_interval", "/parent_task_id", "/tag_ids/0"));
    EXPECT_EQ(events().size(), before);
    EXPECT_FALSE(create({.title = ""}, named({"not made"})));
    EXPECT_THAT(tag_names(), IsEmpty());
}

TEST_F(creating_a_task, ChangesNothingWhenItFailsEvenIfTheTransactionIsKept) {
    db.write([&](transaction& tx) {
        EXPECT_FALSE(create_task(tx, as_ann, {.title = "", .parent = std::nullopt}, named({"not made"})));
    });
    EXPECT_THAT(tag_names(), IsEmpty());
    EXPECT_THAT(events(), IsEmpty());
}

TEST_F(changing_a_task, RaisesItsVersionByOneWithOneEvent) {
    const task before = created({});
    db.time.advance(minutes{1});
    const auto after = change(before.id, {.title = "Feed the cat", .priority = task_priority::low}).value().task;
    EXPECT_EQ(after.version, 2);
    EXPECT_EQ(after.updated_at, db.time.now());
    EXPECT_EQ(after.created_at, before.created_at);
    EXPECT_EQ(found(before.id), after);
    EXPECT_THAT(events(), ElementsAre("task.created v1 pending", "task.updated v2 pending"));
}

TEST_F(changing_a_task, ToWhatItIsMakesNoEvent) {
    const task before =
        created({.title = "Same", .due_date = at_nine(), .type = recurring_type::daily}, named({"home", "garden"}));
    db.time.advance(minutes{1});
    const auto after = change(before.id,
                              {.title = " Same ",
                               .status = task_status::pending,
                               .due_date = at_nine(),
                               .type = recurring_type::daily,
                               .parent = std::optional<task_id>{}},
                              named({"Garden", "home"}));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->task, before);
    EXPECT_EQ(found(before.id), before);
    EXPECT_EQ(events().size(), 1u);
}

TEST_F(changing_a_task, OfTagsAloneIsAChange) {
    const task before = created({}, named({"home"}));
    EXPECT_EQ(change(before.id, {}, named({"home", "garden"})).value().task.version, 2);
    EXPECT_EQ(change(before.id, {}, std::vector<tag_id>{}).value().task.version, 3);
    EXPECT_THAT(found(before.id)->tags, IsEmpty());
    EXPECT_THAT(events(), ElementsAre("task.created v1 pending", "task.updated v2 pending", "task.updated v3 pending"));
}

TEST_F(changing_a_task, ToAndFromDoneCompletesAndReopensIt) {
    const task before = created({});
    const auto done = change(before.id, {.title = "Another", .status = task_status::done}).value();
    EXPECT_EQ(done.completion, stored_events().back().id);
    EXPECT_EQ(done.task.completed_at, db.time.now());
    const auto open = change(before.id, {.status = task_status::in_progress}).value();
    EXPECT_EQ(open.completion, std::nullopt);
    EXPECT_EQ(open.task.completed_at, std::nullopt);
    EXPECT_THAT(events(),
                ElementsAre("task.created v1 pending", "task.completed v2 done", "task.reopened v3 in_progress"));
}

TEST_F(changing_a_task, ThatIsDoneToDoneIsNoNewCompletion) {
    const task before = created({.status = task_status::done});
    db.time.advance(minutes{1});
    const auto again = change(before.id, {.status = task_status::done, .completed_at = before.completed_at}).value();
    EXPECT_EQ(again.task, before);
    EXPECT_EQ(again.completion, std::nullopt);
    EXPECT_EQ(events().size(), 2u);
}

TEST_F(changing_a_task, NeedsTheExpectedVersionIfThereIsOne) {
    const task before = created({});
    EXPECT_TRUE(change(before.id, {.title = "One"}, std::nullopt, 1));
    const auto refused = change(before.id, {.title = "Two"}, std::nullopt, 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::version_mismatch);
    EXPECT_EQ(found(before.id)->title, "One");
}

TEST_F(changing_a_task, OfAnotherUserFindsNone) {
    const task anns = created({});
    const auto refused = db.write([&](transaction& tx) {
        return change_task(tx, as_bob, anns.id, {.title = "Bob's"}, std::nullopt, std::nullopt);
    });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::not_found);
    EXPECT_EQ(found(anns.id), anns);
}

TEST_F(changing_a_task, MakesNoCircleOfParents) {
    const task top = created({});
    const task middle = created({.parent = top.id});
    const task low = created({.parent = middle.id});
    for (const task_id below : {top.id, middle.id, low.id}) {
        const auto refused = change(top.id, {.parent = below});
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().faults,
                    ElementsAre(fault{"/parent_task_id", "must not be the task itself or one of its descendants"}));
    }
    EXPECT_TRUE(change(low.id, {.parent = top.id}));
    EXPECT_TRUE(change(middle.id, {.parent = low.id}));
}

TEST_F(changing_a_task, LeavesAParentThatIsInTheTrashAlone) {
    const task parent = created({});
    const task child = created({.parent = parent.id});
    ASSERT_TRUE(db.write(
        [&](transaction& tx) { return tx.trash_task(ann.id, parent.id, false, tx.new_uuid(), tx.now()).size() == 1; }));
    EXPECT_EQ(change(child.id, {.parent = parent.id}).value().task.version, 1);
    const task other = created({});
    EXPECT_FALSE(change(other.id, {.parent = parent.id}));
}

TEST_F(changing_a_task, NeverChangesWhatItWasMadeFrom) {
    const task source = created({.status = task_status::done});
    task child{.id = {}, .owner = ann.id, .title = "Child", .parent = source.id, .source = source.id};
    db.write([&](transaction& tx) {
        child.id = tx.new_id<task_id>();
        child.series = source.id;
        return tx.insert_task(child);
    });
    const auto moved = change(child.id, {.parent = std::optional<task_id>{}}).value().task;
    EXPECT_EQ(moved.parent, std::nullopt);
    EXPECT_EQ(moved.source, source.id);
}

TEST_F(toggling_a_task, CompletesWhatIsNotDoneAndReopensWhatIs) {
    for (const task_status from : {task_status::pending, task_status::in_progress, task_status::cancelled}) {
        const task before = created({.status = from});
        const auto done = toggle(before.id).value();
        EXPECT_EQ(done.task.status, task_status::done);
        EXPECT_TRUE(done.completion);
        const auto open = toggle(before.id).value();
        EXPECT_EQ(open.task.status, task_status::pending);
        EXPECT_FALSE(open.completion);
    }
}

TEST_F(toggling_a_task, TakesTheTimeThatAClientGives) {
    const task before = created({});
    const instant earlier = db.time.now() - hours{48};
    EXPECT_EQ(toggle(before.id, earlier).value().task.completed_at, earlier);
    const auto refused = toggle(created({}).id, db.time.now() + minutes{6});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().faults.front().pointer, "/completed_at");
}

TEST_F(toggling_a_task, DoesNotReopenForAClientThatMeantToComplete) {
    const task done = created({.status = task_status::done});
    const auto again = toggle(done.id, db.time.now() - hours{1});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->task, done);
    EXPECT_FALSE(again->completion);
    EXPECT_EQ(found(done.id), done);
    EXPECT_EQ(toggle(done.id, db.time.now() + hours{1}).error().faults.front().pointer, "/completed_at");
}

TEST_F(toggling_a_task, IsOneCompletionWhenItIsSentAgain) {
    const task pending = created({});
    const instant at = db.time.now() - hours{1};
    const auto first = toggle(pending.id, at, pending.version);
    ASSERT_TRUE(first && first->completion);
    // Also with the version that was seen before it, but not another completion with that.
    const auto again = toggle(pending.id, at, pending.version);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->task, first->task);
    EXPECT_FALSE(again->completion);
    EXPECT_EQ(toggle(pending.id, at + minutes{1}, pending.version).error().code, errc::version_mismatch);
    EXPECT_EQ(found(pending.id), first->task);
    // Reopened, it can be completed anew.
    ASSERT_TRUE(toggle(pending.id, std::nullopt));
    EXPECT_TRUE(toggle(pending.id, at)->completion);
}

TEST_F(toggling_a_task, NeedsTheExpectedVersionAndTheOwner) {
    const task before = created({});
    EXPECT_EQ(toggle(before.id, std::nullopt, 2).error().code, errc::version_mismatch);
    EXPECT_EQ(db.write([&](transaction& tx) { return toggle_task(tx, as_bob, before.id, std::nullopt, std::nullopt); })
                  .error()
                  .code,
              errc::not_found);
}

}  // namespace
}  // namespace rondo
