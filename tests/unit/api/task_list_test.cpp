#include "api/tasks/page_cursor.hpp"
#include "unit/api/api_fixture.hpp"

namespace rondo {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class task_list : public api_fixture {
protected:
    std::vector<std::string> titles(headers query) { return all(get("/api/tasks", std::move(query)), "title"); }

    void make(const std::string& fields) {
        db.time.advance(minutes{1});
        created("{" + fields + "}");
    }

    /// The query of the `Link` to the next page, decoded as far as these tests need; nothing on the last page.
    static std::optional<headers> next_of(const http::response& answer) {
        const std::string link = header_of(answer, "Link");
        if (link.empty())
            return std::nullopt;
        EXPECT_TRUE(link.starts_with("</api/tasks?") && link.ends_with(">; rel=\"next\"")) << link;
        headers query;
        std::string rest = link.substr(12, link.size() - 12 - 13) + "&";
        while (!rest.empty()) {
            const auto end = rest.find('&');
            const auto equals = rest.find('=');
            std::string value = rest.substr(equals + 1, end - equals - 1);
            for (auto at = value.find('%'); at != std::string::npos; at = value.find('%', at + 1))
                value.replace(at, 3, 1, static_cast<char>(std::stoi(value.substr(at + 1, 2), nullptr, 16)));
            query.push_back({rest.substr(0, equals), value});
            rest.erase(0, end + 1);
        }
        return query;
    }
};

TEST_F(task_list, IsAPlainArrayWithTheNewestFirst) {
    EXPECT_EQ(get("/api/tasks").body, "[]");
    make(R"("title":"one")");
    make(R"("title":"two")");
    const auto answer = get("/api/tasks");
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_EQ(header_of(answer, "Link"), "");
    EXPECT_THAT(all(answer, "title"), ElementsAre("two", "one"));
}

TEST_F(task_list, IsFilteredByEveryCondition) {
    make(
        R"("title":"pay rent","priority":"high","tags":["Home","money"],"due_date":"2026-02-08T10:00",
             "recurring_type":"monthly")");
    make(R"("title":"call mother","status":"in_progress","tags":["home"],"due_date":"2026-02-07")");
    make(R"("title":"done thing","status":"done","description":"about the rent")");
    const auto call = boost::json::parse(get("/api/tasks", {{"q", "mother"}}).body).as_array().at(0).as_object();
    make(R"("title":"child","parent_task_id":")" + text(call, "id") + "\"");

    EXPECT_THAT(titles({{"status", "in_progress"}}), ElementsAre("call mother"));
    EXPECT_THAT(titles({{"priority", "high"}}), ElementsAre("pay rent"));
    EXPECT_THAT(titles({{"tag", "home"}}), UnorderedElementsAre("pay rent", "call mother"));
    EXPECT_THAT(titles({{"tag", " HOME "}, {"tag", "Money"}}), ElementsAre("pay rent"));
    EXPECT_THAT(titles({{"tag_id", text(call.at("tags").as_array().at(0).as_object(), "id")}}),
                UnorderedElementsAre("pay rent", "call mother"));
    EXPECT_THAT(titles({{"due_before", "2026-02-08T10:00:00Z"}}), ElementsAre("call mother"));
    EXPECT_THAT(titles({{"due_before", "2026-02-08T10:00:00.001Z"}}), UnorderedElementsAre("pay rent", "call mother"));
    EXPECT_THAT(titles({{"due_after", "2026-02-08T10:00"}}), ElementsAre("pay rent"));
    EXPECT_THAT(titles({{"due_after", "2026-02-09"}}), IsEmpty());
    EXPECT_THAT(titles({{"overdue", "true"}}), ElementsAre("call mother"));
    EXPECT_EQ(titles({{"overdue", "false"}}).size(), 3u);
    EXPECT_THAT(titles({{"recurring", "true"}}), ElementsAre("pay rent"));
    EXPECT_THAT(titles({{"parent_task_id", text(call, "id")}}), ElementsAre("child"));
    EXPECT_THAT(titles({{"series_id", text(call, "id")}}), ElementsAre("call mother"));
    EXPECT_THAT(titles({{"q", "rent"}}), UnorderedElementsAre("pay rent", "done thing"));
    EXPECT_THAT(titles({{"q", "rent"}, {"status", "done"}, {"tag", "home"}}), IsEmpty());
}

