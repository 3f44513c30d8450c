#include "unit/usecases/task_fixture.hpp"

namespace rondo {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class deleting_a_task : public task_fixture {
protected:
    /// The ids that the last `count` events tell of.
    std::vector<task_id> last_subjects(std::size_t count) {
        std::vector<task_id> ids;
        const auto all = stored_events();
        for (std::size_t i = all.size() - count; i < all.size(); ++i)
            ids.push_back(all[i].subject);
        return ids;
    }
};
class restoring_a_task : public deleting_a_task {};

TEST_F(deleting_a_task, TakesEveryDescendantWithAnEventEach) {
    const task top = created({});
    const task child = created({.parent = top.id});
    const task grandchild = created({.parent = child.id});
    const task other = created({});
    ASSERT_TRUE(remove(top.id));
    for (const task_id gone : {top.id, child.id, grandchild.id})
        EXPECT_FALSE(found(gone));
    EXPECT_TRUE(found(other.id));
    EXPECT_THAT(last_subjects(3), UnorderedElementsAre(top.id, child.id, grandchild.id));
    const auto all = events();
    EXPECT_THAT((std::vector<std::string>{all.end() - 3, all.end()}),
                ElementsAre("task.deleted v2 pending", "task.deleted v2 pending", "task.deleted v2 pending"));
}

TEST_F(deleting_a_task, AloneTakesFromItsChildrenTheirParent) {
    const task top = created({});
    const task child = created({.parent = top.id});
    const task grandchild = created({.parent = child.id});
    ASSERT_TRUE(remove(top.id, false));
    EXPECT_FALSE(found(top.id));
    EXPECT_EQ(found(child.id)->parent, std::nullopt);
    EXPECT_EQ(found(child.id)->version, 2);
    EXPECT_EQ(found(grandchild.id), grandchild);
    EXPECT_THAT(last_subjects(2), ElementsAre(child.id, top.id));
    const auto all = events();
    EXPECT_THAT((std::vector<std::string>{all.end() - 2, all.end()}),
                ElementsAre("task.updated v2 pending", "task.deleted v2 pending"));
}

TEST_F(deleting_a_task, NeedsTheExpectedVersionAndTheOwner) {
    const task made = created({});
    EXPECT_EQ(remove(made.id, true, 2).error().code, errc::version_mismatch);
    EXPECT_EQ(
        db.write([&](transaction& tx) { return delete_task(tx, as_bob, made.id, true, std::nullopt); }).error().code,
        errc::not_found);
    EXPECT_TRUE(remove(made.id, true, 1));
    EXPECT_EQ(remove(made.id).error().code, errc::not_found);
    EXPECT_EQ(change(made.id, {.title = "Late"}).error().code, errc::not_found);
    EXPECT_EQ(toggle(made.id).error().code, errc::not_found);
}

TEST_F(restoring_a_task, BringsBackAllThatItsDeleteTook) {
    const task top = created({});
    const task child = created({.parent = top.id});
    const task deleted_before = created({.parent = top.id});
    ASSERT_TRUE(remove(deleted_before.id));
    ASSERT_TRUE(remove(top.id));
    const auto back = restore(child.id);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->id, child.id);
    EXPECT_EQ(back->version, 3);
    EXPECT_EQ(found(child.id), *back);
    EXPECT_EQ(found(child.id)->parent, top.id);
    EXPECT_TRUE(found(top.id));
    EXPECT_FALSE(found(deleted_before.id));
    EXPECT_THAT(last_subjects(2), ElementsAre(child.id, top.id));
    EXPECT_EQ(events().back(), "task.restored v3 pending");
}

TEST_F(restoring_a_task, FindsNoneThatIsNotInTheTrashOrTooOldOrAnothers) {
    const task made = created({});
    EXPECT_EQ(restore(made.id).error().code, errc::not_found);
    ASSERT_TRUE(remove(made.id));
    EXPECT_EQ(db.write([&](transaction& tx) { return restore_task(tx, as_bob, made.id); }).error().code,
              errc::not_found);
    db.time.advance(days{30} + minutes{1});
    EXPECT_EQ(restore(made.id).error().code, errc::not_found);
    db.time.advance(-minutes{2});
    EXPECT_TRUE(restore(made.id));
}

class tags_of_a_user : public task_fixture {};

TEST_F(tags_of_a_user, HaveNamesOfTheirOwn) {
    const auto create_named = [&](const char* name) {
        return db.write([&](transaction& tx) { return create_tag(tx, as_ann, name, "#112233"); });
    };
    const tag home = create_named("Home").value();
    EXPECT_EQ(home.color, "#112233");
    EXPECT_EQ(create_named("hOME").error().code, errc::tag_name_taken);
    EXPECT_TRUE(db.write([&](transaction& tx) { return create_tag(tx, as_bob, "Home", "#112233"); }));
    const tag work = create_named("Work").value();
    const auto change_named = [&](const actor& who, tag_id id, const char* name) {
        return db.write([&](transaction& tx) { return change_tag(tx, who, id, name, std::nullopt); });
    };
    EXPECT_EQ(change_named(as_ann, work.id, "home").error().code, errc::tag_name_taken);
    EXPECT_EQ(change_named(as_ann, work.id, "WORK").value().tag.name, "WORK");
    EXPECT_EQ(change_named(as_bob, work.id, "mine").error().code, errc::not_found);
}

}  // namespace
}  // namespace rondo
