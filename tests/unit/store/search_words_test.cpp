#include "store/search_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rondo {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(search_words, ArePartedByWhiteSpace) {
    EXPECT_THAT(search_words("  buy\tmilk\n"),
                ElementsAre(search_word{.text = "buy"}, search_word{.text = "milk", .begins = true}));
    EXPECT_THAT(search_words(" \t "), IsEmpty());
    EXPECT_THAT(search_words(std::string_view{"a\0b", 3}), ElementsAre(search_word{"a"}, search_word{"b"}));
}

TEST(search_words, AreCutShortOnlyAtTheEndAndFromThreeBytesOn) {
    EXPECT_THAT(search_words("milk bu"), ElementsAre(search_word{.text = "milk"}, search_word{.text = "bu"}));
    EXPECT_THAT(search_words("é"), ElementsAre(search_word{.text = "é", .begins = false}));
    EXPECT_THAT(search_words("€"), ElementsAre(search_word{.text = "€", .begins = true}));
}

TEST(search_words, AreLimitedInTheirNumber) {
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "word ";
    EXPECT_EQ(search_words(many).size(), search_words_max);
}

}  // namespace rondo
