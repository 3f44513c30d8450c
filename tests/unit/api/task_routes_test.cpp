#include <algorithm>

#include "unit/api/api_fixture.hpp"

namespace rondo {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class task_routes : public api_fixture {
protected:
    std::string path_of(const json::object& task) { return "/api/tasks/" + text(task, "id"); }
};

constexpr const char* unknown_path = "/api/tasks/0198c0de-0000-7000-8000-000000000002";

TEST_F(task_routes, AnswerACreationWithTheWholeTask) {
    const auto answer =
        post("/api/tasks", R"({"title":" Pay \"rent\" ","due_date":"2026-02-08T09:00","timezone":"Europe/Berlin",
        "recurring_type":"daily","recurring_end_date":"2026-12-31","tags":["home"],
            "priority":"high","description":"é\n"})");
    ASSERT_EQ(answer.status, 201u) << answer.body;
    EXPECT_EQ(answer.content_type, "application/json");
    const auto task = object_in(answer);
    EXPECT_EQ(header_of(answer, "Location"), path_of(task));
    EXPECT_THAT(header_of(answer, "ETag"), StartsWith("\"1-"));
    const auto& tag = task.at("tags").as_array().at(0).as_object();
    EXPECT_EQ(
        answer.body,
        R"({"id":")" + text(task, "id") + R"(","user_id":")" + to_string(ann.id) +
            R"(","title":"Pay \"rent\"","description":"é\n","status":"pending","priority":"high","tags":[{"id":")" +
            text(tag, "id") + R"(","user_id":")" + to_string(ann.id) +
            R"(","name":"home","color":"#3B82F6","created_at":"2026-02-08T09:00:00.000Z"}],)"
            R"("due_date":"2026-02-08T09:00:00+01:00","timezone":"Europe/Berlin",)"
            R"("recurring_type":"daily","recurring_interval":1,)"
            R"("recurrence_rule":null,"repeat_mode":"after_completion",)"
            R"("recurring_end_date":"2026-12-31","parent_task_id":null,)"
            R"("series_id":")" +
            text(task, "id") +
            R"(","occurrence":1,"version":1,"created_at":"2026-02-08T09:00:00.000Z",)"
            R"("updated_at":"2026-02-08T09:00:00.000Z",)"
            R"("completed_at":null})");
    EXPECT_EQ(get(path_of(task)).body, answer.body);
}

TEST_F(task_routes, ShowDatesInEachOfTheirForms) {
    const auto day =
        created(R"({"title":"a","due_date":"2026-02-08","recurring_end_date":"2027-01-01T00:00:00+01:00"})");
    EXPECT_EQ(text(day, "due_date"), "2026-02-08");
    EXPECT_EQ(text(day, "recurring_end_date"), "2026-12-31T23:00:00.000Z");
    const auto gap = created(R"({"title":"a","due_date":"2026-03-29T02:30","timezone":"Europe/Berlin"})");
    EXPECT_EQ(text(gap, "due_date"), "2026-03-29T03:30:00+02:00");
    EXPECT_TRUE(created(R"({"title":"a"})").at("due_date").is_null());
}

TEST_F(task_routes, NameEveryFaultOfABodyAtOnce) {
    const auto answer = post(
        "/api/tasks", R"({"status":"Done","priority":7,"due_date":"2026-02-30","recurring_interval":"1","tags":"home",
        "timezone":"europe/berlin","repeat_mode":"sometimes","parent_task_id":"x","completed_at":"2026-02-08T09:00",
            "titel":"a",
        "recurrence_rule":"FREQ=DAILY","edit_scope":"this"})");
    EXPECT_THAT(pointers_of(answer),
                testing::UnorderedElementsAre("/status", "/priority", "/due_date", "/recurring_interval", "/tags",
                                              "/timezone", "/repeat_mode", "/parent_task_id", "/completed_at", "/titel",
                                              "/edit_scope", "/title", "/recurrence_rule"));
    EXPECT_THAT(answer.body, HasSubstr(R"(did you mean \"title\"?)"));
    EXPECT_THAT(answer.body, HasSubstr(R"(did you mean \"Europe/Berlin\"?)"));
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_THAT(event_types(), IsEmpty());
}

