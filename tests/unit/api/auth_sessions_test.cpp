#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/authenticate.hpp"
#include "auth/refresh_tokens.hpp"
#include "unit/api/auth_house.hpp"
#include "usecases/accounts/accounts.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class sessions : public testing::Test, public test::auth_house {
public:
    sessions() {
        const auto answer = sign_up();
        access = text_of(answer, "access_token");
        refresh_token = text_of(answer, "refresh_token");
    }
    unsigned status_with(const std::vector<http::header>& headers) {
        return call(http::method::get, "/api/auth/me", {.body = {}, .headers = headers}).status;
    }
    http::response logout(const std::string& token, std::vector<http::header> more = {}) {
        more.push_back({"Authorization", "Bearer " + token});
        return call(http::method::post, "/api/auth/logout", {.body = {}, .headers = std::move(more)});
    }

    std::string access;
    std::string refresh_token;
};

TEST_F(sessions, AreKnownByABearerTokenWhoseSchemeHasNoCase) {
    for (const char* scheme : {"Bearer ", "bearer ", "BEARER ", "bEaReR   "})
        EXPECT_EQ(status_with({{"Authorization", scheme + access}}), 200U) << scheme;
    EXPECT_EQ(status_with({{"authorization", "Bearer " + access}}), 200U);
}

TEST_F(sessions, AreNotKnownByAnythingElse) {
    EXPECT_EQ(status_with({}), 401U);
    for (const std::string& value :
         {std::string{}, std::string{"Bearer"}, std::string{"Bearer "}, std::string{"Bearer x"}, access,
          "Bearer" + access, "Basic " + access, "Token " + access, "Bearer " + access + ' ',
          "Bearer " + access + ", Bearer " + access, "Bearer\t" + access, "Bearer " + refresh_token})
        EXPECT_EQ(status_with({{"Authorization", value}}), 401U) << value;
    EXPECT_EQ(status_with({{"Authorization", "Bearer " + access}, {"Authorization", "Bearer " + access}}), 401U);
    EXPECT_EQ(status_with({{"Cookie", "access_token=" + access}}), 401U);
}

TEST_F(sessions, ThatAreNotKnownAreAskedForABearerToken) {
    const auto answer = call(http::method::get, "/api/auth/me", {.body = {}, .headers = {}});
    EXPECT_THAT(header_of(answer, "WWW-Authenticate"), testing::StartsWith("Bearer"));
    EXPECT_EQ(text_of(answer, "type"), "urn:rondo:problem:unauthenticated");
}

TEST_F(sessions, ArePutIntoTheLogLine) {
    const auto under_way =
        start(http::method::get, "/api/auth/me", {.body = {}, .headers = {{"Authorization", "Bearer " + access}}});
    run();
    EXPECT_EQ(under_way->request.user, text_of(*under_way->answer, "id"));
}

TEST_F(sessions, EndWithTheirAccessTokensLife) {
    db.time.advance(24h + 59s);
    EXPECT_EQ(me(access).status, 200U);
    db.time.advance(1s);
    EXPECT_EQ(me(access).status, 401U);
}

TEST_F(sessions, AreNotOfOneUserWithTheTokenOfAnother) {
    const auto bob = json_of(sign_up("bob@example.com"));
    const auto ada_session = access_tokens.verify(access, db.time.now())->session;
    const auto bobs_id = *parse_id<user_id>(std::string{bob.at("id").as_string()});
    EXPECT_EQ(me(access_tokens.issue(bobs_id, ada_session, db.time.now())).status, 401U);
    EXPECT_EQ(me(access_tokens.issue(bobs_id, session_id{}, db.time.now())).status, 401U) << "no such session";
}

