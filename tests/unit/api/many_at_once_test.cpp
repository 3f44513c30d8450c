#include <algorithm>

#include "unit/api/api_fixture.hpp"

namespace rondo {
namespace {

/// As in the server: writes run on the store's thread, while the requests wait.
class many_at_once : public api_fixture {
protected:
    many_at_once() : api_fixture{test::scratch_jobs::on_a_thread} {}

    static std::size_t count(const std::vector<http::response>& answers, unsigned status) {
        return static_cast<std::size_t>(std::ranges::count(answers, status, &http::response::status));
    }
};

TEST_F(many_at_once, TogglesOfOneTaskAreEachOneVersion) {
    const auto task = created(R"({"title":"a"})");
    const std::string path = "/api/tasks/" + text(task, "id");
    const auto answers = ask_all(std::vector<http::request>(200, request(http::method::patch, path + "/toggle")));
    EXPECT_EQ(count(answers, 200), 200u);
    std::vector<std::int64_t> versions;
    for (const http::response& answer : answers)
        versions.push_back(object_in(answer).at("version").as_int64());
    std::ranges::sort(versions);
    for (std::size_t i = 0; i < versions.size(); ++i)
        EXPECT_EQ(versions[i], static_cast<std::int64_t>(i) + 2);
    const auto types = event_types();
    ASSERT_EQ(types.size(), 201u);
    for (std::size_t i = 1; i < types.size(); ++i)
        EXPECT_EQ(types[i], i % 2 == 1 ? "task.completed" : "task.reopened");
}

TEST_F(many_at_once, ChangesOfOneVersionAreMadeOnce) {
    const auto task = created(R"({"title":"a"})");
    std::vector<http::request> all;
    for (int i = 0; i < 50; ++i) {
        auto asked = request(http::method::patch, "/api/tasks/" + text(task, "id"),
                             {{"If-Match", "\"1\""}, {"Content-Type", "application/json"}});
        asked.body = R"({"title":")" + std::to_string(i) + "\"}";
        all.push_back(std::move(asked));
    }
    const auto answers = ask_all(std::move(all));
    EXPECT_EQ(count(answers, 200), 1u);
    EXPECT_EQ(count(answers, 412), 49u);
}

TEST_F(many_at_once, PostsWithOneIdempotencyKeyMakeOneTask) {
    auto asked =
        request(http::method::post, "/api/tasks", {{"Idempotency-Key", "k"}, {"Content-Type", "application/json"}});
    asked.body = R"({"title":"a","tags":["home"]})";
    const auto answers = ask_all(std::vector<http::request>(50, asked));
    EXPECT_EQ(count(answers, 201), 50u);
    for (const http::response& answer : answers)
        EXPECT_EQ(answer.body, answers.front().body);
    EXPECT_EQ(event_types().size(), 1u);
}

TEST_F(many_at_once, CreationsMakeANewTagOnce) {
    auto asked = request(http::method::post, "/api/tasks", {{"Content-Type", "application/json"}});
    asked.body = R"({"title":"a","tags":["home"]})";
    EXPECT_EQ(count(ask_all(std::vector<http::request>(50, asked)), 201), 50u);
    EXPECT_EQ(all(get("/api/tags"), "name"), std::vector<std::string>{"home"});
    EXPECT_EQ(all(get("/api/tasks"), "id").size(), 50u);
}

}  // namespace
}  // namespace rondo
