#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/auth_house.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;

class account : public testing::Test, public test::auth_house {
public:
    account() { access = text_of(sign_up(), "access_token"); }
    http::response change(const std::string& body) {
        return with_token(http::method::patch, "/api/auth/me", access, body);
    }
    http::response change_password(const std::string& from, const std::string& to) {
        return change(R"({"current_password":")" + from + R"(","password":")" + to + R"("})");
    }

    std::string access;
};

TEST_F(account, ShowsItsFiveFields) {
    auto body = json_of(me(access));
    EXPECT_EQ(body.size(), 5U);
    EXPECT_EQ(body["email"], "ada@example.com");
    EXPECT_TRUE(body["name"].is_null());
    EXPECT_EQ(body["timezone"], "UTC");
    EXPECT_EQ(body["created_at"], "2026-02-08T09:00:00.000Z");
}

TEST_F(account, ChangesTheFieldsThatAreGiven) {
    auto named = json_of(change(R"({"name":"Ada"})"));
    EXPECT_EQ(named.size(), 5U);
    EXPECT_EQ(named["name"], "Ada");
    EXPECT_EQ(named["timezone"], "UTC");
    auto moved = json_of(change(R"({"timezone":"Asia/Tokyo"})"));
    EXPECT_EQ(moved["name"], "Ada");
    EXPECT_EQ(moved["timezone"], "Asia/Tokyo");
    EXPECT_TRUE(json_of(change(R"({"name":null})"))["name"].is_null());
    EXPECT_EQ(json_of(me(access))["timezone"], "Asia/Tokyo");
    EXPECT_EQ(change("{}").status, 200U);
}

TEST_F(account, TakesItselfBack) {
    const auto whole = me(access);
    const auto answer = change(whole.body);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(json_of(answer), json_of(whole));
}

TEST_F(account, KeepsItsEmailAndItsOwnFields) {
    const auto answer = change(R"({"email":"bob@example.com","user_id":"x","timezone":null,"is_admin":true})");
    EXPECT_EQ(answer.status, 422U);
    EXPECT_THAT(faults_of(answer), ElementsAre(Key("/email"), Key("/is_admin"), Key("/timezone"), Key("/user_id")));
    EXPECT_EQ(json_of(me(access))["email"], "ada@example.com");
}

TEST_F(account, IsForItsOwnerOnly) {
    EXPECT_EQ(call(http::method::patch, "/api/auth/me", {.body = R"({"name":"Eve"})"}).status, 401U);
    EXPECT_TRUE(json_of(me(access))["name"].is_null());
}

TEST_F(account, ChangesThePasswordAndEndsEverySession) {
    const auto other = login("ada@example.com", test::good_password);
    const auto answer = change_password(test::good_password, "another horse");
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(text_of(answer, "email"), "ada@example.com");
    EXPECT_EQ(me(access).status, 401U) << "at once";
    EXPECT_EQ(me(text_of(other, "access_token")).status, 401U);
    EXPECT_EQ(refresh(text_of(other, "refresh_token")).status, 401U);
    EXPECT_EQ(login("ada@example.com", test::good_password).status, 401U);
    EXPECT_EQ(login("ada@example.com", "another horse").status, 200U);
    EXPECT_EQ(me(text_of(answer, "access_token")).status, 200U) << "the answer brings a new pair";
    EXPECT_EQ(refresh(text_of(answer, "refresh_token")).status, 200U);
}

TEST_F(account, NeedsThePresentPasswordToChangeIt) {
    const auto without = change(R"({"password":"another horse"})");
    EXPECT_EQ(without.status, 422U);
    EXPECT_THAT(faults_of(without), ElementsAre(Key("/current_password")));
    const auto wrong = change_password("wrong horse", "another horse");
    EXPECT_EQ(wrong.status, 422U);
    EXPECT_THAT(faults_of(wrong), ElementsAre(Key("/current_password")));
    EXPECT_THAT(wrong.body, Not(HasSubstr("wrong horse")));
    EXPECT_EQ(me(access).status, 200U);
    EXPECT_EQ(login("ada@example.com", test::good_password).status, 200U);
}

TEST_F(account, HoldsNewPasswordsToTheSameBounds) {
    EXPECT_EQ(change_password(test::good_password, "seven 7").status, 422U);
    EXPECT_EQ(change_password(test::good_password, std::string(129, 'x')).status, 422U);
    EXPECT_EQ(change(R"({"current_password":"x","password":null})").status, 422U);
}

TEST_F(account, ChangesNothingWhenOneFieldDoesNotFit) {
    EXPECT_EQ(change(R"({"name":"Eve","timezone":"Mars/Olympus"})").status, 422U);
    EXPECT_EQ(change(R"({"name":"Eve","current_password":"wrong horse","password":"another horse"})").status, 422U);
    EXPECT_TRUE(json_of(me(access))["name"].is_null());
}

TEST_F(account, MakesGuessersOfItsPasswordWait) {
    for (int i = 0; i < 10; ++i)
        ASSERT_EQ(change_password("wrong horse", "another horse").status, 422U);
    const auto held = change_password(test::good_password, "another horse");
    EXPECT_EQ(held.status, 429U);
    EXPECT_EQ(header_of(held, "Retry-After"), "30");
    db.time.advance(30s);
    EXPECT_EQ(change_password(test::good_password, "another horse").status, 200U);
}

TEST_F(account, ChangesItsPasswordWhileStrangersLockTheLogIn) {
    for (int i = 0; i < 10; ++i)
        login("ada@example.com", "wrong horse", "198.51.100." + std::to_string(i));
    ASSERT_EQ(login("ada@example.com", test::good_password, "198.51.100.99").status, 429U);
    EXPECT_EQ(change_password(test::good_password, "another horse").status, 200U);
}

TEST_F(account, OfARevokedSessionIsNotChanged) {
    const auto under_way =
        start(http::method::patch, "/api/auth/me",
              {.body = R"({"current_password":"correct horse battery","password":"another horse"})",
               .headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + access}}});
    context.restart();
    context.poll();  // authenticated, and the password is being compared
    ASSERT_FALSE(under_way->answer);
    const auto session = access_tokens.verify(access, db.time.now())->session;
    db.write([&](transaction& tx) { tx.revoke_session(session, tx.now()); });
    run();
    ASSERT_TRUE(under_way->answer);
    EXPECT_EQ(under_way->answer->status, 401U);
    EXPECT_EQ(login("ada@example.com", test::good_password).status, 200U);
}

}  // namespace
}  // namespace rondo