TEST_F(task_list, ReadsDatesWithoutAnOffsetInTheUsersZone) {
    ann.zone = time_zone::find("Asia/Tokyo").value();
    db.write([&](transaction& tx) { tx.update_user(ann); });
    make(R"("title":"a","due_date":"2026-02-08T09:00")");
    EXPECT_THAT(titles({{"due_after", "2026-02-08T09:00"}}), ElementsAre("a"));
    EXPECT_THAT(titles({{"due_after", "2026-02-08T00:00:00Z"}}), ElementsAre("a"));
    EXPECT_THAT(titles({{"due_after", "2026-02-08T00:00:01Z"}}), IsEmpty());
    EXPECT_THAT(titles({{"due_before", "2026-02-08"}}), IsEmpty());
    EXPECT_THAT(titles({{"due_after", "2026-02-08"}}), ElementsAre("a"));
}

TEST_F(task_list, IsSortedByEveryKeyBothWays) {
    make(R"("title":"b","priority":"low","due_date":"2026-02-09")");
    make(R"("title":"C","priority":"urgent")");
    make(R"("title":"a","priority":"high","due_date":"2026-02-08")");
    EXPECT_THAT(titles({{"sort", "created_at"}}), ElementsAre("b", "C", "a"));
    EXPECT_THAT(titles({{"sort", "-created_at"}}), ElementsAre("a", "C", "b"));
    EXPECT_THAT(titles({{"sort", "updated_at"}}), ElementsAre("b", "C", "a"));
    EXPECT_THAT(titles({{"sort", "due_date"}}), ElementsAre("a", "b", "C"));
    EXPECT_THAT(titles({{"sort", "priority"}}), ElementsAre("b", "a", "C"));
    EXPECT_THAT(titles({{"sort", "-priority"}}), ElementsAre("C", "a", "b"));
    EXPECT_THAT(titles({{"sort", "title"}}), ElementsAre("a", "b", "C"));
    EXPECT_THAT(titles({{"sort", "-title"}}), ElementsAre("C", "b", "a"));
}

TEST_F(task_list, NamesEveryParameterThatDoesNotFit) {
    EXPECT_THAT(pointers_of(get("/api/tasks", {{"status", "Done"},
                                               {"priority", ""},
                                               {"tag_id", "x"},
                                               {"tag", " "},
                                               {"due_before", "soon"},
                                               {"due_after", "2026-02-30"},
                                               {"overdue", "yes"},
                                               {"recurring", "1"},
                                               {"series_id", ""},
                                               {"parent_task_id", "5"},
                                               {"q", ""},
                                               {"sort", "name"},
                                               {"limit", "0"},
                                               {"cursor", "x"},
                                               {"stauts", "done"},
                                               {"", "x"}})),
                UnorderedElementsAre("?status", "?priority", "?tag_id", "?tag", "?due_before", "?due_after", "?overdue",
                                     "?recurring", "?series_id", "?parent_task_id", "?q", "?sort", "?limit", "?cursor",
                                     "?stauts", "?"));
    EXPECT_THAT(get("/api/tasks", {{"stauts", "done"}}).body, HasSubstr(R"(did you mean \"status\"?)"));
    EXPECT_THAT(pointers_of(get("/api/tasks", {{"status", "done"}, {"status", "done"}})), ElementsAre("?status"));
    for (const char* limit : {"0", "1001", "-1", "1.0", "", " 1", "1x", "99999999999999999999999"})
        EXPECT_THAT(pointers_of(get("/api/tasks", {{"limit", limit}})), ElementsAre("?limit")) << limit;
    EXPECT_EQ(get("/api/tasks", {{"limit", "1000"}}).status, 200u);
    EXPECT_THAT(pointers_of(get("/api/tasks", {{"q", "\xff"}, {"tag", std::string("a\0b", 3)}})),
                ElementsAre("?q", "?tag"));
    EXPECT_THAT(pointers_of(get("/api/tasks", {{"\xff", "1"}})), ElementsAre("?"));
    EXPECT_THAT(pointers_of(get("/api/tasks", {{"q", std::string(201, 'x')}})), ElementsAre("?q"));
    EXPECT_EQ(get("/api/tasks", {{"q", std::string(200, 'x')}}).status, 200u);
    headers tags(20, {"tag", "x"});
    EXPECT_EQ(get("/api/tasks", tags).status, 200u);
    tags.push_back({"tag", "x"});
    EXPECT_THAT(pointers_of(get("/api/tasks", tags)), ElementsAre("?tag"));
}