TEST_F(task_routes, NameTheFaultsOfAChangeWithThoseOfTheWholeTask) {
    const auto task = created(R"({"title":"a"})");
    EXPECT_THAT(pointers_of(patch(path_of(task), R"({"priority":7,"repeat_mode":"on_schedule"})")),
                ElementsAre("/priority", "/due_date"));
    EXPECT_EQ(patch(unknown_path, R"({"priority":7})").status, 404u);
}

TEST_F(task_routes, NameTheFaultsOfReferencesWithAllOthers) {
    const auto task = created(R"({"title":"a"})");
    const std::string id = "0198c0de-0000-7000-8000-000000000002";
    const std::string body =
        R"({"priority":7,"title":" ","parent_task_id":")" + id + R"(","tag_ids":["x",")" + id + R"("]})";
    for (const auto& answer : {post("/api/tasks", body), patch(path_of(task), body)})
        EXPECT_THAT(pointers_of(answer),
                    ElementsAre("/priority", "/tag_ids/0", "/title", "/parent_task_id", "/tag_ids/1"));
    EXPECT_THAT(pointers_of(post("/api/tasks", R"({"title":"a","tags":[5,{"id":"x"},{"id":")" + id + "\"}]}")),
                ElementsAre("/tags/0", "/tags/1/id", "/tags/2"));
}

TEST_F(task_routes, RefuseTagsThatDoNotFit) {
    EXPECT_THAT(pointers_of(post("/api/tasks",
                                 R"({"title":"a","tags":[""," ",5,{},{"name":1},{"id":"x"},
            {"id":"0198c0de-0000-7000-8000-000000000002"}]})")),
                ElementsAre("/tags/0", "/tags/1", "/tags/2", "/tags/3", "/tags/4/name", "/tags/5/id", "/tags/6"));
    EXPECT_THAT(
        pointers_of(post("/api/tasks", R"({"title":"a","tags":[{"id":"0198c0de-0000-7000-8000-000000000002"}]})")),
        ElementsAre("/tags/0"));
    EXPECT_THAT(pointers_of(post("/api/tasks", R"({"title":"a","tags":["x"],"tag_ids":["y"]})")),
                ElementsAre("/tag_ids"));
    EXPECT_THAT(pointers_of(post("/api/tasks", R"({"title":"a","tag_ids":["y",1]})")),
                ElementsAre("/tag_ids/0", "/tag_ids/1"));
    std::string names;
    for (int i = 0; i < 20; ++i)
        names += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
    EXPECT_EQ(created("{\"title\":\"a\",\"tags\":[" + names + "]}").at("tags").as_array().size(), 20u);
    EXPECT_THAT(pointers_of(post("/api/tasks", "{\"title\":\"a\",\"tags\":[" + names + ",\"20\"]}")),
                ElementsAre("/tags"));
    const std::string fifty(50, 'x');
    EXPECT_EQ(post("/api/tasks", R"({"title":"a","tags":[" )" + fifty + R"( "]})").status, 201u);
    EXPECT_THAT(pointers_of(post("/api/tasks", R"({"title":"a","tags":["x)" + fifty + R"("]})")),
                ElementsAre("/tags/0"));
}

