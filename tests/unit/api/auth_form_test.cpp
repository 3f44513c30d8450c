#include "api/accounts/login_form.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rondo {
namespace {

std::string field(std::string_view body, std::string_view name) {
    const auto read = read_login_form(body);
    if (!read)
        return "refused";
    const auto* const value = read->if_contains(boost::json::string_view{name.data(), name.size()});
    return value == nullptr ? "absent" : std::string{value->as_string()};
}

TEST(login_form, UndoesItsEscapes) {
    EXPECT_EQ(field("username=a%2Bb%20c+d&password=%25%26%3d", "email"), "a+b c d");
    EXPECT_EQ(field("username=a&password=%25%26%3d", "password"), "%&=");
    EXPECT_EQ(field("password=a=b=c", "password"), "a=b=c");
    EXPECT_EQ(field("%75sername=x", "email"), "x");
    EXPECT_EQ(field("password=%C3%A4%F0%9F%A6%89", "password"), "ä🦉");
    EXPECT_EQ(field("username", "email"), "");
    EXPECT_EQ(field("&&username=x&&", "email"), "x");
    EXPECT_EQ(field("Username=x", "email"), "absent");
}

TEST(login_form, RefusesBrokenEscapesAndText) {
    for (const std::string& body :
         {std::string{"username=%"}, std::string{"username=%4"}, std::string{"username=%4g"},
          std::string{"username=%g4"}, std::string{"username=%%41"}, std::string{"other=%"}, std::string{"%=x"},
          std::string{"username=a%00b"}, std::string{"username=a\0b", 12}, std::string{"username=%ff"},
          std::string{"username=%c0%af"}, std::string{"password=%ed%a0%80"}, std::string{"username=a&username=a"},
          std::string{"password=a&password=b"}})
        EXPECT_EQ(field(body, "email"), "refused") << body;
}

TEST(login_form, HasABoundedNumberOfFields) {
    std::string body = "username=x";
    for (std::size_t i = 1; i < form_fields_max; ++i)
        body += "&f=";
    EXPECT_EQ(field(body, "email"), "x");
    EXPECT_EQ(field(body + "&f=", "email"), "refused");
}

}  // namespace
}  // namespace rondo
