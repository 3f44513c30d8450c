#include "api/wire/json_reader.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <boost/json/serialize.hpp>

namespace rondo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace json = boost::json;

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

/// The detail of the refusal, or "accepted".
std::string refusal_of(std::string_view text) {
    const auto parsed = parse_json(text);
    if (parsed)
        return "accepted";
    EXPECT_EQ(parsed.error().code, errc::malformed);
    return parsed.error().detail;
}

json::object object(std::string_view text) {
    return parse_json(text).value().as_object();
}

std::vector<fault> faults_of(object_reader& reader) {
    const auto ended = reader.finish();
    return ended ? std::vector<fault>{} : ended.error().faults;
}

TEST(json_text, IsReadWithEveryKindOfValue) {
    const auto parsed = parse_json(R"( {"a":[1,-2,1.5,true,null],"b":{"c":"é\u20ac\ud83d\ude00"}} )");
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(json::serialize(*parsed), R"({"a":[1,-2,1.5E0,true,null],"b":{"c":"é€😀"}})");
}

TEST(json_text, OfOneScalarIsRead) {
    EXPECT_EQ(parse_json("null").value(), nullptr);
    EXPECT_EQ(parse_json(" 7 ").value(), 7);
    EXPECT_EQ(parse_json(R"("")").value(), "");
}

TEST(json_text, IsRefusedWithADuplicateKey) {
    EXPECT_THAT(refusal_of(R"({"a":1,"a":2})"), HasSubstr(R"(the key "a" is there twice)"));
    EXPECT_THAT(refusal_of(R"({"x":[0,{"a":1,"b":2,"\u0061":3}]})"), HasSubstr("at /x/1)"));
    EXPECT_THAT(refusal_of(R"({"a":{"a":1},"b":{"a":1}})"), "accepted");
    EXPECT_THAT(refusal_of(R"([{"a":1},{"a":1}])"), "accepted");
}

TEST(json_text, IsRefusedWithNulInAStringOrKey) {
    EXPECT_THAT(refusal_of(R"({"title":"a\u0000b"})"), HasSubstr("must not contain NUL"));
    EXPECT_THAT(refusal_of(R"({"title":"a\u0000b"})"), HasSubstr("at /title)"));
    EXPECT_THAT(refusal_of(R"({"\u0000":1})"), HasSubstr("must not contain NUL"));
    EXPECT_NE(refusal_of(std::string{"[\"a\0b\"]", 7}), "accepted");
}