TEST_F(task_routes, TakeNoBodyThatIsNotAJsonObject) {
    EXPECT_EQ(post("/api/tasks", "").status, 400u);
    EXPECT_EQ(post("/api/tasks", "{").status, 400u);
    EXPECT_EQ(post("/api/tasks", R"({"title":"a","title":"b"})").status, 400u);
    EXPECT_THAT(pointers_of(post("/api/tasks", "[]")), ElementsAre(""));
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1",
                             "json", "application/jsonx"}) {
        auto asked = request(http::method::post, "/api/tasks", {{"Content-Type", type}});
        asked.body = R"({"title":"a"})";
        EXPECT_EQ(ask(std::move(asked)).status, 415u) << type;
    }
    auto untyped = request(http::method::post, "/api/tasks");
    untyped.body = R"({"title":"a"})";
    EXPECT_EQ(ask(std::move(untyped)).status, 415u);
    for (const char* type : {"application/json;charset=UTF-8", "Application/JSON ; x=y; charset=\"utf-8\"",
                             "application/merge-patch+json"}) {
        auto asked = request(http::method::post, "/api/tasks", {{"Content-Type", type}});
        asked.body = R"({"title":"a"})";
        EXPECT_EQ(ask(std::move(asked)).status, 201u) << type;
    }
}

TEST_F(task_routes, IgnoreReadOnlyFields) {
    const auto task = created(
        R"({"title":"a","id":5,"user_id":"x","series_id":null,"occurrence":9,"version":7,
            "created_at":"x","updated_at":1})");
    EXPECT_EQ(text(task, "user_id"), to_string(ann.id));
    EXPECT_EQ(task.at("version"), 1);
    EXPECT_EQ(task.at("occurrence"), 1);
}

TEST_F(task_routes, ChangeNothingWhenATaskIsPutAsItWasFetched) {
    const std::string bodies[] = {
        R"({"title":"a"})",
        R"({"title":"a","status":"done","completed_at":"2026-02-07T08:00:00Z",
            "recurring_type":"weekly","due_date":"2026-02-07"})",
        R"({"title":"a","tags":["home","Garden"],"description":"","due_date":"2026-03-29T02:30",
            "timezone":"Europe/Berlin","recurring_type":"daily",
            "repeat_mode":"on_schedule","recurring_end_date":"2026-12-31T12:00:00Z","status":"cancelled"})",
        R"({"title":"a","due_date":"2026-10-25T02:30","timezone":"Europe/Berlin",
            "recurring_type":"yearly","repeat_mode":"every_occurrence"})"};
    for (const std::string& body : bodies) {
        const auto task = created(body);
        const std::size_t events_before = event_types().size();
        db.time.advance(std::chrono::minutes{1});
        const auto fetched = get(path_of(task));
        for (const http::method verb : {http::method::put, http::method::patch}) {
            const auto answer = send(verb, path_of(task), fetched.body);
            EXPECT_EQ(answer.status, 200u) << answer.body;
            EXPECT_EQ(answer.body, fetched.body);
            EXPECT_EQ(header_of(answer, "ETag"), header_of(fetched, "ETag"));
        }
        EXPECT_EQ(event_types().size(), events_before);
    }
}

TEST_F(task_routes, ReopenATaskThatIsPutAsFetchedButForItsStatus) {
    auto task = created(R"({"title":"a","status":"done"})");
    task["status"] = "pending";
    const auto answer = put(path_of(task), json::serialize(task));
    EXPECT_EQ(answer.status, 200u) << answer.body;
    EXPECT_TRUE(object_in(answer).at("completed_at").is_null());
}

TEST_F(task_routes, ClearWhatNullClears) {
    const auto parent = created(R"({"title":"p"})");
    const auto task = created(
        R"({"title":"a","description":"b","due_date":"2026-02-08",
            "recurring_end_date":"2026-12-31","parent_task_id":")" +
        text(parent, "id") + "\"}");
    const auto answer =
        patch(path_of(task), R"({"description":null,"due_date":null,"recurring_end_date":null,"parent_task_id":null,
        "repeat_mode":null,"recurrence_rule":null,"completed_at":null})");
    ASSERT_EQ(answer.status, 200u) << answer.body;
    const auto cleared = object_in(answer);
    for (const char* name : {"description", "due_date", "recurring_end_date", "parent_task_id"})
        EXPECT_TRUE(cleared.at(name).is_null()) << name;
    EXPECT_THAT(pointers_of(patch(path_of(task),
                                  R"({"title":null,"status":null,"priority":null,"tags":null,"timezone":null})")),
                testing::UnorderedElementsAre("/title", "/status", "/priority", "/tags", "/timezone"));
}

