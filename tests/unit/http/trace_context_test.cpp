#include "http/parse/trace_context.hpp"

#include <gtest/gtest.h>

#include "support/seeded_random.hpp"

namespace rondo::http {
namespace {

constexpr std::string_view good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

TEST(trace_context, ContinuesTheCallersTraceInASpanOfItsOwn) {
    rondo::test::seeded_random random;
    const std::string made = new_traceparent(good, random);
    ASSERT_EQ(made.size(), 55U);
    EXPECT_EQ(made.substr(0, 36), good.substr(0, 36));
    EXPECT_NE(made.substr(36, 16), good.substr(36, 16));
    EXPECT_EQ(made.substr(52), "-00") << "the caller's choice to sample";
    EXPECT_NE(new_traceparent(good, random), made);
}

TEST(trace_context, ALaterVersionIsReadAsFarAsItIsKnown) {
    rondo::test::seeded_random random;
    EXPECT_EQ(new_traceparent("cc" + std::string{good.substr(2)} + "-more", random).substr(0, 36), good.substr(0, 36));
}

TEST(trace_context, WhatIsMalformedOrAllZerosBeginsANewTrace) {
    rondo::test::seeded_random random;
    const std::string text{good};
    const auto with = [&](std::size_t at, std::string_view put) {
        return std::string{text}.replace(at, put.size(), put);
    };
    for (const std::string& bad :
         {std::string{}, text.substr(1), text + "-more", with(3, std::string(32, '0')), with(36, std::string(16, '0')),
          with(0, "ff"), with(3, "0AF7"), with(2, "_"), with(35, "0"), with(53, "0x"), with(0, "cc") + "more"}) {
        const std::string made = new_traceparent(bad, random);
        ASSERT_EQ(made.size(), 55U) << bad;
        EXPECT_NE(made.substr(3, 32), text.substr(3, 32)) << bad;
        EXPECT_EQ(made.substr(0, 3), "00-");
        EXPECT_EQ(made.substr(52), "-01");
    }
}

}  // namespace
}  // namespace rondo::http
