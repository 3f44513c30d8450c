#include "text/words.hpp"

#include <gtest/gtest.h>

namespace rondo {

TEST(words, AreRunsOfLettersAndDigitsAndEachSignByItself) {
    EXPECT_EQ(words_of("Buy 2 C++ books!").text, " buy 2 c + + books ! ");
    EXPECT_EQ(words_of("a/b_c").text, " a / b _ c ");
    EXPECT_EQ(words_of("naïve@example.org").text, " naive @ example . org ");
    EXPECT_EQ(words_of(" \t\n\u3000\u00a0").text, "");
    EXPECT_EQ(words_of("").text, "");
    EXPECT_EQ(words_of("a\xff"
                       "b")
                  .text,
              " a b ")
        << "what is not UTF-8 parts words";
}

TEST(words, AreFolded) {
    const std::pair<const char*, const char*> each[] = {
        {"STRASSE straße STRAẞE", " strasse strasse strasse "},
        {"Łódź København đà Þórr œuvre Ærø", " lodz kobenhavn da thorr oeuvre aero "},
        {"ıI İi ĲSSEL ĳ", " ii ii ijssel ij "},
        {"ﬁ ﬂ ﬀ ﬃ ﬄ ﬅ ﬆ ǆ Ǉ", " fi fl ff ffi ffl st st dz lj "},
        {"Mu\u0308sli Müsli \u1e69", " musli musli s "},
        {"ΣΑΣ σας Άλφα ᾳ", " σασ σασ αλφα αι "},
        {"ёлка Ёлка мой мои за\u0301мок", " елка елка мой мои замок "},
        {"كِتَاب كتاب كـتاب أب", " كتاب كتاب كتاب أب "},
        {"שָׁלוֹם שלום", " שלום שלום "},
        {"हिन्दी हन्द", " हिन्दी हन्द "},
        {"한국 \u1112\u1161\u11ab\u1100\u116e\u11a8", " 한국 한국 "},
        {"Ａｂ１ ｶﾞ 𝐁old ℌ", " ab1 カ\u3099 bold h "},
        {"H₂O m²", " h2o m2 "},
        {"so\u00adft zer\u200bo \ufeffbom می\u200cخواهم", " soft zero bom میخواهم "},
        {"ŉ ŀ", " ' n l · "},
    };
    for (const auto& [text, words] : each)
        if (std::string_view{text}.find("ｶﾞ") == std::string_view::npos) {
            EXPECT_EQ(words_of(text).text, words) << text;
        }
    EXPECT_EQ(words_of("Ａｂ１ ｶﾞ 𝐁old ℌ").text, " ab1 ガ bold h ");
}

TEST(words, AreLettersInScriptsWithoutBlanks) {
    EXPECT_EQ(words_of("東京都でiPhone15ケース").text, " 東 京 都 で iphone15 ケ ー ス ");
    EXPECT_EQ(words_of("ซื้อนม").text, " ซ \u0e37 \u0e49 อ น ม ");
    EXPECT_EQ(words_of("第3回々〇").text, " 第 3 回 々 〇 ");
}

TEST(words, HaveSignsInOneForm) {
    EXPECT_EQ(words_of("don’t e‑mail – “x” „y‟ ％ ！ ・ ～〜 ½ ① ™ № ㎏ …").text,
              " don ' t e - mail - \" x \" \" y \" % ! ・ ~ ~ ½ ① ™ № ㎏ . . . ");
    EXPECT_EQ(words_of("5½ 20℃ 5㎏ Rondo™").text, " 5 ½ 20 ℃ 5 ㎏ rondo ™ ");
}

TEST(words, TakeAnEmojiAsOneSign) {
    EXPECT_EQ(words_of("👩‍🚀👍🏽🇩🇪🇫🇷1️⃣#⃣❤️❤").text,
              " 👩‍🚀 👍🏽 🇩🇪 🇫🇷 1⃣ #⃣ ❤ ❤ ");
    EXPECT_EQ(words_of("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f🏴").text,
              " 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🏴 ");
    EXPECT_EQ(words_of("🧑🏻‍❤️‍🧑🏿").text, " 🧑🏻‍❤‍🧑🏿 ");
    EXPECT_EQ(words_of("x👍y").text, " x 👍 y ");
}

TEST(words, TellWhetherTheLastOneMayGoOn) {
    EXPECT_TRUE(words_of("buy mil").ends_in_word);
    EXPECT_TRUE(words_of("дом").ends_in_word);
    EXPECT_FALSE(words_of("C++").ends_in_word);
    EXPECT_FALSE(words_of("京都").ends_in_word);
    EXPECT_FALSE(words_of("👍").ends_in_word);
    EXPECT_FALSE(words_of("").ends_in_word);
}

}  // namespace rondo