TEST_F(task_routes, MoveOneOccurrenceAloneWithinItsScope) {
    const auto task =
        created(R"({"title":"a","due_date":"2026-02-08T09:00","recurring_type":"daily","repeat_mode":"on_schedule"})");
    EXPECT_EQ(patch(path_of(task), R"({"due_date":"2026-02-08T15:00","edit_scope":"this"})").status, 200u);
    const auto id = parse_id<task_id>(text(task, "id")).value();
    const auto stored = db.read([&](const transaction& tx) { return tx.find_task(ann.id, id); }).value();
    EXPECT_NE(stored.series_start, stored.due);
    EXPECT_THAT(pointers_of(patch(path_of(task), R"({"edit_scope":"all"})")), ElementsAre("/edit_scope"));
}

TEST_F(task_routes, ToggleWithAndWithoutABody) {
    const auto task = created(R"({"title":"a"})");
    const std::string path = path_of(task) + "/toggle";
    const auto done = ask(request(http::method::patch, path));
    EXPECT_EQ(text(object_in(done), "status"), "done");
    EXPECT_EQ(header_of(done, "ETag"), "\"2\"");
    EXPECT_EQ(text(object_in(patch(path, "{}")), "status"), "pending");
    const auto earlier = patch(path, R"({"completed_at":"2026-02-07T09:00:00+01:00"})");
    EXPECT_EQ(text(object_in(earlier), "completed_at"), "2026-02-07T08:00:00.000Z");
    EXPECT_EQ(text(object_in(patch(path, R"({"completed_at":null})")), "status"), "pending");
    EXPECT_THAT(pointers_of(patch(path, R"({"completed_at":"yesterday","completedat":1})")),
                ElementsAre("/completed_at", "/completedat"));
    EXPECT_THAT(pointers_of(patch(path, R"({"completed_at":"2026-02-08T09:05:01Z"})")), ElementsAre("/completed_at"));
    EXPECT_THAT(event_types(),
                ElementsAre("task.created", "task.completed", "task.reopened", "task.completed", "task.reopened"));
}

TEST_F(task_routes, AnswerA304ToAnEntityTagTheClientHas) {
    const auto task = created(R"({"title":"a"})");
    const auto with_condition = [&](const char* condition) {
        return get(path_of(task), {}, {{"If-None-Match", condition}});
    };
    for (const char* condition : {"\"1\"", "W/\"1\"", "*", "\"9\", W/\"1\"", "\"x\",\"1\""}) {
        const auto answer = with_condition(condition);
        EXPECT_EQ(answer.status, 304u) << condition;
        EXPECT_THAT(answer.body, IsEmpty());
        EXPECT_EQ(header_of(answer, "ETag"), "\"1\"");
    }
    for (const char* condition : {"\"2\"", "1", "\"1", "", "\"11\"", "w/\"1\"", "\"1\" \"2\"", "*, \"1\"", "\"1\" x"})
        EXPECT_EQ(with_condition(condition).status, 200u) << condition;
    EXPECT_EQ(get(path_of(task), {}, {{"If-None-Match", "\"9\""}, {"If-None-Match", "W/\"1\""}}).status, 304u);
}

