#include "contract/store/store_contract.hpp"

namespace rondo::test {

using namespace std::chrono;

void store_contract::SetUp() {
    if (!under_test_)
        GTEST_SKIP() << "there is no server: set RONDO_TEST_POSTGRES (tools/dev-services start postgres prints it)";
    ann = add_user("ann@example.org");
    bob = add_user("bob@example.org");
}

user store_contract::add_user(const std::string& email) {
    return write([&](transaction& tx) {
        user added{.id = tx.new_id<user_id>(),
                   .email = email,
                   .name = std::nullopt,
                   .zone = {},
                   .password_hash = "none",
                   .created_at = tx.now()};
        EXPECT_TRUE(tx.insert_user(added));
        return added;
    });
}

tag store_contract::add_tag(user_id owner, const std::string& name) {
    return write([&](transaction& tx) {
        tag added{.id = tx.new_id<tag_id>(),
                  .owner = owner,
                  .name = name,
                  .color = tag_default_color,
                  .created_at = tx.now()};
        EXPECT_TRUE(tx.insert_tag(added));
        return added;
    });
}

task store_contract::make_task(user_id owner, const std::string& title) {
    task made;
    made.id = new_id<task_id>();
    made.owner = owner;
    made.title = title;
    made.series = made.id;
    made.created_at = now();
    made.updated_at = now();
    return made;
}

task store_contract::add_task(user_id owner, const std::string& title) {
    return add(make_task(owner, title));
}

task store_contract::add(const task& added) {
    EXPECT_TRUE(write([&](transaction& tx) { return tx.insert_task(added); }));
    return added;
}

std::optional<task> store_contract::find(user_id owner, task_id id) {
    return read([&](const transaction& tx) { return tx.find_task(owner, id); });
}

std::vector<std::string> store_contract::titles(user_id owner, const task_filter& filter, const page_request& page) {
    return read([&](const transaction& tx) {
        std::vector<std::string> found;
        for (const task& each : tx.list_tasks(owner, filter, page).tasks)
            found.push_back(each.title);
        return found;
    });
}

void expect_same(const task& actual, const task& expected) {
    EXPECT_EQ(actual.id, expected.id);
    EXPECT_EQ(actual.owner, expected.owner);
    EXPECT_EQ(actual.title, expected.title);
    EXPECT_EQ(actual.description, expected.description);
    EXPECT_EQ(actual.status, expected.status);
    EXPECT_EQ(actual.priority, expected.priority);
    EXPECT_EQ(actual.tags, expected.tags);
    EXPECT_EQ(actual.due, expected.due);
    EXPECT_EQ(actual.zone, expected.zone);
    EXPECT_EQ(actual.repeat, expected.repeat);
    EXPECT_EQ(actual.series_start, expected.series_start);
    EXPECT_EQ(actual.parent, expected.parent);
    EXPECT_EQ(actual.series, expected.series);
    EXPECT_EQ(actual.occurrence, expected.occurrence);
    EXPECT_EQ(actual.source, expected.source);
    EXPECT_EQ(actual.ended, expected.ended);
    EXPECT_EQ(actual.version, expected.version);
    EXPECT_EQ(actual.created_at, expected.created_at);
    EXPECT_EQ(actual.updated_at, expected.updated_at);
    EXPECT_EQ(actual.completed_at, expected.completed_at);
}

std::string encode_title(const event& happened) {
    return "{\"title\":\"" + happened.snapshot.title + "\"}";
}

time_zone zone(std::string_view name) {
    return time_zone::find(name).value();
}

due day(int y, unsigned m, unsigned d) {
    return {.wall = local_days{year{y} / month{m} / std::chrono::day{d}}, .all_day = true};
}

due wall(int y, unsigned m, unsigned d, int h, int min) {
    return {.wall = local_days{year{y} / month{m} / std::chrono::day{d}} + hours{h} + minutes{min}, .all_day = false};
}

}  // namespace rondo::test
