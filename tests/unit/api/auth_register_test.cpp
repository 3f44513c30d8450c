#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/auth_house.hpp"

namespace rondo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::UnorderedElementsAre;

class registering : public testing::Test, public test::auth_house {
public:
    http::response sign_up_with(const std::string& body) { return post("/api/auth/register", body); }
};

TEST_F(registering, GivesTheUserTwiceAndAPairOfTokens) {
    const auto answer = sign_up_with(
        R"({"email":"Ada@Example.com","password":"correct horse","confirmPassword":"correct horse","name":" Ada ","timezone":"Europe/Berlin"})");
    ASSERT_EQ(answer.status, 201U) << answer.body;
    EXPECT_EQ(answer.content_type, "application/json");
    auto body = json_of(answer);
    EXPECT_EQ(body["email"], "Ada@Example.com");
    EXPECT_EQ(body["name"], "Ada");
    EXPECT_EQ(body["timezone"], "Europe/Berlin");
    EXPECT_EQ(body["created_at"], "2026-02-08T09:00:00.000Z");
    EXPECT_TRUE(parse_id<user_id>(std::string{body["id"].as_string()}));
    EXPECT_EQ(body["token_type"], "bearer");
    EXPECT_EQ(body["expires_in"], 86'400);
    EXPECT_TRUE(access_tokens.verify(text_of(answer, "access_token"), db.time.now()));
    EXPECT_EQ(text_of(answer, "refresh_token").size(), 43U);
    const auto user = body["user"].as_object();
    for (const char* field : {"id", "email", "name", "timezone", "created_at"})
        EXPECT_EQ(user.at(field), body[field]);
    EXPECT_EQ(user.size(), 5U);
    EXPECT_EQ(body.size(), 10U);
}

TEST_F(registering, NeedsNoMoreThanEmailAndPassword) {
    const auto answer = sign_up_with(R"({"email":"ada@example.com","password":"correct horse"})");
    ASSERT_EQ(answer.status, 201U) << answer.body;
    auto body = json_of(answer);
    EXPECT_TRUE(body["name"].is_null());
    EXPECT_EQ(body["timezone"], "UTC");
}

TEST_F(registering, KeepsNoPasswordButAHash) {
    sign_up();
    const auto kept = db.read([](const transaction& tx) { return tx.find_user_by_email("ada@example.com"); });
    ASSERT_TRUE(kept);
    EXPECT_THAT(kept->password_hash, testing::StartsWith("$argon2id$"));
    EXPECT_THAT(kept->password_hash, Not(HasSubstr(test::good_password)));
}

TEST_F(registering, RefusesATakenEmailWithoutRegardToCase) {
    ASSERT_EQ(sign_up("ada@example.com").status, 201U);
    const auto again = sign_up("ADA@example.COM");
    EXPECT_EQ(again.status, 409U);
    EXPECT_EQ(text_of(again, "type"), "urn:rondo:problem:email-taken");
}

TEST_F(registering, NamesEveryFaultAtOnce) {
    const auto answer = sign_up_with(
        R"({"email":"ada","password":"short","confirmPassword":"other","name":7,"timezone":"Mars/Olympus","nmae":"x"})");
    EXPECT_EQ(answer.status, 422U);
    EXPECT_THAT(faults_of(answer),
                UnorderedElementsAre(Key("/email"), Key("/password"), Key("/name"), Key("/timezone"), Key("/nmae")));
    EXPECT_THAT(faults_of(answer)["/timezone"], HasSubstr("Europe/Berlin"));
    EXPECT_THAT(faults_of(answer)["/nmae"], HasSubstr("name"));
    EXPECT_THAT(answer.body, Not(HasSubstr("short"))) << "a password is never shown";
}

TEST_F(registering, MissesNothingThatIsRequired) {
    EXPECT_THAT(faults_of(sign_up_with("{}")), ElementsAre(Key("/email"), Key("/password")));
}

TEST_F(registering, RefusesAPasswordThatIsConfirmedOtherwise) {
    const auto answer =
        sign_up_with(R"({"email":"ada@example.com","password":"correct horse","confirmPassword":"correct hors"})");
    EXPECT_EQ(answer.status, 422U);
    EXPECT_THAT(faults_of(answer), ElementsAre(Key("/confirmPassword")));
}

TEST_F(registering, TakesPasswordsOf8To128Characters) {
    auto status = [this, n = 0](const std::string& password) mutable {
        return sign_up_with(credentials("user" + std::to_string(n++) + "@example.com", password)).status;
    };
    const auto many = [](int count, const std::string& character) {
        std::string text;
        while (count-- > 0)
            text += character;
        return text;
    };
    for (const std::string character : {"x", "ä", "🦉"}) {
        EXPECT_EQ(status(many(7, character)), 422U);
        EXPECT_EQ(status(many(8, character)), 201U);
        EXPECT_EQ(status(many(128, character)), 201U);
        EXPECT_EQ(status(many(129, character)), 422U);
    }
}

TEST_F(registering, CountsAPasswordAsItIsKept) {
    auto status = [this, n = 0](const std::string& password) mutable {
        return sign_up_with(credentials("user" + std::to_string(n++) + "@example.com", password)).status;
    };
    const auto many = [](int count, const std::string& character) {
        std::string text;
        while (count-- > 0)
            text += character;
        return text;
    };
    for (const std::string one :
         {"e\u0301", "\u1112\u1161\u11ab", "A\u030a", "e\u0323\u0302", "\u03b1\u0313\u0301\u0345"}) {
        EXPECT_EQ(status(many(7, one)), 422U) << one;
        EXPECT_EQ(status(many(8, one)), 201U) << one;
        EXPECT_EQ(status(many(128, one)), 201U) << one;
        EXPECT_EQ(status(many(129, one)), 422U) << one;
    }
}

TEST_F(registering, RefusesControlCharactersInAPassword) {
    for (const char* refused :
         {"tab\\tulator", "line\\nbreak", "bell\\u0007bell", "delete\u007f!", "next\u0085line", "escape\\u001b"})
        EXPECT_THAT(faults_of(sign_up_with(credentials("ada@example.com", refused))), ElementsAre(Key("/password")))
            << refused;
}

TEST_F(registering, TakesAPasswordHoweverItsLettersAreComposed) {
    ASSERT_EQ(sign_up_with(R"({"email":"ada@example.com","password":"cafe\u0301 noir","confirmPassword":"café noir"})")
                  .status,
              201U);
    EXPECT_EQ(login("ada@example.com", "café\u00a0noir").status, 200U);
    EXPECT_EQ(login("ada@example.com", "cafe noir").status, 401U);
}

TEST_F(registering, DoesNotTrimAPassword) {
    ASSERT_EQ(sign_up_with(credentials("ada@example.com", "  spaces  ")).status, 201U);
    EXPECT_EQ(login("ada@example.com", "  spaces  ").status, 200U);
    EXPECT_EQ(login("ada@example.com", "spaces").status, 401U);
}

TEST_F(registering, TakesNamesOfUpTo255Characters) {
    auto named = [this, n = 0](const std::string& name) mutable {
        return sign_up_with(R"({"email":"user)" + std::to_string(n++) +
                            R"(@example.com","password":"correct horse","name":)" + name + "}");
    };
    EXPECT_EQ(named('"' + std::string(255, 'n') + '"').status, 201U);
    EXPECT_EQ(named('"' + std::string(256, 'n') + '"').status, 422U);
    EXPECT_TRUE(json_of(named("null"))["name"].is_null());
    EXPECT_TRUE(json_of(named("\"  \""))["name"].is_null());
}

