#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/login_keys.hpp"
#include "unit/api/auth_house.hpp"
#include "usecases/accounts/login_throttle.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class login_throttling : public testing::Test, public test::auth_house {
public:
    explicit login_throttling(test::scratch_in where = test::scratch_in::memory) : auth_house{where} { sign_up(); }

    unsigned wrong(const std::string& email = "ada@example.com", const std::string& peer = "192.0.2.1") {
        return login(email, "wrong horse", peer).status;
    }
    unsigned right(const std::string& peer = "192.0.2.1") {
        return login("ada@example.com", test::good_password, peer).status;
    }
    /// Ten wrong logins, each from an address of its own.
    void lock_account(const std::string& email = "ada@example.com") {
        for (int i = 0; i < login_failures_max; ++i)
            ASSERT_EQ(wrong(email, "198.51.100." + std::to_string(i)), 401U);
    }
};

TEST_F(login_throttling, LetsTenWrongLoginsInARowPassAndNoMore) {
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(wrong(), 401U) << i;
    const auto held = login("ada@example.com", test::good_password);
    EXPECT_EQ(held.status, 429U);
    EXPECT_EQ(text_of(held, "type"), "urn:rondo:problem:too-many-requests");
    EXPECT_EQ(header_of(held, "Retry-After"), "30");
}

TEST_F(login_throttling, CountsAnAccountOverAllAddresses) {
    lock_account();
    EXPECT_EQ(right("203.0.113.1"), 429U);
    EXPECT_EQ(login("bob@example.com", "wrong horse", "203.0.113.1").status, 401U) << "another account";
}

TEST_F(login_throttling, CountsAnAccountThatIsNotThereInTheSameWay) {
    lock_account("nobody@example.com");
    const auto held = login("NOBODY@example.com", "wrong horse", "203.0.113.1");
    EXPECT_EQ(held.status, 429U);
    EXPECT_EQ(header_of(held, "Retry-After"), "30");
}

TEST_F(login_throttling, CountsAnAccountInWhateverSpellingItsAddressComes) {
    sign_up("kim@example.com");
    for (int i = 0; i < 10; ++i)  // U+212A, the Kelvin sign, is a k in lower case
        ASSERT_EQ(wrong(i % 2 == 0 ? "\u212aim@example.com" : "KIM@example.com", "198.51.100." + std::to_string(i)),
                  401U);
    EXPECT_EQ(wrong("kim@example.com", "203.0.113.1"), 429U);
    EXPECT_EQ(wrong("\u212aim@example.com", "203.0.113.1"), 429U);
}

TEST_F(login_throttling, CountsAnAddressOverAllAccounts) {
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(wrong("user" + std::to_string(i) + "@example.com", "2001:db8::" + std::to_string(i)), 401U);
    EXPECT_EQ(right("2001:db8::ffff"), 429U) << "one network of 64 bits";
    EXPECT_EQ(right("2001:db8:0:1::1"), 200U);
    EXPECT_EQ(right("192.0.2.1"), 200U);
}

TEST_F(login_throttling, DoublesTheDelayUpToAQuarterOfAnHour) {
    for (int i = 0; i < 9; ++i)
        wrong();
    for (const char* delay : {"30", "60", "120", "240", "480", "900", "900", "900"}) {
        ASSERT_EQ(wrong(), 401U);
        const auto held = login("ada@example.com", test::good_password);
        EXPECT_EQ(held.status, 429U);
        EXPECT_EQ(header_of(held, "Retry-After"), delay);
        db.time.advance(std::chrono::seconds{std::stoi(delay)} - 1ms);
        EXPECT_EQ(header_of(login("ada@example.com", test::good_password), "Retry-After"), "1");
        db.time.advance(1ms);
    }
    EXPECT_EQ(right(), 200U);
}

TEST_F(login_throttling, DoesNotGrowByAttemptsThatAreHeldBack) {
    for (int i = 0; i < 10; ++i)
        wrong();
    for (int i = 0; i < 50; ++i)
        ASSERT_EQ(wrong(), 429U);
    db.time.advance(30s);
    EXPECT_EQ(right(), 200U);
}

TEST_F(login_throttling, StartsAnewAfterARightLogin) {
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 9; ++i)
            ASSERT_EQ(wrong(), 401U);
        ASSERT_EQ(right(), 200U);
    }
}

TEST_F(login_throttling, IsNotUndoneAtAnAddressByAnAccountOfOnesOwn) {
    for (int i = 0; i < 8; ++i)
        ASSERT_EQ(wrong("victim" + std::to_string(i) + "@example.com"), 401U);
    ASSERT_EQ(wrong(), 401U);
    ASSERT_EQ(right(), 200U) << "takes back its own failure, and no more";
    EXPECT_EQ(wrong("victim@example.com"), 401U);
    EXPECT_EQ(wrong("victim@example.com"), 401U);
    EXPECT_EQ(wrong("victim@example.com"), 429U);
}

