#include "auth/passwords.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/error.hpp"

namespace rondo {
namespace {

/// What a coroutine gives, run to its end on a context of its own.
template <class T>
T run(async<T> work) {
    asio::io_context context;
    std::optional<T> made;
    std::exception_ptr failure;
    asio::co_spawn(context.get_executor(), std::move(work), [&](std::exception_ptr thrown, T given) {
        failure = thrown;
        made = std::move(given);
    });
    context.run();
    if (failure)
        std::rethrow_exception(failure);
    return *std::move(made);
}

std::string hashed_with(const std::string& password, unsigned long long passes, std::size_t memory) {
    std::array<char, crypto_pwhash_STRBYTES> made{};
    EXPECT_EQ(crypto_pwhash_str_alg(made.data(), password.data(), password.size(), passes, memory,
                                    crypto_pwhash_ALG_ARGON2ID13),
              0);
    return made.data();
}

TEST(passwords, AreKeptAsArgon2idWithNineteenMebibytesAndTwoPasses) {
    passwords pool;
    const auto kept = run(pool.hash("correct horse"));
    EXPECT_THAT(kept, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_NE(run(pool.hash("correct horse")), kept) << "no salt";
}

TEST(passwords, MatchThemselvesAndNothingElse) {
    passwords pool;
    const auto kept = run(pool.hash("correct horse"));
    const auto right = run(pool.verify("correct horse", kept));
    EXPECT_TRUE(right.matches);
    EXPECT_FALSE(right.needs_rehash);
    for (const char* wrong : {"correct horsf", "correct hors", "correct horse ", "", "Correct horse"})
        EXPECT_FALSE(run(pool.verify(wrong, kept)).matches) << wrong;
}

TEST(passwords, AreNotCutShort) {
    passwords pool;
    const std::string longest(4 * password_max, 'x');
    const auto kept = run(pool.hash(longest));
    EXPECT_TRUE(run(pool.verify(longest, kept)).matches);
    EXPECT_FALSE(run(pool.verify(longest.substr(1), kept)).matches);
}

TEST(passwords, OfNobodyMatchNothing) {
    passwords pool;
    EXPECT_FALSE(run(pool.verify("nobody's password", "")).matches);
    EXPECT_FALSE(run(pool.verify("", "")).matches);
}

TEST(passwords, KeptInAFormThatIsNoneOfOursMatchNothing) {
    passwords pool;
    for (const char* kept : {"plain", "$argon2id$v=19$m=19456,t=2,p=1$", "$2b$12$abcdefghijklmnopqrstuv"})
        EXPECT_FALSE(run(pool.verify("plain", kept)).matches) << kept;
}

TEST(passwords, KeptWithOtherParametersAreToBeHashedAnew) {
    passwords pool;
    const auto old = hashed_with("correct horse", 1, 8'192 * 1'024);
    const auto right = run(pool.verify("correct horse", old));
    EXPECT_TRUE(right.matches);
    EXPECT_TRUE(right.needs_rehash);
    EXPECT_FALSE(run(pool.verify("wrong", old)).needs_rehash) << "only the right password can be hashed anew";
}

/// As they may come from one machine and from another.
const std::pair<std::string, std::string> same_passwords[] = {
    {"cafe\u0301 au lait", "café au lait"},    {"\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"},
    {"A\u030angstro\u0308m", "\u212bngström"}, {"vie\u0323\u0302t nam", "việt nam"},
    {"two\u00a0words", "two words"},           {"two\u3000words", "two\u2003words"},
};

TEST(passwords, AreTheSameHoweverTheirLettersAreComposed) {
    passwords pool;
    for (const auto& [one, other] : same_passwords) {
        for (const auto& [kept, given] : {std::pair{one, other}, std::pair{other, one}}) {
            const auto right = run(pool.verify(given, run(pool.hash(kept))));
            EXPECT_TRUE(right.matches) << given;
            EXPECT_FALSE(right.needs_rehash) << given;
        }
    }
    for (const auto& [kept, given] : {std::pair{"café au lait", "cafe au lait"}, std::pair{"Straße 12", "STRASSE 12"},
                                      std::pair{"ﬁnding it", "finding it"}, std::pair{"Ａbcdefgh", "Abcdefgh"},
                                      std::pair{"two  words", "two words"}})
        EXPECT_FALSE(run(pool.verify(given, run(pool.hash(kept)))).matches) << given;
}

TEST(passwords, KeptAsTheyCameMatchAndAreToBeHashedAnew) {
    passwords pool;
    for (const auto& [came, other] : same_passwords) {
        const auto old = hashed_with(came, 2, 19'456 * 1'024);
        const auto right = run(pool.verify(came, old));
        EXPECT_TRUE(right.matches) << came;
        EXPECT_TRUE(right.needs_rehash) << came;
        EXPECT_FALSE(run(pool.verify(came + "x", old)).matches) << came;
        const auto renewed = run(pool.hash(came));
        EXPECT_TRUE(run(pool.verify(other, renewed)).matches) << came;
        EXPECT_FALSE(run(pool.verify(came, renewed)).needs_rehash) << came;
    }
    EXPECT_TRUE(run(pool.verify("with\ttab \x01", hashed_with("with\ttab \x01", 2, 19'456 * 1'024))).matches);
}

TEST(passwords, OfOtherSystemsMatchAndAreToBeHashedAnew) {
    passwords pool;
    // bcrypt, and argon2id with four lanes, as two Python libraries keep them.
    const std::string bcrypt = "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm";
    const std::string argon2id =
        "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg";
    for (const auto& [password, kept] :
         {std::pair{"Kk4DQuMMfZL9o", bcrypt}, std::pair{"correct horse battery staple", argon2id}}) {
        const auto right = run(pool.verify(password, kept));
        EXPECT_TRUE(right.matches) << kept;
        EXPECT_TRUE(right.needs_rehash) << kept;
        EXPECT_FALSE(run(pool.verify("wrong", kept)).matches) << kept;
    }
}

TEST(passwords, TakeAsLongForNobodyAsForAWrongPassword) {
    passwords pool{1};
    const auto kept = run(pool.hash("correct horse"));
    const auto took = [&](const std::string& with) {
        std::vector<std::chrono::nanoseconds> times;
        for (int i = 0; i < 7; ++i) {
            const auto start = std::chrono::steady_clock::now();
            run(pool.verify("wrong", with));
            times.push_back(std::chrono::steady_clock::now() - start);
        }
        return *std::ranges::min_element(times);  // the rest is the machine's noise
    };
    const auto of_somebody = took(kept);
    const auto of_nobody = took("");
    EXPECT_LT(of_nobody, 2 * of_somebody);
    EXPECT_LT(of_somebody, 2 * of_nobody);
}

TEST(passwords, BeyondTheBoundOfTheQueueAreRefusedAtOnce) {
    passwords pool{0};  // nobody works: everything waits
    asio::io_context context;
    int refused = 0;
    int stopped = 0;
    const auto hash = [&]() -> async<void> {
        try {
            co_await pool.hash("correct horse");
        } catch (const unavailable& broken) {
            EXPECT_GT(broken.retry_after().count(), 0);
            ++(std::string_view{broken.what()}.contains("stopping") ? stopped : refused);
        }
    };
    for (std::size_t i = 0; i < password_jobs_waiting_max; ++i)
        asio::co_spawn(context.get_executor(), hash(), asio::detached);
    context.poll();
    EXPECT_EQ(refused, 0);
    asio::co_spawn(context.get_executor(), hash(), asio::detached);
    context.poll();
    EXPECT_EQ(refused, 1);

    pool.stop();
    context.run();
    EXPECT_EQ(stopped, static_cast<int>(password_jobs_waiting_max)) << "nobody is left waiting";
}

TEST(passwords, LeaveRoomForOthersOnceDone) {
    passwords pool{1};
    asio::io_context context;
    int done = 0;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 20; ++i)  // 40 in all, more than may wait
            asio::co_spawn(
                context.get_executor(),
                [&]() -> async<void> {
                    co_await pool.hash("correct horse");
                    ++done;
                },
                asio::detached);
        context.run();
        context.restart();
    }
    EXPECT_EQ(done, 40);
}

TEST(passwords, AreRefusedAfterTheStop) {
    passwords pool;
    pool.stop();
    EXPECT_THROW(run(pool.hash("correct horse")), unavailable);
    EXPECT_NO_THROW(pool.stop());
}

TEST(passwords, ResumeOnTheThreadThatAsked) {
    passwords pool;
    asio::io_context context;
    std::thread::id resumed;
    asio::co_spawn(
        context.get_executor(),
        [&]() -> async<void> {
            co_await pool.hash("correct horse");
            resumed = std::this_thread::get_id();
        },
        asio::detached);
    context.run();
    EXPECT_EQ(resumed, std::this_thread::get_id());
}

}  // namespace
}  // namespace rondo