TEST_F(sessions, GoOnWithANewPair) {
    const auto answer = refresh(refresh_token);
    ASSERT_EQ(answer.status, 200U) << answer.body;
    auto body = json_of(answer);
    EXPECT_EQ(body.size(), 5U);
    EXPECT_EQ(body["token_type"], "bearer");
    EXPECT_EQ(body["expires_in"], 86'400);
    EXPECT_EQ(body["user"].at("email"), "ada@example.com");
    EXPECT_NE(text_of(answer, "refresh_token"), refresh_token);
    EXPECT_NE(text_of(answer, "access_token"), access);
    EXPECT_EQ(me(text_of(answer, "access_token")).status, 200U);
    EXPECT_EQ(refresh(text_of(answer, "refresh_token")).status, 200U);
}

TEST_F(sessions, AreRevokedWhenARefreshTokenIsUsedTwice) {
    const auto other = login("ada@example.com", test::good_password);
    const auto successor = refresh(refresh_token);
    ASSERT_EQ(successor.status, 200U);
    EXPECT_EQ(refresh(refresh_token).status, 401U);
    EXPECT_EQ(refresh(text_of(successor, "refresh_token")).status, 401U) << "the whole family";
    EXPECT_EQ(me(text_of(successor, "access_token")).status, 401U);
    EXPECT_EQ(me(access).status, 401U);
    EXPECT_EQ(me(text_of(other, "access_token")).status, 200U) << "and no other";
    EXPECT_EQ(refresh(text_of(other, "refresh_token")).status, 200U);
}

TEST_F(sessions, AreRefreshedOnceHoweverManyAskAtOnce) {
    std::vector<std::unique_ptr<pending>> all;
    for (int i = 0; i < 5; ++i)
        all.push_back(start(http::method::post, "/api/auth/refresh",
                            {.body = R"({"refresh_token":")" + refresh_token + R"("})"}));
    run();
    int given = 0;
    for (const auto& one : all)
        given += one->answer->status == 200U;
    EXPECT_EQ(given, 1);
}

TEST_F(sessions, CanBeRefreshedFor30Days) {
    db.time.advance(refresh_token_kept - 1ms);
    const auto last = refresh(refresh_token);
    ASSERT_EQ(last.status, 200U);
    db.time.advance(refresh_token_kept);
    EXPECT_EQ(refresh(text_of(last, "refresh_token")).status, 401U);
    EXPECT_EQ(refresh(refresh_token).status, 401U);
}

TEST_F(sessions, AreNotRefreshedByATextThatIsNoToken) {
    for (const std::string& text :
         {std::string{}, std::string{"x"}, access, refresh_token + "=", refresh_token.substr(1), std::string(43, 'A')})
        EXPECT_EQ(refresh(text).status, 401U) << text;
    EXPECT_EQ(post("/api/auth/refresh", "{}").status, 422U);
    EXPECT_EQ(post("/api/auth/refresh", R"({"refresh_token":7})").status, 422U);
    EXPECT_EQ(refresh(refresh_token).status, 200U) << "and lose nothing by it";
}

TEST_F(sessions, KeepDigestsOfRefreshTokensOnly) {
    const auto found =
        db.read([&](const transaction& tx) { return tx.find_refresh_token(*refresh_token_digest(refresh_token)); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->first.expires_at, db.time.now() + 30 * 24h);
}

TEST_F(sessions, EndAtLogOut) {
    const auto other = login("ada@example.com", test::good_password);
    const auto answer = logout(access);
    EXPECT_EQ(answer.status, 204U);
    EXPECT_TRUE(answer.body.empty());
    EXPECT_EQ(me(access).status, 401U) << "at once";
    EXPECT_EQ(refresh(refresh_token).status, 401U);
    EXPECT_EQ(logout(access).status, 401U);
    EXPECT_EQ(me(text_of(other, "access_token")).status, 200U);
}

TEST_F(sessions, NeedATokenToLogOut) {
    EXPECT_EQ(call(http::method::post, "/api/auth/logout", {.body = {}, .headers = {}}).status, 401U);
    EXPECT_EQ(logout("x").status, 401U);
    EXPECT_EQ(me(access).status, 200U);
}

TEST_F(sessions, LogOutTwiceWithOneKeyAndHaveTheFirstAnswer) {
    EXPECT_EQ(logout(access, {{"Idempotency-Key", "k"}}).status, 204U);
    EXPECT_EQ(logout(access, {{"Idempotency-Key", "k"}}).status, 204U);
    EXPECT_EQ(logout(access, {{"Idempotency-Key", "other"}}).status, 401U);
}

}  // namespace
}  // namespace rondo
