#include "auth/refresh_tokens.hpp"

#include <gtest/gtest.h>

#include "support/seeded_random.hpp"

namespace rondo {
namespace {

TEST(refresh_tokens, HaveTheDigestThatTheirTextLeadsTo) {
    test::seeded_random random;
    const auto made = make_refresh_token(random);
    EXPECT_EQ(made.text.size(), 43U);
    EXPECT_EQ(refresh_token_digest(made.text), made.digest);
    EXPECT_NE(make_refresh_token(random).digest, made.digest);
}

TEST(refresh_tokens, AreKeptAsTheSha256OfTheirBytes) {
    // 32 zero bytes
    const auto digest = refresh_token_digest(std::string(43, 'A'));
    ASSERT_TRUE(digest);
    EXPECT_EQ((*digest)[0], std::byte{0x66});
    EXPECT_EQ((*digest)[1], std::byte{0x68});
    EXPECT_EQ((*digest)[31], std::byte{0x25});
}

TEST(refresh_tokens, AreOnlyTextsOfTheirForm) {
    test::seeded_random random;
    const auto good = make_refresh_token(random).text;
    for (const std::string& bad :
         {std::string{}, good.substr(1), good + "A", good + "=", good.substr(0, 42) + "=", good.substr(0, 42) + " ",
          std::string(43, '*'), std::string(1'000'000, 'A'), std::string(42, 'A') + "B"})
        EXPECT_FALSE(refresh_token_digest(bad)) << bad.substr(0, 50);
}

}  // namespace
}  // namespace rondo
