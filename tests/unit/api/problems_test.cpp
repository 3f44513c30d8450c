#include "api/wire/problems.hpp"

#include <set>

#include <gmock/gmock.h>
#include <boost/json/parse.hpp>

#include "base/ids.hpp"

namespace rondo {
namespace {

namespace json = boost::json;

std::optional<std::string> header_of(const http::response& answer, std::string_view name) {
    for (const http::header& one : answer.headers)
        if (one.name == name)
            return one.value;
    return std::nullopt;
}

TEST(problem, HasTheStatusAndTypeOfItsReason) {
    const struct {
        errc code;
        unsigned status;
        const char* type;
    } rows[] = {{errc::malformed, 400, "malformed"},
                {errc::malformed_header, 400, "malformed-header"},
                {errc::malformed_form, 400, "malformed-form"},
                {errc::no_body, 400, "no-body"},
                {errc::invalid, 422, "invalid"},
                {errc::unauthenticated, 401, "unauthenticated"},
                {errc::wrong_credentials, 401, "wrong-credentials"},
                {errc::forbidden, 403, "forbidden"},
                {errc::not_found, 404, "not-found"},
                {errc::email_taken, 409, "email-taken"},
                {errc::tag_name_taken, 409, "tag-name-taken"},
                {errc::conflict, 409, "conflict"},
                {errc::version_mismatch, 412, "version-mismatch"},
                {errc::unsupported_content, 415, "unsupported-content"},
                {errc::too_many_requests, 429, "too-many-requests"},
                {errc::unavailable, 503, "unavailable"}};
    std::set<std::string> titles;
    for (const auto& row : rows) {
        const auto answer = problem_response({.code = row.code, .detail = "Do \"this\"."});
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(answer.content_type, "application/problem+json");
        const auto document = json::parse(answer.body).as_object();
        EXPECT_EQ(document.at("type").as_string(), std::string{"urn:rondo:problem:"} + row.type);
        EXPECT_EQ(document.at("status"), row.status);
        EXPECT_EQ(document.at("detail"), "Do \"this\".");
        EXPECT_EQ(document.at("error_id").as_string(), answer.error_id);
        EXPECT_TRUE(parse_uuid(answer.error_id));
        titles.insert(std::string{document.at("title").as_string()});
        EXPECT_EQ(header_of(answer, "WWW-Authenticate").has_value(), row.status == 401);
        EXPECT_EQ(header_of(answer, "Retry-After").has_value(), row.status == 429 || row.status == 503);
        EXPECT_EQ(document.contains("errors"), row.status == 422);
    }
    EXPECT_EQ(titles.size(), std::size(rows));
}

TEST(problem, NamesItsFaultsAndWhenToTryAgain) {
    const auto answer =
        problem_response({.code = errc::invalid, .detail = "x", .faults = {{"/a\"b", "is\nbad"}, {"?q", "too"}}});
    EXPECT_EQ(json::parse(answer.body).at("errors"),
              json::parse(R"([{"pointer":"/a\"b","message":"is\nbad"},{"pointer":"?q","message":"too"}])"));
    EXPECT_EQ(header_of(problem_response({.code = errc::too_many_requests,
                                          .detail = "x",
                                          .faults = {},
                                          .retry_after = std::chrono::seconds{30}}),
                        "Retry-After"),
              "30");
}

}  // namespace
}  // namespace rondo
