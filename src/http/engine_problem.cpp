#include "http/engine_problem.hpp"

namespace rondo::http {

namespace {

std::string_view type_of(unsigned status) {
    switch (status) {
        case 400:
            return "urn:rondo:problem:malformed-request";
        case 404:
            return "urn:rondo:problem:not-found";
        case 405:
            return "urn:rondo:problem:method-not-allowed";
        case 408:
            return "urn:rondo:problem:request-timeout";
        case 413:
            return "urn:rondo:problem:content-too-large";
        case 414:
            return "urn:rondo:problem:target-too-long";
        case 415:
            return "urn:rondo:problem:unsupported-content";
        case 417:
            return "urn:rondo:problem:expectation-failed";
        case 431:
            return "urn:rondo:problem:header-too-large";
        case 501:
            return "urn:rondo:problem:method-unknown";
        case 503:
            return "urn:rondo:problem:unavailable";
        default:
            return "urn:rondo:problem:internal";
    }
}

}  // namespace

response engine_problem(unsigned status, std::string_view detail, std::string_view error_id) {
    // "Bad Request" would say nothing of what is bad.
    const std::string_view title = status == 400 ? "The request is not valid HTTP" : reason_phrase(status);
    return problem(status, type_of(status), title, detail, error_id);
}

}  // namespace rondo::http
