#include "api/wire/idempotency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/wire/problems.hpp"
#include "unit/api/auth_house.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class idempotency_key : public testing::Test, public test::auth_house {
public:
    static http::request request(const std::string& key, const std::string& body = "{}") {
        http::request made;
        made.verb = http::method::post;
        made.target = made.path = "/api/tasks";
        made.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
        made.body = body;
        return made;
    }

    /// Asks for work that gives a new answer each time it is done.
    http::response ask(const http::request& asked, const std::string& scope = "ada", unsigned status = 201) {
        const idempotency once{*with, asked, scope};
        auto answered = db.write([&](transaction& tx) {
            return once.answer(tx, [&]() -> result<http::response> {
                ++done;
                http::response made{.status = status, .content_type = "application/json", .body = std::to_string(done)};
                return made.with("Location", "/api/tasks/1").with("ETag", "\"1\"").with("Retry-After", "7");
            });
        });
        return answered ? *answered : problem_response(answered.error());
    }

    int done = 0;
};

TEST_F(idempotency_key, GivesTheFirstAnswerAgain) {
    const auto first = ask(request("k"));
    const auto again = ask(request("k"));
    EXPECT_EQ(done, 1);
    EXPECT_EQ(again.status, first.status);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.content_type, first.content_type);
    EXPECT_EQ(header_of(again, "Location"), "/api/tasks/1");
    EXPECT_EQ(header_of(again, "ETag"), "\"1\"");
    EXPECT_EQ(header_of(again, "Retry-After"), "") << "what belongs to the moment is not kept";
}

TEST_F(idempotency_key, RefusesAnotherRequest) {
    ask(request("k"));
    const auto refused = [&](const http::request& other) {
        const auto answer = ask(other);
        return answer.status == 422 && done == 1;
    };
    EXPECT_TRUE(refused(request("k", "{ }")));
    EXPECT_TRUE(refused(request("k", "")));
    auto typed = request("k");
    typed.headers[0].value = "application/x-www-form-urlencoded";
    EXPECT_TRUE(refused(typed));
    auto queried = request("k");
    queried.target += "?edit_scope=one";
    EXPECT_TRUE(refused(queried));
    EXPECT_EQ(ask(request("k")).status, 201U) << "and keeps the first answer";
}

TEST_F(idempotency_key, IsOfOneCallerAndOneRequest) {
    ask(request("k"));
    EXPECT_EQ(ask(request("k"), "bob").body, "2");
    EXPECT_EQ(ask(request("K")).body, "3");
    auto elsewhere = request("k");
    elsewhere.target = elsewhere.path = "/api/tags";
    EXPECT_EQ(ask(elsewhere).status, 422U);
    auto otherwise = request("k");
    otherwise.verb = http::method::put;
    EXPECT_EQ(ask(otherwise).status, 422U);
    EXPECT_EQ(done, 3);
}

TEST_F(idempotency_key, IsForgottenAfterADay) {
    ask(request("k"));
    db.time.advance(24h - 1ms);
    EXPECT_EQ(ask(request("k")).body, "1");
    db.time.advance(1ms);
    EXPECT_EQ(ask(request("k")).body, "2");
    EXPECT_EQ(ask(request("k")).body, "2") << "and begins anew";
    db.time.advance(24h);
    EXPECT_EQ(ask(request("k", "another")).status, 201U);
}

TEST_F(idempotency_key, RemembersNothingThatMayGoBetterNextTime) {
    for (const unsigned status : {401U, 429U, 500U, 503U})
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ(ask(request("k" + std::to_string(status)), "ada", status).status, status);
    EXPECT_EQ(done, 8);
    ask(request("missing"), "ada", 404);
    ask(request("missing"), "ada", 404);
    EXPECT_EQ(done, 9);
}

TEST_F(idempotency_key, RemembersNoWorkThatFailed) {
    const auto asked = request("k");
    const idempotency once{*with, asked, "ada"};
    const auto failed = db.write([&](transaction& tx) {
        return once.answer(tx, []() -> result<http::response> { return fail(errc::conflict, "Not now."); });
    });
    ASSERT_FALSE(failed);
    EXPECT_EQ(ask(asked).status, 201U);
}

TEST_F(idempotency_key, DoesNothingWhenThereIsNone) {
    auto asked = request("");
    asked.headers.pop_back();
    ask(asked);
    ask(asked);
    EXPECT_EQ(done, 2);
}

