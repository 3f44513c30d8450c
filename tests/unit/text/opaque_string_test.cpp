#include "text/opaque_string.hpp"

#include <gtest/gtest.h>

namespace rondo {

TEST(opaque_strings, AreComposedWithBlanksOfOneKind) {
    EXPECT_EQ(opaque_string("cafe\u0301"), "café");
    EXPECT_EQ(opaque_string("\u1112\u1161\u11ab"), "한");
    EXPECT_EQ(opaque_string("A\u030a\u212b"), "ÅÅ");
    EXPECT_EQ(opaque_string("ệ"), opaque_string("e\u0323\u0302"));
    EXPECT_EQ(opaque_string("a\u00a0b\u3000c\u2003d\u1680e"), "a b c d e");
}

TEST(opaque_strings, KeepCaseWidthAndWhatEmojiAreMadeWith) {
    for (const char* same : {"Correct Horse", "Ａ ﬁ ①", "ß ẞ ς", "👩‍🚀❤️", "  x  ", "", "\ta"})
        EXPECT_EQ(opaque_string(same), same);
}

TEST(opaque_strings, AreTheSameWhenPreparedTwice) {
    for (const char* given : {"e\u0301\u00a0", "\u0958", "\u1100\u1161", "\u2126\u212a", "q\u0307\u0323"})
        EXPECT_EQ(opaque_string(opaque_string(given)), opaque_string(given)) << given;
}

TEST(opaque_strings, HaveNoControlCharacters) {
    for (const char* refused : {"a\tb", "line\n", "\x7f", "\u0085", "\x01", "\ufdd0", "\U0001fffe"})
        EXPECT_TRUE(has_forbidden_characters(refused)) << refused;
    for (const char* taken : {"a b", "ü", "👩‍🚀", "\u00a0", "\U0010fffd", ""})
        EXPECT_FALSE(has_forbidden_characters(taken)) << taken;
}

}  // namespace rondo
