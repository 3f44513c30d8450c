#include "http/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rondo::http {
namespace {

handler nothing() {
    return [](request&) -> async<response> { co_return response{}; };
}

class routed : public testing::Test {
protected:
    routed() {
        routes.add(method::get, "/", nothing());
        routes.add(method::get, "/api/tasks", nothing());
        routes.add(method::post, "/api/tasks", nothing());
        routes.add(method::get, "/api/tasks/{id}", nothing());
        routes.add(method::del, "/api/tasks/{id}", nothing());
        routes.add(method::patch, "/api/tasks/{id}/toggle", nothing());
        routes.add(method::get, "/api/tasks/{id}/parts/{part}", nothing());
        routes.add(method::post, "/api/tasks/quick", nothing());
        routes.add(method::get, "/api/tasks/quick/help", nothing());
    }
    std::string pattern_of(method verb, std::string_view path) {
        const auto found = routes.find(verb, path);
        const auto* const matched = std::get_if<router::match>(&found);
        return matched ? matched->found->pattern : "";
    }
    router routes;
};

TEST_F(routed, TextAndPlaceholdersLeadToTheirRoutes) {
    EXPECT_EQ(pattern_of(method::get, "/"), "/");
    EXPECT_EQ(pattern_of(method::post, "/api/tasks"), "/api/tasks");
    EXPECT_EQ(pattern_of(method::patch, "/api/tasks/7/toggle"), "/api/tasks/{id}/toggle");
    const auto found = routes.find(method::get, "/api/tasks/a b/parts/c");
    EXPECT_EQ(std::get<router::match>(found).params, (std::vector<std::string>{"a b", "c"}));
}

TEST_F(routed, TextWinsOverAPlaceholderAndThePlaceholderIsTriedAfterIt) {
    EXPECT_EQ(pattern_of(method::post, "/api/tasks/quick"), "/api/tasks/quick");
    EXPECT_EQ(pattern_of(method::get, "/api/tasks/quick/help"), "/api/tasks/quick/help");
    EXPECT_EQ(pattern_of(method::patch, "/api/tasks/quick/toggle"), "/api/tasks/{id}/toggle");
    const auto found = routes.find(method::patch, "/api/tasks/quick/toggle");
    EXPECT_EQ(std::get<router::match>(found).params, (std::vector<std::string>{"quick"}));
}

TEST(router, APlaceholderTriedInVainLeavesNoParameterBehind) {
    router routes;
    routes.add(method::get, "/a/{x}/b", nothing());
    routes.add(method::get, "/{any}/{y}/c", nothing());
    const auto found = routes.find(method::get, "/a/1/c");
    EXPECT_EQ(std::get<router::match>(found).params, (std::vector<std::string>{"a", "1"}));
}

TEST_F(routed, HeadIsAnsweredByGet) {
    EXPECT_EQ(pattern_of(method::head, "/api/tasks/7"), "/api/tasks/{id}");
}

TEST_F(routed, OtherPathsAreNotFound) {
    for (const char* path : {"", "*", "/api", "/api/", "/api/task", "/api/tasks/", "/api/tasks//toggle", "//api/tasks",
                             "/api/tasks/7/", "/api/tasks/7/toggle/", "/API/tasks", "/api/tasks/7/parts"})
        EXPECT_TRUE(std::holds_alternative<router::not_found>(routes.find(method::get, path))) << path;
}

TEST_F(routed, AnotherMethodIsToldWhichThereAre) {
    const auto allow = [this](method verb, std::string_view path) {
        const auto found = routes.find(verb, path);
        const auto* const wrong = std::get_if<router::wrong_method>(&found);
        return wrong ? wrong->allow : "";
    };
    EXPECT_EQ(allow(method::put, "/api/tasks"), "GET, HEAD, OPTIONS, POST");
    EXPECT_EQ(allow(method::options, "/api/tasks/7"), "DELETE, GET, HEAD, OPTIONS");
    EXPECT_EQ(allow(method::head, "/api/tasks/7/toggle"), "OPTIONS, PATCH");
}

TEST_F(routed, ARouteAddedTwiceIsAMistake) {
    EXPECT_THROW(routes.add(method::get, "/api/tasks/{other}", nothing()), std::logic_error);
    EXPECT_THROW(routes.add(method::get, "api", nothing()), std::logic_error);
}

}  // namespace
}  // namespace rondo::http
