#include "contract/store/instantiate.hpp"

namespace rondo::test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class tags : public store_contract {
protected:
    std::vector<std::string> names(user_id owner) {
        return read([&](const transaction& tx) {
            std::vector<std::string> found;
            for (const tag_count& each : tx.list_tags(owner))
                found.push_back(each.tag.name);
            return found;
        });
    }
    bool insert(const tag& added) {
        return write([&](transaction& tx) { return tx.insert_tag(added); });
    }
    std::optional<tag> named(user_id owner, std::string_view name) {
        return read([&](const transaction& tx) { return tx.find_tag_named(owner, name); });
    }
};

TEST_P(tags, KeepEveryFieldAndAreListedByName) {
    const tag work = add_tag(ann.id, "Work");
    const tag home = add_tag(ann.id, "home");
    add_tag(bob.id, "Zoo");
    EXPECT_THAT(names(ann.id), ElementsAre("home", "Work"));
    EXPECT_EQ(read([&](const transaction& tx) { return tx.find_tag(ann.id, work.id)->tag; }), work);
    EXPECT_EQ(named(ann.id, "HOME"), home);
    EXPECT_EQ(named(ann.id, "Zoo"), std::nullopt);
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_tag(bob.id, work.id).has_value(); }));
}

TEST_P(tags, HaveOneNamePerUserWithoutRegardToCase) {
    const tag work = add_tag(ann.id, "Ärger Ωmega Дом");
    tag same = work;
    same.id = new_id<tag_id>();
    same.name = "äRGER ωMEGA дОМ";
    EXPECT_FALSE(insert(same));
    EXPECT_THAT(names(ann.id), ElementsAre(work.name));
    EXPECT_EQ(named(ann.id, "ÄRGER ΩMEGA ДОМ"), work);
    same.owner = bob.id;
    EXPECT_TRUE(insert(same));
}

TEST_P(tags, AreRenamedUnlessTheNameIsTaken) {
    tag work = add_tag(ann.id, "Work");
    add_tag(ann.id, "Home");
    const auto update = [&](const tag& changed) {
        return write([&](transaction& tx) { return tx.update_tag(changed); });
    };
    work.name = "HOME";
    EXPECT_FALSE(update(work));
    EXPECT_THAT(names(ann.id), ElementsAre("Home", "Work"));
    work.name = "WORK";
    work.color = "#000000";
    EXPECT_TRUE(update(work));
    EXPECT_EQ(named(ann.id, "work"), work);
    tag his = work;
    his.owner = bob.id;
    his.name = "Mine";
    EXPECT_FALSE(update(his));
    EXPECT_EQ(named(ann.id, "work"), work);
}

TEST_P(tags, AreRenamedOnTheTasksThatCarryThem) {
    tag work = add_tag(ann.id, "Work");
    task tagged = make_task(ann.id, "tagged");
    tagged.tags = {work};
    add(tagged);
    work.name = "Office";
    EXPECT_TRUE(write([&](transaction& tx) { return tx.update_tag(work); }));
    const task found = find(ann.id, tagged.id).value();
    EXPECT_THAT(found.tags, ElementsAre(work));
    EXPECT_EQ(found.version, 1);
}

TEST_P(tags, AreTakenFromEveryTaskWhenDeleted) {
    const tag work = add_tag(ann.id, "Work");
    const tag home = add_tag(ann.id, "Home");
    task tagged = make_task(ann.id, "tagged");
    tagged.tags = {work, home};
    add(tagged);
    const auto remove = [&](user_id owner) {
        return write([&](transaction& tx) { return tx.delete_tag(owner, work.id); });
    };
    EXPECT_FALSE(remove(bob.id));
    EXPECT_TRUE(remove(ann.id));
    EXPECT_FALSE(remove(ann.id));
    EXPECT_THAT(find(ann.id, tagged.id)->tags, ElementsAre(home));
    EXPECT_THAT(names(ann.id), ElementsAre("Home"));
    add_tag(ann.id, "work");
}

TEST_P(tags, CountTheTasksThatCarryThem) {
    const tag work = add_tag(ann.id, "Work");
    for (int i = 0; i < 3; ++i) {
        task tagged = make_task(ann.id, "tagged");
        tagged.tags = {work};
        add(tagged);
    }
    EXPECT_EQ(read([&](const transaction& tx) { return tx.list_tags(ann.id); }).at(0).task_count, 3);
}

RONDO_ON_EVERY_ENGINE(tags);

}  // namespace rondo::test
