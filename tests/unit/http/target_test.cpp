#include "http/parse/target.hpp"

#include <gtest/gtest.h>

namespace rondo::http {
namespace {

bool parses(std::string target, request& into) {
    into.target = std::move(target);
    return parse_target(into);
}

TEST(target, PathAndQueryAreDecodedOnce) {
    request made;
    ASSERT_TRUE(parses("/a%20b/c+d/%252e%252e?q=caf%C3%A9+au%2Blait&tag=a&tag=b%26c&flag&=x&&e=", made));
    EXPECT_EQ(made.path, "/a b/c+d/%2e%2e");
    ASSERT_EQ(made.query.size(), 6U);
    EXPECT_EQ(made.query[0].value, "caf\xc3\xa9 au+lait");
    EXPECT_EQ(made.query[2].value, "b&c");
    EXPECT_EQ(made.query[3].name, "flag");
    EXPECT_EQ(made.query[3].value, "");
    EXPECT_EQ(made.query[4].name, "");
    EXPECT_EQ(made.query[5].name, "e");
}

TEST(target, OfTheLastRequestNothingStays) {
    request made;
    ASSERT_TRUE(parses("/a?b=c", made));
    ASSERT_TRUE(parses("/d", made));
    EXPECT_EQ(made.path, "/d");
    EXPECT_TRUE(made.query.empty());
}

TEST(target, DotsThatAreNoSegmentsAreText) {
    request made;
    EXPECT_TRUE(parses("/.well-known/...", made));
    EXPECT_TRUE(parses("/a..b/.c?../..", made));
    EXPECT_FALSE(parses("/a/..", made));
    EXPECT_FALSE(parses("/.", made));
    EXPECT_FALSE(parses("/a/%2E/b", made));
}

TEST(target, OnlyWholeUtf8IsLetThrough) {
    EXPECT_EQ(percent_decode("%F0%9F%98%80", false), "\xf0\x9f\x98\x80");
    EXPECT_EQ(percent_decode("%ED%9F%BF", false), "\xed\x9f\xbf");
    for (const char* bad : {"%80", "%C0%AF", "%C3", "%E0%80%AF", "%ED%A0%80", "%F4%90%80%80", "%F8%80%80%80", "%C3%28"})
        EXPECT_EQ(percent_decode(bad, true), std::nullopt) << bad;
}

}  // namespace
}  // namespace rondo::http