TEST(json_text, IsRefusedWithANumberOutOfRange) {
    for (const char* number :
         {"1e400", "-1e400", "1e99999999999999999999", "18446744073709551616", "-9223372036854775809"})
        EXPECT_THAT(refusal_of("{\"n\":" + std::string{number} + "}"), HasSubstr("out of range")) << number;
    EXPECT_THAT(refusal_of("{\"n\":1e400}"), HasSubstr("at /n)"));
    EXPECT_THAT(refusal_of(repeated("9", 100'000)), HasSubstr("out of range"));
    EXPECT_THAT(refusal_of("0." + repeated("1", 100'000)), HasSubstr("too long"));
}

TEST(json_text, IsReadWithNumbersAtTheEdgeOfTheirRange) {
    EXPECT_EQ(parse_json("18446744073709551615").value(), UINT64_MAX);
    EXPECT_EQ(parse_json("-9223372036854775808").value(), INT64_MIN);
    EXPECT_EQ(parse_json("-0").value(), 0);
    EXPECT_TRUE(parse_json("1e308"));
    EXPECT_TRUE(parse_json("1e-400"));
    EXPECT_TRUE(parse_json("0." + repeated("1", json_number_length_max - 2)));
    EXPECT_FALSE(parse_json("0." + repeated("1", json_number_length_max - 1)));
}

TEST(json_text, IsRefusedBeyondItsDepth) {
    EXPECT_EQ(refusal_of(repeated("[", 32) + repeated("]", 32)), "accepted");
    EXPECT_THAT(refusal_of(repeated("[", 33) + repeated("]", 33)), HasSubstr("deeper than 32"));
    EXPECT_THAT(refusal_of(repeated("{\"a\":", 33) + "1" + repeated("}", 33)), HasSubstr("deeper than 32"));
    EXPECT_THAT(refusal_of(repeated("[", 1'000'000)), HasSubstr("deeper than 32"));
}

TEST(json_text, IsRefusedWithTooManyKeysInOneObject) {
    const auto with_keys = [](std::size_t count) {
        std::string text = "{";
        for (std::size_t i = 0; i < count; ++i)
            text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
        return text + "}";
    };
    EXPECT_EQ(refusal_of(with_keys(json_keys_max)), "accepted");
    EXPECT_THAT(refusal_of(with_keys(json_keys_max + 1)), HasSubstr("more than 256 keys"));
}

TEST(json_text, MayHaveOneByteOrderMarkBeforeIt) {
    const std::string mark = "\xef\xbb\xbf";
    EXPECT_EQ(refusal_of(mark + "{}"), "accepted");
    for (const std::string& text : {mark, mark + mark + "{}", " " + mark + "{}", "{}" + mark, mark.substr(0, 2) + "{}"})
        EXPECT_NE(refusal_of(text), "accepted") << text;
}

TEST(json_text, IsRefusedWhenItIsNotUtf8) {
    for (const char* bytes : {"\xc0\xaf", "\xff", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"}) {
        EXPECT_NE(refusal_of("[\"" + std::string{bytes} + "\"]"), "accepted");
        EXPECT_NE(refusal_of("{\"" + std::string{bytes} + "\":1}"), "accepted");
    }
    EXPECT_NE(refusal_of(R"(["\ud800"])"), "accepted");
    EXPECT_THAT(refusal_of(R"(["\udc00"])"), HasSubstr("surrogate"));
    EXPECT_THAT(refusal_of(R"(["\ud800\u0041"])"), HasSubstr("surrogate"));
}

TEST(json_text, IsRefusedWhenItIsNotJson) {
    for (const char* text :
         {"",      " ",       "{",         "[1,",  "[1,]", "{\"a\":1,}", "{a:1}",      "{'a':1}", "[1] 2",
          "{} {}", "[01]",    "[+1]",      "[1.]", "[.5]", "[NaN]",      "[Infinity]", "[1]//",   "/**/[1]",
          "[1 2]", "{\"a\"}", "{\"a\" 1}", "nul",  "\"a",  "[\"\t\"]",   "[\"\\x\"]",  "}"})
        EXPECT_NE(refusal_of(text), "accepted") << text;
    EXPECT_THAT(refusal_of("{} {}"), HasSubstr("more text after the value (byte 3)"));
    EXPECT_THAT(refusal_of("{\"a\":"), HasSubstr("ends too early"));
}

TEST(json_text, IsRefusedWithAShortDetailWhateverItHolds) {
    EXPECT_LT(refusal_of("{\"" + repeated("é", 100'000) + "\":1e400}").size(), 250u);
    EXPECT_LT(refusal_of("{\"" + repeated("k", 1000) + "\":1,\"" + repeated("k", 1000) + "\":1}").size(), 250u);
}

TEST(json_text, OfHostileShapeIsJudgedInMilliseconds) {
    std::string many_keys = "{";
    for (int i = 0; i < 100'000; ++i)
        many_keys += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
    many_keys += "}";
    std::string many_objects = "[";
    for (int i = 0; i < 1000; ++i) {
        many_objects += i == 0 ? "{" : ",{";
        for (int k = 0; k < 100; ++k)
            many_objects += (k == 0 ? "\"k" : ",\"k") + std::to_string(k) + "\":1";
        many_objects += "}";
    }
    many_objects += "]";
    for (const std::string& text : {many_keys, many_objects, repeated("[", 1'000'000), repeated("9", 1'000'000)}) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_NO_THROW(static_cast<void>(parse_json(text)));
        // Far above the ten milliseconds aimed at, for sanitizers and busy machines; a quadratic algorithm takes minutes.
        EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{1}) << text.substr(0, 20);
    }
}

TEST(object_reader, ReadsFieldsByType) {
    const auto body = object(R"({"t":" a ","n":3,"f":1.0,"yes":true,"list":[1],"nothing":null})");
    object_reader reader{body};
    EXPECT_EQ(reader.text("t", {.min = 1, .max = 1, .trim = true}), "a");
    EXPECT_EQ(reader.text("t", {}), " a ");
    EXPECT_EQ(reader.integer("n", 1, 3), 3);
    EXPECT_EQ(reader.integer("f", 1, 1), 1);
    EXPECT_EQ(reader.boolean("yes"), true);
    ASSERT_NE(reader.array("list", 1), nullptr);
    EXPECT_TRUE(reader.is_null("nothing"));
    EXPECT_TRUE(reader.has("nothing"));
    EXPECT_FALSE(reader.has("absent"));
    EXPECT_EQ(reader.text("absent", {.min = 1}), std::nullopt);
    EXPECT_THAT(faults_of(reader), IsEmpty());
}

TEST(object_reader, NamesEveryFaultAtOnce) {
    const auto body =
        object(R"({"t":5,"short":"","long":"abcd","n":"1","half":1.5,"big":1000,"yes":1,"list":[1,2],"odd":{}})");
    object_reader reader{body};
    reader.text("t", {});
    reader.text("short", {.min = 1});
    reader.text("long", {.max = 3});
    reader.integer("n", 1, 9);
    reader.integer("half", 1, 9);
    reader.integer("big", 1, 999);
    reader.boolean("yes");
    reader.array("list", 1);
    reader.array("odd", 1);
    reader.required_text("missing", {});
    const auto ended = reader.finish();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, errc::invalid);
    EXPECT_THAT(
        ended.error().faults,
        ElementsAre(fault{"/t", "must be a string"}, fault{"/short", "must not be empty"},
                    fault{"/long", "must have at most 3 characters, not 4"}, fault{"/n", "must be an integer"},
                    fault{"/half", "must be an integer"}, fault{"/big", "must be an integer from 1 to 999"},
                    fault{"/yes", "must be true or false"}, fault{"/list", "must have at most 1 elements, not 2"},
                    fault{"/odd", "must be an array"}, fault{"/missing", "is required"}));
}

TEST(object_reader, RefusesIntegersBeyond64BitsAndHugeFloats) {
    const auto body = object(R"({"a":18446744073709551615,"b":1e300,"c":9007199254740994.0})");
    object_reader reader{body};
    EXPECT_FALSE(reader.integer("a", INT64_MIN, INT64_MAX));
    EXPECT_FALSE(reader.integer("b", INT64_MIN, INT64_MAX));
    EXPECT_FALSE(reader.integer("c", INT64_MIN, INT64_MAX));
    EXPECT_EQ(faults_of(reader).size(), 3u);
}

TEST(object_reader, NamesAnUnknownFieldWithTheLikelyOneMeant) {
    const auto body = object(R"({"titel":1,"dueDate":1,"PRIORITY":1,"zzz":1,"a/b~c":1,"id":1})");
    object_reader reader{body};
    reader.ignore({"id"});
    reader.has("title");
    reader.has("due_date");
    reader.has("priority");
    EXPECT_THAT(faults_of(reader),
                ElementsAre(fault{"/titel", R"(is not a known field; did you mean "title"?)"},
                            fault{"/dueDate", R"(is not a known field; did you mean "due_date"?)"},
                            fault{"/PRIORITY", R"(is not a known field; did you mean "priority"?)"},
                            fault{"/zzz", "is not a known field"}, fault{"/a~1b~0c", "is not a known field"}));
}

TEST(object_reader, NamesManyLongUnknownFieldsInLittleTime) {
    json::object body;
    for (int i = 0; i < 256; ++i)
        body[std::to_string(i) + repeated("x", i % 2 == 0 ? 4000 : 30)] = 1;
    object_reader reader{body};
    reader.ignore({"title", "description", "status", "priority", "tags", "due_date", "timezone", "recurring_type"});
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(faults_of(reader).size(), 256u);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{1});
}

TEST(text, IsCountedInCharacters) {
    EXPECT_EQ(character_count(""), 0u);
    EXPECT_EQ(character_count("aé€😀"), 4u);
}

TEST(text, IsCleanWhenItIsUtf8WithoutNul) {
    for (const char* clean :
         {"", "abc", "é", "\xef\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_clean_text(clean)) << clean;
    for (const char* dirty : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                              "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe2\x82", "\xc3(", "\xf0\x9f\x98"})
        EXPECT_FALSE(is_clean_text(dirty));
    EXPECT_FALSE(is_clean_text(std::string_view{"a\0b", 3}));
}

TEST(text, IsTrimmedOfEveryWhiteSpace) {
    EXPECT_EQ(trimmed(" \t\n a b \r\n"), "a b");
    EXPECT_EQ(trimmed("\u00a0\u3000é\u2003"), "é");
    EXPECT_EQ(trimmed(" \u2028 "), "");
    EXPECT_EQ(trimmed(""), "");
}

TEST(text, IsCutBetweenCharacters) {
    EXPECT_EQ(cut("short"), "short");
    EXPECT_EQ(cut(repeated("€", 34)), repeated("€", 33) + "…");
    EXPECT_TRUE(is_clean_text(cut("a" + repeated("😀", 30))));
}

TEST(text, IsWrittenAsAJsonStringThatReadsBackTheSame) {
    std::string all;
    for (char c = 1; c < 127; ++c)
        all += c;
    all += "é€😀\u2028";
    std::string written;
    append_json_string(written, all);
    EXPECT_EQ(parse_json(written).value().as_string(), all);
    written.clear();
    append_json_string(written, "a\"b\\c\n\x01");
    EXPECT_EQ(written, R"("a\"b\\c\n\u0001")");
}

}  // namespace
}  // namespace rondo
