#include "unit/api/api_fixture.hpp"

namespace rondo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class tag_routes : public api_fixture {
protected:
    boost::json::object made(const std::string& body) {
        const auto answer = post("/api/tags", body);
        EXPECT_EQ(answer.status, 201u) << answer.body;
        return object_in(answer);
    }
    std::string path_of(const boost::json::object& tag) { return "/api/tags/" + text(tag, "id"); }
};

TEST_F(tag_routes, MakeShowAndListTags) {
    const auto answer = post("/api/tags", R"({"name":" Home "})");
    EXPECT_EQ(answer.status, 201u);
    const auto tag = object_in(answer);
    EXPECT_EQ(header_of(answer, "Location"), path_of(tag));
    EXPECT_EQ(answer.body,
              R"({"id":")" + text(tag, "id") + R"(","user_id":")" + to_string(ann.id) +
                  R"(","name":"Home","color":"#3B82F6","created_at":"2026-02-08T09:00:00.000Z","task_count":0})");
    EXPECT_EQ(get(path_of(tag)).body, answer.body);
    made(R"({"name":"a","color":"#aBcD09"})");
    created(R"({"title":"t","tags":["home"]})");
    const auto list = get("/api/tags");
    EXPECT_THAT(all(list, "name"), ElementsAre("a", "Home"));
    EXPECT_EQ(boost::json::parse(list.body).as_array().at(1).as_object().at("task_count"), 1);
}

TEST_F(tag_routes, RefuseWhatDoesNotFit) {
    EXPECT_THAT(pointers_of(post("/api/tags", R"({"color":"red","nmae":"x"})")),
                ElementsAre("/name", "/color", "/nmae"));
    for (const char* color : {"#12345", "#1234567", "123456#", "#12345g", "#12 456", ""})
        EXPECT_THAT(pointers_of(post("/api/tags", R"({"name":"x","color":")" + std::string{color} + "\"}")),
                    ElementsAre("/color"))
            << color;
    EXPECT_THAT(pointers_of(post("/api/tags", R"({"name":"  "})")), ElementsAre("/name"));
    EXPECT_EQ(post("/api/tags", R"({"name":")" + std::string(50, 'x') + "\"}").status, 201u);
    EXPECT_THAT(pointers_of(post("/api/tags", R"({"name":")" + std::string(51, 'x') + "\"}")), ElementsAre("/name"));
    EXPECT_EQ(post("/api/tags", "").status, 400u);
}

TEST_F(tag_routes, KeepNamesApart) {
    const auto home = made(R"({"name":"Home"})");
    const auto work = made(R"({"name":"work"})");
    EXPECT_EQ(post("/api/tags", R"({"name":"hOME"})").status, 409u);
    EXPECT_EQ(put(path_of(work), R"({"name":"HOME"})").status, 409u);
    EXPECT_EQ(put(path_of(home), R"({"name":"HOME"})").status, 200u);
}

TEST_F(tag_routes, ChangeOnlyWhatIsGiven) {
    const auto tag = made(R"({"name":"Home","color":"#112233"})");
    EXPECT_EQ(text(object_in(put(path_of(tag), R"({"color":"#445566"})")), "name"), "Home");
    EXPECT_EQ(text(object_in(put(path_of(tag), R"({"name":"House"})")), "color"), "#445566");
    const auto fetched = get(path_of(tag));
    const auto again = put(path_of(tag), fetched.body);
    EXPECT_EQ(again.status, 200u);
    EXPECT_EQ(again.body, fetched.body);
    EXPECT_THAT(pointers_of(put(path_of(tag), R"({"name":null})")), ElementsAre("/name"));
}

TEST_F(tag_routes, DeleteATagFromItsTasks) {
    const auto task = created(R"({"title":"t","tags":["home"]})");
    const auto tag = task.at("tags").as_array().at(0).as_object();
    EXPECT_EQ(remove(path_of(tag)).status, 204u);
    EXPECT_EQ(remove(path_of(tag)).status, 404u);
    EXPECT_EQ(get(path_of(tag)).status, 404u);
    EXPECT_THAT(object_in(get("/api/tasks/" + text(task, "id"))).at("tags").as_array(), IsEmpty());
}

TEST_F(tag_routes, FindNoTagOfAnotherUserOrNone) {
    const auto tag = made(R"({"name":"Home"})");
    token = log_in(db.add_user("bob@example.org"));
    for (const std::string& path :
         {path_of(tag), std::string{"/api/tags/x"}, std::string{"/api/tags/0198c0de-0000-7000-8000-000000000002"}}) {
        EXPECT_EQ(get(path).status, 404u);
        EXPECT_EQ(put(path, R"({"name":"mine"})").status, 404u);
        EXPECT_EQ(remove(path).status, 404u);
    }
    EXPECT_EQ(post("/api/tasks", R"({"title":"t","tag_ids":[")" + text(tag, "id") + "\"]}").status, 422u);
    EXPECT_THAT(all(get("/api/tags"), "name"), IsEmpty());
}

}  // namespace
}  // namespace rondo
