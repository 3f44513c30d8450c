#include "store/moving/foreign_values.hpp"

#include <gtest/gtest.h>

#include "base/rfc3339.hpp"
#include "store/moving/foreign_tables.hpp"

namespace rondo {
namespace {

TEST(foreign_values, AnIdIsReadWithAndWithoutDashes) {
    const auto id = parse_uuid("0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b");
    ASSERT_TRUE(id);
    for (const char* form : {"0190a1b2c3d44e5f8a6b7c8d9e0f1a2b", "0190A1B2C3D44E5F8A6B7C8D9E0F1A2B",
                             "0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b"})
        EXPECT_EQ(read_foreign_id(form), id) << form;
    for (const char* form : {"", "0190a1b2c3d44e5f8a6b7c8d9e0f1a2", "0190a1b2c3d44e5f8a6b7c8d9e0f1a2g",
                             "0190-a1b2c3d44e5f8a6b7c8d9e0f1a2", "{0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b}"})
        EXPECT_EQ(read_foreign_id(form), std::nullopt) << form;
}

TEST(foreign_values, ATimeWithoutAZoneIsInUtc) {
    const auto read = [](std::string_view text) {
        const auto at = read_foreign_time(text);
        return at ? format_instant(*at) : std::string{"none"};
    };
    EXPECT_EQ(read("2026-02-08 09:00:00.123456"), "2026-02-08T09:00:00.123Z");
    EXPECT_EQ(read("2026-02-08T09:00:00"), "2026-02-08T09:00:00.000Z");
    EXPECT_EQ(read("2026-02-08 09:00:00+02:00"), "2026-02-08T07:00:00.000Z");
    EXPECT_EQ(read("2026-02-08"), "2026-02-08T00:00:00.000Z");
    for (const char* text : {"", "next week", "2026-02-30", "1770541200", "2026-02-08 25:00:00"})
        EXPECT_EQ(read(text), "none") << text;
}

TEST(foreign_values, AColourIsReadAsWordInShortAndWhole) {
    EXPECT_EQ(read_foreign_color("red"), "#FF0000");
    EXPECT_EQ(read_foreign_color(" Teal "), "#008080");
    EXPECT_EQ(read_foreign_color("#f0a"), "#FF00AA");
    EXPECT_EQ(read_foreign_color("a1b2c3"), "#A1B2C3");
    for (const char* text : {"", "#", "#12345", "#gggggg", "dark sea", "#1234567"})
        EXPECT_EQ(read_foreign_color(text), std::nullopt) << text;
}

TEST(foreign_values, ATextIsCutBetweenCharacters) {
    EXPECT_EQ(length_of("Müßig"), 5u);
    EXPECT_EQ(first_characters("Müßig", 2), "Mü");
    EXPECT_EQ(first_characters("Müßig", 5), "Müßig");
    EXPECT_EQ(first_characters("Mü", 9), "Mü");
    EXPECT_EQ(first_characters("Mü", 0), "");
    EXPECT_EQ(trimmed_text(" \xc2\xa0Müßig\t "), "Müßig");
    EXPECT_EQ(trimmed_text(" \t"), "");
}

TEST(foreign_tables, AreThoseOfThatSystemAlone) {
    EXPECT_TRUE(is_foreign_system({"users", "tasks"}));
    EXPECT_TRUE(is_foreign_system({"task_tags", "users", "tags", "tasks", "alembic_version"}));
    EXPECT_FALSE(is_foreign_system({"users"}));
    EXPECT_FALSE(is_foreign_system({"users", "tasks", "tags"}));
    EXPECT_FALSE(is_foreign_system({"users", "tasks", "invoices"}));
    EXPECT_FALSE(is_foreign_system({}));
}

TEST(foreign_tables, AreReadByTheColumnsThatAreThere) {
    EXPECT_EQ(match_columns(foreign_users, {"created_at", "email", "id", "password_hash"}).value(),
              (std::vector<std::string>{"id", "email", "", "password_hash", "created_at"}));
    EXPECT_EQ(match_columns(foreign_users, {"created_at", "email", "id"}).error(),
              "its table users has no column hashed_password");
    EXPECT_TRUE(match_columns(foreign_users, {"created_at", "email", "id", "hashed_password", "is_admin"})
                    .error()
                    .contains("is_admin"));
}

}  // namespace
}  // namespace rondo