TEST_F(task_routes, ChangeOnlyTheVersionThatIfMatchNames) {
    const auto task = created(R"({"title":"a"})");
    for (const char* condition : {"\"2\"", "W/\"1\"", "\"2\", W/\"1\"", "\"11\", , \"x\"", "\"\"", "W/\"9\""})
        EXPECT_EQ(patch(path_of(task), R"({"title":"b"})", {{"If-Match", condition}}).status, 412u) << condition;
    EXPECT_EQ(ask(request(http::method::patch, path_of(task) + "/toggle", {{"If-Match", "\"2\""}})).status, 412u);
    EXPECT_EQ(remove(path_of(task), {}, {{"If-Match", "\"2\""}}).status, 412u);
    EXPECT_EQ(patch(path_of(task), R"({"title":"b"})", {{"If-Match", "\"1\""}}).status, 200u);
    EXPECT_EQ(patch(path_of(task), R"({"title":"e"})", {{"If-Match", "\"1\""}}).status, 412u);
    EXPECT_EQ(patch(path_of(task), R"({"title":"c"})", {{"If-Match", "\"1\", \"2\""}}).status, 200u);
    EXPECT_EQ(patch(path_of(task), R"({"title":"d"})", {{"If-Match", "*"}}).status, 200u);
    EXPECT_EQ(patch(unknown_path, R"({"title":"d"})", {{"If-Match", "\"1\""}}).status, 404u);
    EXPECT_EQ(remove(path_of(task), {}, {{"If-Match", "\"4\""}}).status, 204u);
}

TEST_F(task_routes, SayThatAWeakTagNeverMatchesAndWhatToSend) {
    const auto task = created(R"({"title":"a"})");
    const auto detail_for = [&](const std::string& condition) {
        const auto answer = patch(path_of(task), R"({"title":"b"})", {{"If-Match", condition}});
        EXPECT_EQ(answer.status, 412u) << condition;
        EXPECT_EQ(text(object_in(answer), "type"), "urn:rondo:problem:version-mismatch");
        EXPECT_EQ(text(object_in(answer), "title"), "If-Match does not name the present version");
        return text(object_in(answer), "detail");
    };
    const auto weak = testing::AllOf(HasSubstr("weak tag W/\"1\""), HasSubstr("proxy"), HasSubstr("send \"1\"."));
    for (const char* condition : {"W/\"1\"", "W/\"1\", W/\"9\"", "W/\"9\",W/\"1\"", "\"9\", W/\"1\"", " , W/\"1\" ,"})
        EXPECT_THAT(detail_for(condition), weak) << condition;
    EXPECT_THAT(detail_for("W/\"9\""), HasSubstr("send \"9\"."));
    for (const char* condition : {"\"1-gzip\"", "\"1-br\"", "\"1-zstd\"", "\"1-deflate\"", "\"9\", \"1-gzip\"",
                                  "\"1--gzip\"", "\"1--br\"", "\"1;gzip\"", "\"1;br\"", "\"9\", \"1--zstd\""})
        EXPECT_THAT(detail_for(condition), HasSubstr("has probably made of \"1\": send that.")) << condition;
    EXPECT_THAT(detail_for("W/\"1-gzip\""), HasSubstr("send \"1\"."));
    for (const char* condition :
         {"\"9\"", "\"9\", W/\"8\"", "W/\"8\", \"9\"", "\"9-gzip\"", "\"1-abc\"", "\"-gzip\"", "\"\""})
        EXPECT_THAT(detail_for(condition), StartsWith("The task has changed since you read it")) << condition;
    EXPECT_THAT(detail_for("W/\"\xff\""), HasSubstr("never matches"));
    EXPECT_THAT(detail_for("W/\"" + std::string(1000, 'x') + "\"").size(), testing::Lt(600u));

    for (const auto& [verb, path] :
         {std::pair{http::method::put, path_of(task)}, std::pair{http::method::patch, path_of(task) + "/toggle"},
          std::pair{http::method::post, path_of(task) + "/skip"}, std::pair{http::method::del, path_of(task)}}) {
        const auto answer = send(verb, path, "{}", {{"If-Match", "W/\"1\""}});
        EXPECT_EQ(answer.status, 412u) << path;
        EXPECT_THAT(text(object_in(answer), "detail"), weak) << path;
    }
    EXPECT_EQ(patch(path_of(task), R"({"title":"b"})", {{"If-Match", "W/\"1\", \"1\""}}).status, 200u);
}

