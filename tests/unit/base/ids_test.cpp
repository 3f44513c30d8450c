#include "base/ids.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/seeded_random.hpp"

namespace rondo {
namespace {

using std::chrono::milliseconds;

constexpr instant noon{milliseconds{1'770'552'000'123}};

TEST(uuid, OfVersion7HoldsItsMillisecondAndMarks) {
    test::seeded_random random;
    const uuid made = make_uuid_v7(noon, random);
    std::uint64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i)
        ms = ms << 8 | made.bytes[i];
    EXPECT_EQ(ms, 1'770'552'000'123u);
    EXPECT_EQ(made.bytes[6] >> 4, 7);
    EXPECT_EQ(made.bytes[8] >> 6, 2);
}

TEST(uuid, OfALaterMillisecondSortsLater) {
    test::seeded_random random;
    uuid last = make_uuid_v7(noon, random);
    for (int i = 1; i < 500; ++i) {
        const uuid next = make_uuid_v7(noon + milliseconds{i}, random);
        ASSERT_LT(last, next);
        last = next;
    }
}

TEST(uuid, OfOneMillisecondDiffers) {
    test::seeded_random random;
    EXPECT_NE(make_uuid_v7(noon, random), make_uuid_v7(noon, random));
}

TEST(uuid, IsReadBackFromItsText) {
    test::seeded_random random;
    for (int i = 0; i < 100; ++i) {
        const uuid made = make_uuid_v7(noon, random);
        ASSERT_EQ(parse_uuid(to_string(made)), made);
    }
    EXPECT_EQ(parse_uuid("0190F0C0-ABCD-7EF0-8123-456789ABCDEF"), parse_uuid("0190f0c0-abcd-7ef0-8123-456789abcdef"));
}

TEST(uuid, IsNotReadFromAnythingElse) {
    for (const std::string text : {"", "0190f0c0-abcd-7ef0-8123-456789abcde", "0190f0c0-abcd-7ef0-8123-456789abcdef0",
                                   "0190f0c0abcd7ef08123456789abcdef", "{190f0c0-abcd-7ef0-8123-456789abcdef",
                                   "0190f0c0-abcd-7ef0-8123-456789abcdeg", "0190f0c0_abcd-7ef0-8123-456789abcdef",
                                   "0190f0c0-abcd-7ef08-123-456789abcdef"})
        EXPECT_FALSE(parse_uuid(text)) << text;
}

}  // namespace
}  // namespace rondo