TEST_F(registering, TakesWhatLooksLikeAnEmailAddress) {
    const std::string local(64, 'a');
    const std::string label(63, 'd');
    const std::string longest = local + '@' + label + '.' + label + '.' + std::string(61, 'd');
    ASSERT_EQ(longest.size(), 254U);
    for (const std::string& good :
         {std::string{"a@b.c"}, std::string{"ada+todo@mail.example.com"}, std::string{"root@localhost"},
          std::string{"ädä@bücher.example"}, std::string{"o'neil@example.com"}, longest})
        EXPECT_EQ(sign_up(good).status, 201U) << good;
    for (const std::string& bad :
         {std::string{}, std::string{"ada"}, std::string{"@example.com"}, std::string{"ada@"},
          std::string{"ada@example"}, std::string{"a@b@c.d"}, std::string{"ada lovelace@example.com"},
          std::string{"ada@exam ple.com"}, std::string{"ada@.com"}, std::string{"ada@example."},
          std::string{"ada@example..com"}, std::string{"ada@\\u007f.com"}, std::string{"ada@example\\r\\n.com"},
          'x' + longest})
        EXPECT_EQ(sign_up(bad).status, 422U) << bad;
}

TEST_F(registering, TrimsAnEmailAddress) {
    EXPECT_EQ(text_of(sign_up("  ada@example.com "), "email"), "ada@example.com");
}

TEST_F(registering, KnowsTimeZonesByTheirNameOnly) {
    for (const char* zone :
         {"\"../../etc/passwd\"", "\"/etc/localtime\"", "\"CET-1CEST\"", "\"\"", "\"europe/berlin\"", "7"}) {
        const auto answer = sign_up_with(
            std::string{R"({"email":"ada@example.com","password":"correct horse","timezone":)"} + zone + "}");
        EXPECT_EQ(answer.status, 422U) << zone;
        EXPECT_THAT(faults_of(answer), ElementsAre(Key("/timezone")));
    }
}

TEST_F(registering, ReadsJsonOnly) {
    EXPECT_EQ(sign_up_with("{").status, 400U);
    EXPECT_EQ(sign_up_with("").status, 400U);
    EXPECT_EQ(sign_up_with("[]").status, 422U);
    const auto typed = [this](const std::string& type) {
        return call(http::method::post, "/api/auth/register",
                    {.body = credentials("ada@example.com", "correct horse"), .headers = {{"Content-Type", type}}});
    };
    EXPECT_EQ(typed("text/plain").status, 415U);
    EXPECT_EQ(typed("application/x-www-form-urlencoded").status, 415U);
    EXPECT_EQ(typed("application/json; charset=utf-8").status, 201U);
}

}  // namespace
}  // namespace rondo