TEST_F(task_routes, RefuseAnIfMatchThatIsNoList) {
    const auto task = created(R"({"title":"a"})");
    for (const char* condition : {"1",        "\"1", "1\"",      "",        ",",           " ",           "w/\"1\"",
                                  "W/1",      "W/",  "W /\"1\"", "'1'",     "\"1\" \"2\"", "\"1\";\"2\"", "*, \"1\"",
                                  "\"1\", *", "**",  "*, *",     "\"a b\"", "\"1\"x",      "\"1\", 2"}) {
        for (const auto& [verb, path] :
             {std::pair{http::method::put, path_of(task)}, std::pair{http::method::patch, path_of(task) + "/toggle"},
              std::pair{http::method::post, path_of(task) + "/skip"}, std::pair{http::method::del, path_of(task)}}) {
            const auto answer = send(verb, path, "{}", {{"If-Match", condition}});
            EXPECT_EQ(answer.status, 400u) << condition;
            EXPECT_EQ(text(object_in(answer), "type"), "urn:rondo:problem:malformed-header");
            EXPECT_THAT(text(object_in(answer), "detail"), StartsWith("If-Match is neither"));
        }
    }
    EXPECT_EQ(header_of(get(path_of(task)), "ETag"), "\"1\"");
}

TEST_F(task_routes, ReadIfMatchFromEveryLineOfIt) {
    const auto task = created(R"({"title":"a"})");
    const auto changed_by = [&](const std::vector<http::header>& lines) {
        return patch(path_of(task), R"({"title":"b"})", lines).status;
    };
    EXPECT_EQ(changed_by({{"If-Match", "\"8\""}, {"if-match", "\"9\""}}), 412u);
    EXPECT_EQ(changed_by({{"If-Match", "\"9\""}, {"if-match", "*"}}), 400u);
    EXPECT_EQ(changed_by({{"If-Match", "\"9\""}, {"if-match", "\"1\""}}), 200u);
}

TEST_F(task_routes, AskProxiesToLeaveATaskAndItsTagAlone) {
    const auto made = post("/api/tasks", R"({"title":"a"})", {{"Idempotency-Key", "once"}});
    const auto again = post("/api/tasks", R"({"title":"a"})", {{"Idempotency-Key", "once"}});
    const auto path = path_of(object_in(made));
    for (const auto& answer : {made, again, get(path), patch(path, R"({"title":"b"})"), patch(path + "/toggle", "")}) {
        EXPECT_THAT(header_of(answer, "ETag"), StartsWith("\""));
        EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store, no-transform");
    }
}

TEST_F(task_routes, TakeTheVersionAloneForIfMatch) {
    const auto made = post("/api/tasks", R"({"title":"a","tags":["home"]})");
    const auto task = object_in(made);
    ASSERT_THAT(header_of(made, "ETag"), StartsWith("\"1-"));
    for (const char* condition : {"\"2\"", "\"\"", "\"-\"", "\"11\"", "\"1-0\"", "\"1-\"", "W/\"1\""})
        EXPECT_EQ(patch(path_of(task), R"({"title":"b"})", {{"If-Match", condition}}).status, 412u) << condition;
    EXPECT_EQ(patch(path_of(task), R"({"title":"b"})", {{"If-Match", "\"1\""}}).status, 200u);
    EXPECT_EQ(patch(path_of(task), R"({"title":"c"})", {{"If-Match", "\"1\""}}).status, 412u);

    const auto seen = header_of(get(path_of(task)), "ETag");
    const auto tag = object_in(made).at("tags").as_array().at(0).as_object();
    EXPECT_EQ(put("/api/tags/" + text(tag, "id"), R"({"name":"house"})").status, 200u);
    EXPECT_EQ(patch(path_of(task), R"({"title":"c"})", {{"If-Match", seen}}).status, 412u);
    EXPECT_EQ(patch(path_of(task), R"({"title":"c"})", {{"If-Match", "\"9\", \"2\""}}).status, 200u);
}