TEST_F(idempotency_key, IsOneTo255PrintableCharacters) {
    for (const std::string& bad :
         {std::string{}, std::string(256, 'k'), std::string{"a\tb"}, std::string{"a\x7f"}, std::string{"\xc3\xa4"}})
        EXPECT_EQ(ask(request(bad)).status, 422U) << bad;
    EXPECT_EQ(done, 0);
    EXPECT_EQ(ask(request(std::string(255, 'k'))).status, 201U);
    EXPECT_EQ(ask(request("a \"quoted\" key")).status, 201U);
}

TEST_F(idempotency_key, KeepsAnswersSealed) {
    auto asked = request("k", R"({"password":"correct horse"})");
    const idempotency once{*with, asked, "ada"};
    db.write([&](transaction& tx) {
        once.remember(tx,
                      {.status = 200, .content_type = "application/json", .body = R"({"access_token":"eyJ-secret"})"});
    });
    const auto kept = db.read([](const transaction& tx) { return tx.find_answer("ada", "k"); });
    ASSERT_TRUE(kept);
    EXPECT_THAT(kept->answer, Not(HasSubstr("eyJ-secret")));
    EXPECT_THAT(kept->answer, Not(HasSubstr("status")));

    // Whoever has the row and SECRET_KEY, but not the request, cannot open it.
    auto guessed = request("k", R"({"password":"wrong horse"})");
    const idempotency other{*with, guessed, "ada"};
    db.write([&](transaction& tx) {
        auto moved = *tx.find_answer("ada", "k");
        other.remember(tx, {.status = 200, .body = "x"});
        moved.request_hash = tx.find_answer("ada", "k")->request_hash;
        tx.remember_answer(moved);
    });
    EXPECT_FALSE(db.read([&](const transaction& tx) { return other.find(tx); }));

    with->secret_key = "another secret key of forty bytes or more";
    const idempotency stranger{*with, asked, "ada"};
    db.write([&](transaction& tx) { tx.remember_answer(*kept); });
    EXPECT_NE(db.read([&](const transaction& tx) { return stranger.find(tx); })->status, 200U);
}

TEST_F(idempotency_key, MakesARegistrationOne) {
    const auto body = credentials("ada@example.com", test::good_password);
    const auto first = post("/api/auth/register", body, {{"Idempotency-Key", "k"}});
    ASSERT_EQ(first.status, 201U);
    const auto again = post("/api/auth/register", body, {{"Idempotency-Key", "k"}});
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(post("/api/auth/register", body).status, 409U);
    EXPECT_EQ(
        post("/api/auth/register", credentials("bob@example.com", test::good_password), {{"Idempotency-Key", "k"}})
            .status,
        422U);
    EXPECT_EQ(login("bob@example.com", test::good_password).status, 401U);
}

TEST_F(idempotency_key, MakesALoginOneSession) {
    sign_up();
    const auto body = credentials("ada@example.com", test::good_password);
    const auto first = post("/api/auth/login", body, {{"Idempotency-Key", "k"}});
    EXPECT_EQ(post("/api/auth/login", body, {{"Idempotency-Key", "k"}}).body, first.body);
    EXPECT_EQ(
        post("/api/auth/login", credentials("ADA@example.com", test::good_password), {{"Idempotency-Key", "k"}}).status,
        422U);
}

TEST_F(idempotency_key, IsNoWayAroundTheThrottle) {
    sign_up();
    const auto body = credentials("ada@example.com", test::good_password);
    post("/api/auth/login", body, {{"Idempotency-Key", "k"}});
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(
            post("/api/auth/login", credentials("ada@example.com", "wrong horse"), {{"Idempotency-Key", "k"}}).status,
            401U);
    EXPECT_EQ(post("/api/auth/login", body, {{"Idempotency-Key", "k"}}).status, 429U);
}

TEST_F(idempotency_key, BringsALostRefreshAgain) {
    const auto old = text_of(sign_up(), "refresh_token");
    const auto first = refresh(old, {{"Idempotency-Key", "k"}});
    ASSERT_EQ(first.status, 200U);
    EXPECT_EQ(refresh(old, {{"Idempotency-Key", "k"}}).body, first.body) << "no theft";
    EXPECT_EQ(me(text_of(first, "access_token")).status, 200U);
    EXPECT_EQ(refresh(text_of(first, "refresh_token")).status, 200U);
}

}  // namespace
}  // namespace rondo