TEST_F(task_list, GoesOnFromPageToPageThoughTasksAreMadeMeanwhile) {
    for (const char* sort : {"created_at", "-created_at", "due_date", "-due_date", "updated_at", "priority",
                             "-priority", "title", "-title"}) {
        SCOPED_TRACE(sort);
        token = log_in(db.add_user(std::string{"user"} + sort + "@example.org"));
        std::vector<std::string> made;
        for (int i = 0; i < 25; ++i) {
            const std::string title = (i % 2 == 0 ? "Task " : "task é ") + std::to_string(i);
            made.push_back(title);
            make("\"title\":\"" + title + "\",\"tags\":[\"a & b\"]" +
                 (i % 3 == 0 ? "" : ",\"due_date\":\"2026-02-0" + std::to_string(1 + i % 9) + "\"") +
                 ",\"priority\":\"" + (i % 4 == 0 ? "low" : "high") + "\"");
        }
        std::optional<headers> query{{{"sort", sort}, {"limit", "4"}, {"tag", "A & b"}}};
        std::vector<std::string> seen;
        int pages = 0;
        while (query && pages < 20) {
            const auto answer = get("/api/tasks", *query);
            for (const std::string& title : all(answer, "title"))
                if (!title.starts_with("New"))
                    seen.push_back(title);
            make("\"title\":\"New " + std::to_string(pages) + "\",\"tags\":[\"a & b\"]");
            query = next_of(answer);
            ++pages;
        }
        EXPECT_THAT(seen, testing::UnorderedElementsAreArray(made));
        EXPECT_FALSE(query);
    }
}

TEST_F(task_list, RefusesACursorThatWasTamperedWithOrBelongsElsewhere) {
    for (int i = 0; i < 3; ++i)
        make("\"title\":\"" + std::to_string(i) + "\"");
    const auto query = next_of(get("/api/tasks", {{"sort", "title"}, {"limit", "1"}})).value();
    const std::string cursor = query.back().value;
    EXPECT_EQ(query.back().name, "cursor");
    EXPECT_THAT(titles({{"cursor", cursor}, {"sort", "title"}}), ElementsAre("1", "2"));
    EXPECT_EQ(get("/api/tasks", {{"sort", "-title"}, {"cursor", cursor}}).status, 422u);
    EXPECT_EQ(get("/api/tasks", {{"cursor", cursor}}).status, 422u);
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        std::string changed = cursor;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(get("/api/tasks", {{"sort", "title"}, {"cursor", changed}}).status, 422u) << i;
    }
    for (const std::string& other : {cursor + "A", cursor.substr(1), cursor.substr(0, 4), std::string{}, cursor + "="})
        EXPECT_EQ(get("/api/tasks", {{"sort", "title"}, {"cursor", other}}).status, 422u);
    token = log_in(db.add_user("bob@example.org"));
    EXPECT_EQ(get("/api/tasks", {{"sort", "title"}, {"cursor", cursor}}).status, 422u);
}

TEST(page_cursor, OpensAsItWasSealed) {
    test::seeded_random random;
    const auto id = [&] { return make_uuid_v7(instant{}, random); };
    const listing of{.owner = {id()}, .sort = sort_key::due_date, .descending = false};
    for (const auto& key : std::vector<decltype(task_cursor::key)>{std::int64_t{-5}, INT64_MAX, std::string{},
                                                                   std::string(800, 'x'), std::string{"é\x01"}}) {
        const task_cursor sealed{.key = key, .last = {id()}};
        const auto opened = open_cursor(seal_cursor(sealed, of, "secret"), of, "secret");
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->key, sealed.key);
        EXPECT_EQ(opened->last, sealed.last);
        EXPECT_FALSE(open_cursor(seal_cursor(sealed, of, "secret"), of, "other"));
        EXPECT_FALSE(open_cursor(seal_cursor(sealed, of, "secret"), {of.owner, of.sort, true}, "secret"));
        EXPECT_FALSE(open_cursor(seal_cursor(sealed, of, "secret"), {of.owner, sort_key::title, false}, "secret"));
    }
}

}  // namespace
}  // namespace rondo
