#include "http/engine_problem.hpp"

namespace rondo::http {

namespace {

std::string_view type_of(unsigned status) {
    switch (status) {
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
    return problem(status, type_of(status), reason_phrase(status), detail, error_id);
}

response unreadable_problem(unreadable what, std::string_view detail, std::string_view error_id) {
    // "Bad Request" would say nothing of what is bad.
    const auto told = [&](std::string_view type, std::string_view title) {
        return problem(400, type, title, detail, error_id);
    };
    switch (what) {
        case unreadable::request_line:
            break;
        case unreadable::header:
            return told("urn:rondo:problem:malformed-header", "A header field cannot be read");
        case unreadable::no_host:
            return told("urn:rondo:problem:host-missing", "The Host header is missing");
        case unreadable::host:
            return told("urn:rondo:problem:malformed-host", "The Host header is not one host");
        case unreadable::length:
            return told("urn:rondo:problem:malformed-length", "The length of the body cannot be told");
        case unreadable::chunks:
            return told("urn:rondo:problem:malformed-chunks", "The chunks of the body cannot be read");
    }
    return told("urn:rondo:problem:malformed-request", "The request line cannot be read");
}

}  // namespace rondo::http
