#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include "unit/api/auth_house.hpp"

namespace rondo {
namespace {

using testing::HasSubstr;

class logging_in : public testing::Test, public test::auth_house {
public:
    http::response login_by_form(const std::string& body,
                                 const std::string& type = "application/x-www-form-urlencoded") {
        return call(http::method::post, "/api/auth/login", {.body = body, .headers = {{"Content-Type", type}}});
    }
    user kept(const std::string& email = "ada@example.com") {
        return db.read([&](const transaction& tx) { return *tx.find_user_by_email(email); });
    }
    void keep_hash(const std::string& hash) {
        db.write([&](transaction& tx) {
            auto changed = *tx.find_user_by_email("ada@example.com");
            changed.password_hash = hash;
            tx.update_user(changed);
        });
    }
};

TEST_F(logging_in, GivesAPairOfTokensAndTheUser) {
    const auto registered = sign_up();
    const auto answer = login("ada@example.com", test::good_password);
    ASSERT_EQ(answer.status, 200U) << answer.body;
    auto body = json_of(answer);
    EXPECT_EQ(body.size(), 5U);
    EXPECT_EQ(body["token_type"], "bearer");
    EXPECT_EQ(body["expires_in"], 86'400);
    EXPECT_EQ(body["user"], json_of(registered)["user"]);
    EXPECT_NE(text_of(answer, "refresh_token"), text_of(registered, "refresh_token"));
    EXPECT_EQ(me(text_of(answer, "access_token")).status, 200U);
    EXPECT_EQ(me(text_of(registered, "access_token")).status, 200U) << "another session of the same user";
}

TEST_F(logging_in, ComparesTheEmailWithoutCase) {
    sign_up("Ada@example.com");
    EXPECT_EQ(login("aDA@EXAMPLE.com", test::good_password).status, 200U);
    EXPECT_EQ(login(" ada@example.com ", test::good_password).status, 200U);
}

TEST_F(logging_in, DoesNotSayWhichWasWrong) {
    sign_up();
    auto wrong = login("ada@example.com", "wrong horse");
    auto unknown = login("bob@example.com", test::good_password);
    EXPECT_EQ(wrong.status, 401U);
    EXPECT_EQ(unknown.status, 401U);
    EXPECT_EQ(header_of(wrong, "WWW-Authenticate"), header_of(unknown, "WWW-Authenticate"));
    auto wrong_body = json_of(wrong);
    auto unknown_body = json_of(unknown);
    EXPECT_EQ(wrong_body["type"], "urn:rondo:problem:wrong-credentials");
    wrong_body.erase("error_id");
    unknown_body.erase("error_id");
    EXPECT_EQ(wrong_body, unknown_body);
}

TEST_F(logging_in, TakesAForm) {
    sign_up("ada+x@example.com");
    EXPECT_EQ(login_by_form("username=ada%2Bx%40example.com&password=correct+horse%20battery").status, 200U);
    EXPECT_EQ(login_by_form("username=ada%2Bx%40example.com&password=correct+horse%20battery",
                            "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
                  .status,
              200U);
    EXPECT_EQ(login_by_form("grant_type=password&username=ada%2bx@example.com&password=correct%20horse+battery&scope=&"
                            "client_id=&client_secret=")
                  .status,
              200U)
        << "as OAuth 2 clients send it";
    EXPECT_EQ(login_by_form("username=ada%2Bx%40example.com&password=wrong").status, 401U);
}

TEST_F(logging_in, RefusesAFormThatIsBroken) {
    EXPECT_EQ(login_by_form("username=ada%4&password=x").status, 400U);
    EXPECT_EQ(login_by_form("username=a&username=b&password=x").status, 400U);
    const auto lacking = login_by_form("username=ada@example.com");
    EXPECT_EQ(lacking.status, 422U);
    EXPECT_EQ(login_by_form("").status, 422U);
    EXPECT_EQ(login_by_form("username=a&password=b", "multipart/form-data; boundary=x").status, 415U);
    EXPECT_EQ(login_by_form("username=a&password=b", "text/plain").status, 415U);
}

TEST_F(logging_in, RefusesUnknownAndMissingFields) {
    EXPECT_EQ(post("/api/auth/login", "{}").status, 422U);
    EXPECT_EQ(post("/api/auth/login", R"({"email":"a@b.c","password":"correct horse","remember":true})").status, 422U);
    EXPECT_EQ(post("/api/auth/login", R"({"email":"a@b.c","password":null})").status, 422U);
    EXPECT_EQ(post("/api/auth/login", credentials("a@b.c", std::string(129, 'x'))).status, 422U);
    EXPECT_EQ(post("/api/auth/login", credentials(std::string(300, 'x'), "correct horse")).status, 422U);
}

TEST_F(logging_in, HashesAnewWhatWasKeptWithOtherParameters) {
    sign_up();
    std::array<char, crypto_pwhash_STRBYTES> old{};
    ASSERT_EQ(crypto_pwhash_str_alg(old.data(), "an old password", 15, 1, 8'192 * 1'024, crypto_pwhash_ALG_ARGON2ID13),
              0);
    keep_hash(old.data());
    ASSERT_EQ(login("ada@example.com", "a wrong password").status, 401U);
    EXPECT_EQ(kept().password_hash, old.data());
    ASSERT_EQ(login("ada@example.com", "an old password").status, 200U);
    EXPECT_THAT(kept().password_hash, HasSubstr("m=19456,t=2,p=1"));
    EXPECT_EQ(login("ada@example.com", "an old password").status, 200U);
}

TEST_F(logging_in, OpensNoSessionWhenThePasswordIsChangedMeanwhile) {
    sign_up();
    const auto under_way =
        start(http::method::post, "/api/auth/login", {.body = credentials("ada@example.com", test::good_password)});
    context.restart();
    context.poll();  // it has read the user, and the password is being compared
    ASSERT_FALSE(under_way->answer);
    keep_hash("$argon2id$another");
    run();
    ASSERT_TRUE(under_way->failure);
    EXPECT_THROW(std::rethrow_exception(under_way->failure), unavailable);
}

/// A store whose writer has too much to do.
class overloaded final : public store {
public:
    explicit overloaded(store& behind) : behind_{behind} {}
    void submit_write(write_job, completion) override { throw unavailable{"Too many writes are waiting."}; }
    void submit_read(read_job job, completion done) override { behind_.submit_read(std::move(job), std::move(done)); }
    void on_events_committed(events_committed) override {}
    std::optional<std::string> trouble() const override { return std::nullopt; }

private:
    store& behind_;
};

TEST_F(logging_in, IsRefusedAloneWhenTooManyWritesWait) {
    const auto access = text_of(sign_up(), "access_token");
    overloaded full{*db};
    serve(full);
    EXPECT_THROW(login("ada@example.com", test::good_password), unavailable);
    EXPECT_EQ(me(access).status, 200U) << "the thread's loop goes on";
}

TEST_F(logging_in, NeverShowsAPassword) {
    const auto registered = sign_up();
    const auto right = login("ada@example.com", test::good_password);
    const auto wrong = login("ada@example.com", "wrong horse");
    for (const auto& answer : {registered, right, wrong}) {
        EXPECT_THAT(answer.body, Not(HasSubstr("horse")));
        EXPECT_THAT(answer.body, Not(HasSubstr("argon2")));
    }
}

}  // namespace
}  // namespace rondo
