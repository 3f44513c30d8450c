#include "auth/bcrypt.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace rondo {
namespace {

struct vector {
    const char* password;
    const char* kept;
};

// The first three are those that come with the reference implementation, the others those of a Python one.
constexpr vector vectors[] = {
    {"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
    {"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
    {"", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"},
    {"Kk4DQuMMfZL9o", "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"},
    {"9IeRXmnGxMYbs", "$2b$04$pQ7gRO7e6wx/936oXhNjrOUNOHL1D0h1N2IDbJZYs.1ppzSof6SPy"},
};

TEST(bcrypt, KnowsThePublishedVectors) {
    for (const vector& one : vectors) {
        EXPECT_TRUE(is_bcrypt(one.kept)) << one.kept;
        EXPECT_TRUE(matches_bcrypt(one.password, one.kept)) << one.kept;
        EXPECT_FALSE(matches_bcrypt(std::string{one.password} + "x", one.kept)) << one.kept;
        std::string other{one.kept};
        other.back() = other.back() == 'm' ? 'n' : 'm';
        EXPECT_FALSE(matches_bcrypt(one.password, other)) << other;
    }
}

TEST(bcrypt, TakesTheFirst72BytesOfAPassword) {
    const std::string kept = "$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q";
    EXPECT_TRUE(matches_bcrypt(std::string(72, 'x'), kept));
    EXPECT_TRUE(matches_bcrypt(std::string(80, 'x'), kept));
    EXPECT_FALSE(matches_bcrypt(std::string(71, 'x'), kept));
}

TEST(bcrypt, DoesNotReadAPasswordUpToANulAlone) {
    EXPECT_FALSE(matches_bcrypt(std::string{"U*U\0", 4}, vectors[0].kept));
    EXPECT_FALSE(matches_bcrypt(std::string{"\0", 1}, vectors[2].kept));
}

TEST(bcrypt, WorksOutNoCostAboveItsBound) {
    const auto with_cost = [](const std::string& cost) {
        return "$2b$" + cost + "$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    };
    EXPECT_TRUE(is_bcrypt(with_cost("15")));
    const auto began = std::chrono::steady_clock::now();
    for (const char* cost : {"16", "31", "99", "03", "00", "-1", "5$"}) {
        EXPECT_FALSE(is_bcrypt(with_cost(cost))) << cost;
        EXPECT_FALSE(matches_bcrypt("U*U", with_cost(cost))) << cost;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
}

TEST(bcrypt, RefusesWhatOnlyLooksLikeIt) {
    const std::string whole = vectors[0].kept;
    for (const std::string& kept :
         {std::string{}, std::string{"*0"}, whole.substr(0, 59), whole + "x", "$1" + whole.substr(2),
          "$2x" + whole.substr(3), whole.substr(0, 40) + ":" + whole.substr(41),
          whole.substr(0, 59) + std::string{"\0", 1}})
        EXPECT_FALSE(is_bcrypt(kept) || matches_bcrypt("U*U", kept)) << kept;
}

}  // namespace
}  // namespace rondo