TEST_F(task_routes, GiveAnotherEntityTagWhenATagIsRenamed) {
    const auto made = post("/api/tasks", R"({"title":"a","tags":["home"]})");
    const auto tag = object_in(made).at("tags").as_array().at(0).as_object();
    EXPECT_EQ(put("/api/tags/" + text(tag, "id"), R"({"name":"house"})").status, 200u);
    const auto later = get(path_of(object_in(made)));
    EXPECT_NE(header_of(later, "ETag"), header_of(made, "ETag"));
    EXPECT_EQ(object_in(later).at("version"), 1);
}

TEST_F(task_routes, FindNoTaskOfAnotherUserOrNone) {
    const auto task = created(R"({"title":"a"})");
    const auto missing = get(unknown_path);
    token = log_in(db.add_user("bob@example.org"));
    const auto others = get(path_of(task));
    EXPECT_EQ(others.status, 404u);
    EXPECT_EQ(others.body.size(), missing.body.size());
    EXPECT_EQ(text(object_in(others), "detail"), text(object_in(missing), "detail"));
    EXPECT_EQ(put(path_of(task), R"({"title":"mine"})").status, 404u);
    EXPECT_EQ(patch(path_of(task) + "/toggle", "").status, 404u);
    EXPECT_EQ(remove(path_of(task)).status, 404u);
    EXPECT_EQ(post(path_of(task) + "/restore", "").status, 404u);
    EXPECT_THAT(pointers_of(post("/api/tasks", R"({"title":"b","parent_task_id":")" + text(task, "id") + "\"}")),
                ElementsAre("/parent_task_id"));
    for (const char* id : {"x", "0198c0de-0000-7000-8000-00000000000", "0198c0de000070008000000000000002", "%"}) {
        const std::string path = "/api/tasks/" + std::string{id};
        EXPECT_EQ(get(path).status, 404u);
        EXPECT_EQ(put(path, R"({"title":"mine"})").status, 404u);
        EXPECT_EQ(remove(path).status, 404u);
        EXPECT_EQ(patch(path + "/toggle", "").status, 404u);
        EXPECT_EQ(post(path + "/restore", "").status, 404u);
    }
}

TEST_F(task_routes, AnswerNobodyWhoIsNotLoggedIn) {
    token = "none";
    for (const http::response& answer :
         {get("/api/tasks"), post("/api/tasks", "{"), get(unknown_path), put(unknown_path, "{"), remove(unknown_path),
          get("/api/trash"), patch(std::string{unknown_path} + "/toggle", "{"),
          post(std::string{unknown_path} + "/restore", ""), get("/api/tags"), post("/api/tags", "{"),
          get("/api/tags/x"), put("/api/tags/x", "{"), remove("/api/tags/x")}) {
        EXPECT_EQ(answer.status, 401u);
        EXPECT_THAT(header_of(answer, "WWW-Authenticate"), StartsWith("Bearer"));
    }
}

TEST_F(task_routes, DeleteAndRestoreThroughTheTrash) {
    const auto top = created(R"({"title":"top"})");
    const auto child = created(R"({"title":"child","parent_task_id":")" + text(top, "id") + "\"}");
    const auto deleted = remove(path_of(top));
    EXPECT_EQ(deleted.status, 204u);
    EXPECT_THAT(deleted.body, IsEmpty());
    EXPECT_EQ(get(path_of(child)).status, 404u);
    EXPECT_THAT(all(get("/api/trash"), "title"), testing::UnorderedElementsAre("top", "child"));
    EXPECT_THAT(all(get("/api/trash"), "deleted_at"),
                ElementsAre("2026-02-08T09:00:00.000Z", "2026-02-08T09:00:00.000Z"));
    const auto restored = post(path_of(top) + "/restore", "");
    EXPECT_EQ(restored.status, 200u);
    EXPECT_EQ(header_of(restored, "ETag"), "\"3\"");
    EXPECT_EQ(restored.body, get(path_of(top)).body);
    EXPECT_EQ(get(path_of(child)).status, 200u);
    EXPECT_THAT(all(get("/api/trash"), "title"), IsEmpty());
}

