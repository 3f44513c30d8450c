#include "store/fold.hpp"

#include <gtest/gtest.h>

namespace rondo {

TEST(fold, LowersTheCaseOfEveryScriptThatHasOne) {
    EXPECT_EQ(folded("Ann@Example.ORG"), "ann@example.org");
    EXPECT_EQ(folded("ÄÖÜ ÉÑ ΑΣΩ ДЖЯ Ǆ Ա"), "äöü éñ ασω джя ǆ ա");
    EXPECT_EQ(folded("𐐀"), "𐐨");
    EXPECT_EQ(folded("straße 東京 🌱 ١"), "straße 東京 🌱 ١");
    EXPECT_EQ(folded(""), "");
}

TEST(fold, LeavesWhatIsNotUtf8AsItIs) {
    for (const std::string text :
         {"\xff", "a\xc3", "\xe2\x82", "\xf4\x90\x80\x80", "\xc0\xaf", "\x80", "\xf8\x88\x80\x80\x80"})
        EXPECT_EQ(folded(text), text);
    EXPECT_EQ(folded("A\xffZ"), "a\xffz");
}

}  // namespace rondo
