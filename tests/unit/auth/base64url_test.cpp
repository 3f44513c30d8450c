#include "auth/base64url.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace rondo {
namespace {

std::string encoded(std::string_view text) {
    return base64url_encode(std::as_bytes(std::span{text}));
}

std::optional<std::string> decoded(std::string_view text) {
    const auto bytes = base64url_decode(text);
    if (!bytes)
        return std::nullopt;
    return std::string{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

TEST(base64url, WritesTheVectorsOfRfc4648WithoutPadding) {
    EXPECT_EQ(encoded(""), "");
    EXPECT_EQ(encoded("f"), "Zg");
    EXPECT_EQ(encoded("fo"), "Zm8");
    EXPECT_EQ(encoded("foo"), "Zm9v");
    EXPECT_EQ(encoded("foob"), "Zm9vYg");
    EXPECT_EQ(encoded("fooba"), "Zm9vYmE");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
    EXPECT_EQ(encoded("\xff\xfe\xfb"), "__77");
    EXPECT_EQ(encoded("\x03\xec\xff\xe0\xc1"), "A-z_4ME");  // RFC 7515, appendix C
}

TEST(base64url, ReadsBackEveryLength) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(decoded(encoded(text)), text);
        text += static_cast<char>(i * 7);
    }
}

TEST(base64url, RefusesEverySpellingButItsOwn) {
    for (const std::string_view text : {"Zg==", "Zg=", "Zm8=", "Zm9v=", "=", "Z", "Zm9vY", "Zm 8", " Zm8", "Zm8 ",
                                        "Zm8\n", "Zm+8", "Zm/8", "Zm.8", "Zm\xc3\xa4"})
        EXPECT_EQ(decoded(text), std::nullopt) << text;
    EXPECT_EQ(decoded(std::string_view{"Zm\0v", 4}), std::nullopt);
}

TEST(base64url, RefusesLastBitsThatAreNotZero) {
    int read = 0;
    for (const char last : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"}) {
        read += decoded(std::string{"Z"} + last).has_value();
        read += decoded(std::string{"Zm"} + last).has_value();
    }
    EXPECT_EQ(read, 4 + 16);  // of 64 and 64
}

}  // namespace
}  // namespace rondo