TEST_F(task_routes, DeleteOneTaskAloneOnlyWhenAskedRightly) {
    const auto top = created(R"({"title":"top"})");
    const auto child = created(R"({"title":"child","parent_task_id":")" + text(top, "id") + "\"}");
    EXPECT_THAT(pointers_of(remove(path_of(top), {{"scop", "task"}})), ElementsAre("?scop"));
    EXPECT_THAT(pointers_of(remove(path_of(top), {{"scope", "Task"}})), ElementsAre("?scope"));
    EXPECT_EQ(remove(path_of(top), {{"scope", "task"}}).status, 204u);
    EXPECT_TRUE(object_in(get(path_of(child))).at("parent_task_id").is_null());
}

TEST_F(task_routes, DoAPostOnceForItsIdempotencyKey) {
    const headers key{{"Idempotency-Key", "one"}};
    const auto first = post("/api/tasks", R"({"title":"a","status":"done"})", key);
    ASSERT_EQ(first.status, 201u) << first.body;
    const auto second = post("/api/tasks", R"({"title":"a","status":"done"})", key);
    EXPECT_EQ(second.status, 201u);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(header_of(second, "Location"), header_of(first, "Location"));
    EXPECT_EQ(header_of(second, "ETag"), header_of(first, "ETag"));
    EXPECT_EQ(event_types().size(), 2u);
    EXPECT_EQ(post("/api/tasks", R"({"title":"b"})", key).status, 422u);
    EXPECT_EQ(post("/api/tasks", R"({"title":"a","status":"done"})").status, 201u);
    EXPECT_EQ(event_types().size(), 4u);
    EXPECT_EQ(post("/api/tags", R"({"name":"x"})", {{"Idempotency-Key", "tag"}}).status, 201u);
    EXPECT_EQ(post("/api/tags", R"({"name":"x"})", {{"Idempotency-Key", "tag"}}).status, 201u);
    EXPECT_EQ(post("/api/tags", R"({"name":"x"})").status, 409u);
}

TEST_F(task_routes, CountACreationAndLogACompletionOnce) {
    const headers key{{"Idempotency-Key", "one"}};
    testing::internal::CaptureStderr();
    for (int i = 0; i < 2; ++i)
        post("/api/tasks", R"({"title":"a","status":"done"})", key);
    post("/api/tasks", R"({"title":""})");
    const auto task = created(R"({"title":"a"})");
    patch(path_of(task), R"({"status":"done"})");
    patch(path_of(task), R"({"status":"done"})");
    const std::string logged = testing::internal::GetCapturedStderr();
    EXPECT_THAT(meters.expose({}), HasSubstr("rondo_tasks_created_total{origin=\"user\"} 2\n"));
    const auto lines = static_cast<std::size_t>(std::ranges::count(logged, '\n'));
    EXPECT_EQ(lines, 2u) << logged;
    EXPECT_THAT(logged, HasSubstr("Task completed, publishing event"));
    EXPECT_THAT(logged, HasSubstr("trace_id=0af7651916cd43dd8448eb211c80319c"));
    EXPECT_THAT(logged, HasSubstr("task_id=" + text(task, "id")));
}

TEST_F(task_routes, KeepTextByteForByte) {
    for (const char* title :
         {"'; DROP TABLE tasks; --", "<script>alert(1)</script>", "e\xcc\x81 \xc3\xa9", "\xe2\x80\xae rtl", "😀"}) {
        std::string body = "{\"title\":";
        append_json_string(body, title);
        EXPECT_EQ(text(object_in(get(path_of(created(body + "}")))), "title"), title);
    }
}

}  // namespace
}  // namespace rondo
