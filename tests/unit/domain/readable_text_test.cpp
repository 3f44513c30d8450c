// What may stand in a title, a name, a description.

#include "domain/readable_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rondo::test {

using ::testing::HasSubstr;
using ::testing::Optional;

TEST(readable_text, KeepsWhatWritingNeeds) {
    for (const std::string_view kept :
         {"", "Buy milk", "Éclair", "買い物", "👩‍👩‍👧 picnic", "می‌خواهم", "❤️",
          "co\u00adop­eration", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
          "עברית \u200fand English", "\u2067עברית\u2069", "abc\u202edcba", "a\u00a0b", "x\u200by", "\ufeffx", "a\u0301",
          "\ue000"})
        EXPECT_EQ(fault_of_line(kept), std::nullopt) << kept;
}

TEST(readable_text, NamesTheControlCharacterOfALine) {
    for (unsigned code = 0; code < 0xa0; ++code) {
        if (code >= 0x20 && code < 0x7f)
            continue;
        const std::string character =
            code < 0x80 ? std::string(1, static_cast<char>(code))
                        : std::string{static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
        char name[8];
        std::snprintf(name, sizeof name, "U+%04X", code);
        EXPECT_THAT(fault_of_line("a" + character + "b"), Optional(HasSubstr(name)));
        const bool parts_lines = code == '\t' || code == '\n' || code == '\r';
        EXPECT_EQ(fault_of_lines("a" + character + "b").has_value(), !parts_lines) << name;
    }
}

TEST(readable_text, NamesOtherLineBreaks) {
    EXPECT_THAT(fault_of_line("a\u2028b"), Optional(HasSubstr("U+2028")));
    EXPECT_THAT(fault_of_line("a\u2029b"), Optional(HasSubstr("U+2029")));
    EXPECT_THAT(fault_of_line("a\nb"), Optional(HasSubstr("a line break")));
    EXPECT_EQ(fault_of_lines("one\u2028two\u2029\tthree\r\n"), std::nullopt);
}

TEST(readable_text, RefusesALineInWhichNothingIsSeen) {
    const std::pair<const char*, const char*> refused[] = {
        {"\u200b", "U+200B"}, {"\u200d\u200d", "U+200D"},       {"\u2060", "U+2060"}, {"\ufeff", "U+FEFF"},
        {"\u00ad", "U+00AD"}, {" \u200c ", "U+200C"},           {"\u3164", "U+3164"}, {"\u2800\u2800", "U+2800"},
        {"\ufe0f", "U+FE0F"}, {"\u202a\u202c", "U+202A"},       {"\u180e", "U+180E"}, {"\U000e0041", "U+E0041"},
        {"\u115f", "U+115F"}, {"\u00a0\u2066\u2069", "U+2066"}, {"\u034f", "U+034F"}, {"\uffa0", "U+FFA0"}};
    for (const auto& [text, name] : refused)
        EXPECT_THAT(fault_of_line(text), Optional(HasSubstr(name)));
    EXPECT_THAT(fault_of_line(" \u00a0\u3000"), Optional(HasSubstr("must not be empty")));
    EXPECT_EQ(fault_of_lines("\u200b"), std::nullopt);
}

}  // namespace rondo::test
