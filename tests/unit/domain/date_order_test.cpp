#include "domain/words/date_order.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo {
namespace {

using enum date_order::kind;

TEST(date_order, IsThatOfTheRegion) {
    const auto whole = [](std::string_view tag) { return date_order_of(tag).value().whole; };
    for (const std::string_view tag :
         {"en", "en-US", "EN-us", "en-Latn-US", "en-PH", "es-PR", "fil", "en-u-ca-gregory-x-gb"})
        EXPECT_EQ(whole(tag), month_day_year) << tag;
    for (const std::string_view tag : {"en-GB", "en-AU", "en-IN", "en-150", "de", "de-AT", "fr", "es", "es-MX", "pt-BR",
                                       "zh-HK", "sv-FI", "ru", "nl"})
        EXPECT_EQ(whole(tag), day_month_year) << tag;
    for (const std::string_view tag : {"ja", "zh", "zh-Hans-CN", "ko-KR", "hu", "lt", "sv", "sv-SE", "en-CA", "fr-CA"})
        EXPECT_EQ(whole(tag), year_month_day) << tag;
}

TEST(date_order, WithoutAYearSwedishPutsTheDayFirst) {
    EXPECT_FALSE(date_order_of("sv").value().month_first);
    EXPECT_TRUE(date_order_of("ja").value().month_first);
    EXPECT_TRUE(date_order_of("en-US").value().month_first);
    EXPECT_FALSE(date_order_of("en-GB").value().month_first);
}

TEST(date_order, OfAnUnknownLanguageThereIsNone) {
    for (const std::string_view tag : {"xx", "tlh", "art-x-none", "und", "zz-US"})
        EXPECT_FALSE(date_order_of(tag)) << tag;
}

TEST(date_order, KnowsTheFormOfALanguageTag) {
    for (const std::string_view tag : {"en", "de-DE", "zh-Hans-CN", "en-u-ca-buddhist", "sl-rozaj-biske", "x-private"})
        EXPECT_TRUE(is_language_tag(tag)) << tag;
    for (const std::string& tag : {std::string{}, std::string{"-"}, std::string{"en-"}, std::string{"en--US"},
                                   std::string{"en_US"}, std::string{"1a"}, std::string{"en-abcdefghi"},
                                   std::string{"de DE"}, std::string{"C.UTF-8"}, "en" + std::string(120, '-')})
        EXPECT_FALSE(is_language_tag(tag)) << tag;
}

}  // namespace
}  // namespace rondo
