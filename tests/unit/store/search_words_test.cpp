#include "store/search_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rondo {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(search_words, ArePartedByWhiteSpace) {
    EXPECT_THAT(search_words("  buy\tmilk\n"),
                ElementsAre(search_word{.folded = " buy "}, search_word{.folded = " milk", .begins = true}));
    EXPECT_THAT(search_words(" \t \u3000\u00a0"), IsEmpty());
    EXPECT_THAT(search_words(std::string_view{"a\0b", 3}), ElementsAre(search_word{" a "}, search_word{" b "}));
    EXPECT_THAT(search_words("牛乳\u3000卵"), ElementsAre(search_word{" 牛 乳 "}, search_word{" 卵 "}));
    EXPECT_THAT(search_words("C++ ½"), ElementsAre(search_word{" c + + "}, search_word{" ½ "}));
}

TEST(search_words, AreCutShortOnlyAtTheEndAndFromThreeBytesOn) {
    EXPECT_THAT(search_words("milk bu"), ElementsAre(search_word{" milk "}, search_word{" bu "}));
    EXPECT_THAT(search_words("é"), ElementsAre(search_word{" e "}));
    EXPECT_THAT(search_words("mü"), ElementsAre(search_word{" mu", true}));
    EXPECT_THAT(search_words("e-mail"), ElementsAre(search_word{" e - mail", true}));
}

TEST(search_words, AreNotCutShortAtASignNorWhereLettersAreWords) {
    for (const char* whole : {"C++", "€", "👍", "100%", "京都", "นม"})
        EXPECT_FALSE(search_words(whole).at(0).begins) << whole;
}

TEST(search_words, LeaveOutWhatHasNeitherWordNorSign) {
    EXPECT_THAT(search_words("\u200d milk \u0301"), ElementsAre(search_word{" milk", true}));
}

TEST(search_words, AreLimitedInTheirNumber) {
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "word ";
    EXPECT_EQ(search_words(many).size(), search_words_max);
}

TEST(search_words, AreFoundInTheWordsOfATask) {
    const std::string words = task_words("Buy milk", "now C++");
    EXPECT_EQ(words, " buy milk \u2029 now c + + ");
    EXPECT_EQ(task_words("Buy", std::nullopt), " buy ");
    EXPECT_EQ(task_words("\u200d", "now"), " \u2029 now ");
    for (const char* found : {"milk", "mil", "buy", "now", "C++", "+"})
        EXPECT_TRUE(is_found(search_words(found).at(0), words)) << found;
    for (const char* missing : {"ilk", "milk-now", "C+++", "no"})
        EXPECT_FALSE(is_found(search_words(missing).at(0), words)) << missing;
}

}  // namespace rondo