TEST_F(login_throttling, ForgetsAnAddressAfterAnHourAndAnAccountAfterADay) {
    for (int i = 0; i < 9; ++i)
        wrong();
    db.time.advance(1h);
    EXPECT_EQ(wrong("bob@example.com"), 401U) << "the address's first";
    EXPECT_EQ(wrong(), 401U) << "the account's tenth";
    EXPECT_EQ(wrong("ada@example.com", "203.0.113.1"), 429U);
    db.time.advance(24h + 30s);
    for (int i = 0; i < 9; ++i)
        EXPECT_EQ(wrong(), 401U);
    EXPECT_EQ(right(), 200U);
}

TEST_F(login_throttling, LetsTheOwnerInWhereTheyHaveLoggedInBefore) {
    ASSERT_EQ(right("192.0.2.7"), 200U);
    lock_account();
    EXPECT_EQ(right("203.0.113.1"), 429U);
    EXPECT_EQ(right("192.0.2.7"), 200U) << "whoever locks an account does not lock out its owner";
}

TEST_F(login_throttling, StillCountsWhereTheOwnerHasLoggedInBefore) {
    ASSERT_EQ(right("192.0.2.7"), 200U);
    lock_account();
    for (int i = 0; i < 10; ++i)
        ASSERT_EQ(wrong("ada@example.com", "192.0.2.7"), 401U);
    EXPECT_EQ(right("192.0.2.7"), 429U);
}

TEST_F(login_throttling, SpendsNoHashOnAnAttemptThatIsHeldBack) {
    for (int i = 0; i < 10; ++i)
        wrong();
    password_pool.stop();
    EXPECT_EQ(wrong(), 429U);
    EXPECT_THROW(wrong("bob@example.com", "203.0.113.1"), unavailable) << "where one is needed, the pool is asked";
}

TEST_F(login_throttling, TellsNothingToGuessesBeyondTheLimitThatCameAtOnce) {
    std::vector<std::unique_ptr<pending>> guesses;
    for (int i = 0; i < 24; ++i)
        guesses.push_back(
            start(http::method::post, "/api/auth/login",
                  {.body = credentials("ada@example.com", i < 20 ? "wrong horse" : test::good_password)}));
    run();
    std::map<unsigned, int> count;
    for (const auto& guess : guesses) {
        ASSERT_TRUE(guess->answer);
        ++count[guess->answer->status];
    }
    EXPECT_EQ(count[401], 10);
    EXPECT_GE(count[429], 10);
    EXPECT_EQ(count[401] + count[429] + count[200], 24);
}

TEST_F(login_throttling, HoldsNobodyForLongWhenTheClockIsSetBack) {
    for (int i = 0; i < 10; ++i)
        wrong();
    ASSERT_EQ(right(), 429U);
    db.time.advance(-1h);
    EXPECT_EQ(right(), 200U);
}

TEST_F(login_throttling, DoesNotTouchWhoIsLoggedIn) {
    const auto answer = login("ada@example.com", test::good_password);
    for (int i = 0; i < 10; ++i)
        wrong();
    ASSERT_EQ(right(), 429U);
    EXPECT_EQ(me(text_of(answer, "access_token")).status, 200U);
    EXPECT_EQ(refresh(text_of(answer, "refresh_token")).status, 200U);
}

class login_throttling_in_a_file : public login_throttling {
public:
    login_throttling_in_a_file() : login_throttling{test::scratch_in::file} {}
};

TEST_F(login_throttling_in_a_file, SurvivesARestart) {
    for (int i = 0; i < 10; ++i)
        wrong();
    restart();
    EXPECT_EQ(right(), 429U);
}

TEST_F(login_throttling, KeepsRowsOfBoundedLengthThatAreDeletedInTime) {
    const std::string typed = std::string(200, 'x') + "@example.com";
    wrong(typed);
    const auto key = account_login_key(typed);
    EXPECT_LT(key.size(), 64U);
    const auto kept = [&] {
        return db.read([&](const transaction& tx) { return tx.find_login_throttle(key).has_value(); });
    };
    ASSERT_TRUE(kept());
    db.time.advance(25h);
    db.write([](transaction& tx) { return tx.purge_accounts(tx.now() - 24h, {}, {}, 100); });
    EXPECT_FALSE(kept());
    lock_account();
    EXPECT_EQ(right("192.0.2.1"), 429U) << "registering is no log-in at an address";
}

TEST_F(login_throttling, RemembersWhereTheOwnerLogsInFor30Days) {
    ASSERT_EQ(right("192.0.2.7"), 200U);
    const auto purge = [&] {
        db.write([](transaction& tx) { return tx.purge_accounts(tx.now() - 24h, {}, {}, 100); });
    };
    db.time.advance(30 * 24h);
    purge();
    lock_account();
    EXPECT_EQ(right("192.0.2.7"), 200U);
    db.time.advance(30 * 24h + 1ms);
    purge();
    lock_account();
    EXPECT_EQ(right("192.0.2.7"), 429U);
}

}  // namespace
}  // namespace rondo
