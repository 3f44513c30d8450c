#include "api/wire/problems.hpp"

#include <utility>

#include "api/wire/text.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"

namespace rondo {

namespace {

struct problem_row {
    unsigned status;
    std::string_view type;
    std::string_view title;
};

/// Every reason has its row; the compiler warns of a missing one.
problem_row row_of(errc code) {
    switch (code) {
        case errc::malformed:
            return {400, "urn:rondo:problem:malformed", "The body is not JSON that can be read"};
        case errc::malformed_header:
            return {400, "urn:rondo:problem:malformed-header", "A header field cannot be read"};
        case errc::malformed_form:
            return {400, "urn:rondo:problem:malformed-form", "The body is not a form that can be read"};
        case errc::no_body:
            return {400, "urn:rondo:problem:no-body", "The request has no body"};
        case errc::invalid:
            return {422, "urn:rondo:problem:invalid", "The request does not fit"};
        case errc::unauthenticated:
            return {401, "urn:rondo:problem:unauthenticated", "You are not logged in"};
        case errc::wrong_credentials:
            return {401, "urn:rondo:problem:wrong-credentials", "Wrong e-mail or password"};
        case errc::forbidden:
            return {403, "urn:rondo:problem:forbidden", "You may not do this"};
        case errc::not_found:
            return {404, "urn:rondo:problem:not-found", "Not found"};
        case errc::email_taken:
            return {409, "urn:rondo:problem:email-taken", "The e-mail address is taken"};
        case errc::tag_name_taken:
            return {409, "urn:rondo:problem:tag-name-taken", "The tag's name is taken"};
        case errc::conflict:
            return {409, "urn:rondo:problem:conflict", "The present state does not allow this"};
        case errc::version_mismatch:
            return {412, "urn:rondo:problem:version-mismatch", "If-Match does not name the present version"};
        case errc::unsupported_content:
            return {415, "urn:rondo:problem:unsupported-content", "The content type is not supported"};
        case errc::too_many_requests:
            return {429, "urn:rondo:problem:too-many-requests", "Too many requests"};
        case errc::unavailable:
            return {503, "urn:rondo:problem:unavailable", "Not available for now"};
    }
    std::unreachable();
}

std::string errors_member(const std::vector<fault>& faults) {
    std::string json = ",\"errors\":[";
    for (const fault& one : faults) {
        if (json.back() != '[')
            json += ',';
        json += "{\"pointer\":";
        append_json_string(json, one.pointer);
        json += ",\"message\":";
        append_json_string(json, one.message);
        json += '}';
    }
    return json + ']';
}

std::string new_error_id() {
    static system_random random;
    return to_string(make_uuid_v7(system_clock{}.now(), random));
}

}  // namespace

http::response problem_response(const error& reason) {
    const auto [status, type, title] = row_of(reason.code);
    const std::string members = reason.code == errc::invalid ? errors_member(reason.faults) : std::string{};
    auto answer = http::problem(status, type, title, reason.detail, new_error_id(), members);
    if (status == 401)
        answer.with("WWW-Authenticate", "Bearer realm=\"rondo\"");
    if (reason.retry_after)
        answer.with("Retry-After", std::to_string(reason.retry_after->count()));
    else if (status == 429 || status == 503)
        answer.with("Retry-After", "2");
    return answer;
}

}  // namespace rondo
