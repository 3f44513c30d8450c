#include "text/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace rondo {

TEST(tag_keys, AreTheSameForNamesThatAreTheSame) {
    const std::vector<std::vector<std::string>> same{
        {"Work", "WORK", "work", "wOrK"},
        {"Straße", "STRASSE", "strasse", "STRAẞE"},
        {"ΣΑΣ", "σας", "σασ", "Σας"},
        {"café", "cafe\u0301", "CAFÉ", "CAFE\u0301"},
        {"ﬁnanzen", "FINANZEN", "finanzen", "Finanzen"},
        {"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"},
        {"Ångström", "A\u030angstro\u0308m", "\u212bngström"},
        {"ŉ", "\u02bcN", "\u02bcn"},
        {"дом", "ДОМ", "Дом"},
        {"Ǆ", "ǆ", "ǅ"},
        {"ᾳ", "ΑΙ", "αι"},
        {"", ""},
    };
    for (const auto& names : same)
        for (const std::string& name : names)
            EXPECT_EQ(tag_key(name), tag_key(names.front())) << name;
}

TEST(tag_keys, DifferWhereNamesDoInMoreThanCase) {
    const std::vector<std::string> different{"cafe", "café", "cafè", "ı", "i", "İ", "ł",   "l", "ø",
                                             "o",    "¹",    "1",    "й", "и", "C", "C++", "ﷺ"};
    for (const std::string& one : different)
        for (const std::string& other : different)
            if (&one != &other) {
                EXPECT_NE(tag_key(one), tag_key(other)) << one << " " << other;
            }
}

TEST(tag_keys, AreTheSameWhenMadeOfAKey) {
    for (const char* name : {"Straße", "cafe\u0301", "ΣΑΣ", "İstanbul", "ﬁ", "ŉ", "한국", "\u0390\u0345"})
        EXPECT_EQ(tag_key(tag_key(name)), tag_key(name)) << name;
}

TEST(title_orders, AreThoseOfTheRootCollationWithNumbersByTheirValue) {
    const std::vector<std::string> sorted{
        "_",    "-",  ",",   "!",    "?",      "\"",        "(",  "*",   "/",      "&",     "#",      "%",       "→",
        "+",    "☑",  "🌱",  "$",    "€",      "0",         "1",  "1 a", "½",      "1a",    "2",      "3 b",     "10",
        "10 a", "20", "100", "a",    "A",      "ä",         "Ä",  "a2",  "a10",    "ab",    "äb",     "Äc",      "æ",
        "AF",   "b",  "B",   "café", "Cafe 2", "cafe 10",   "d",  "đ",   "E-mail", "eMail", "Item 2", "item 10", "l",
        "ł",    "M",  "o",   "ø",    "straße", "strasse b", "z",  "ž",   "þ",      "α",     "ά",      "β",       "а",
        "б",    "ё",  "א",   "ب",    "ก",      "가",        "あ", "ア",  "い",     "一",    "丁"};
    std::vector<std::string> by_key = sorted;
    std::ranges::shuffle(by_key, std::mt19937{5});
    std::ranges::sort(by_key, {}, [](const std::string& title) { return title_order(title); });
    for (std::size_t i = 0; i < sorted.size(); ++i)
        EXPECT_EQ(by_key[i], sorted[i]) << i;
}

TEST(title_orders, TakeNumbersThatAreOneCharacterForWhatTheyLookLike) {
    const std::vector<std::string> sorted{"1 a", "① b", "② a", "２ b", "3 a", "⑨", "9 x", "10", "⑩ a", "⑪", "Ⅷ"};
    std::vector<std::string> by_key = sorted;
    std::ranges::shuffle(by_key, std::mt19937{5});
    std::ranges::sort(by_key, {}, [](const std::string& title) { return title_order(title); });
    for (std::size_t i = 0; i < sorted.size(); ++i)
        EXPECT_EQ(by_key[i], sorted[i]) << i;
}

TEST(title_orders, AreTheSameForComposedAndDecomposedTitles) {
    EXPECT_EQ(title_order("Müsli"), title_order("Mu\u0308sli"));
    EXPECT_EQ(title_order("한"), title_order("\u1112\u1161\u11ab"));
    EXPECT_EQ(title_order("ệ"), title_order("e\u0302\u0323"));
}

TEST(title_orders, AreBounded) {
    const std::string longest = title_order(std::string(200, 'x'));
    EXPECT_LT(longest.size(), 250u) << "short enough for all of it";
    std::string han;
    for (int i = 0; i < 200; ++i)
        han += "𠀀";
    EXPECT_EQ(title_order(han).size(), title_order_bytes_max);
    EXPECT_EQ(title_order(han + "a"), title_order(han + "b"));
    EXPECT_LT(title_order(han), title_order("𠀁"));
    EXPECT_EQ(title_order(""), title_order(""));
    EXPECT_NE(title_order("\xff"), "") << "any bytes";
}

TEST(text_rules, AreOfAVersionThatPeopleCanRead) {
    EXPECT_GT(text_rules(), 0);
    EXPECT_THAT(shown_text_rules(text_rules()),
                testing::MatchesRegex("[0-9]+, Unicode [0-9]+\\.[0-9]+, collation [0-9.]+"));
    EXPECT_EQ(shown_text_rules(0x0001'0f'01'99'70'28'00), "1, Unicode 15.1, collation 153.112.40.0");
}

TEST(nfc, ComposesAndLeavesTheRest) {
    EXPECT_EQ(nfc("e\u0301 ﬁ Ａ"), "é ﬁ Ａ");
    EXPECT_EQ(nfc("plain"), "plain");
}

}  // namespace rondo
