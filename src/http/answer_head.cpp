#include "http/answer_head.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "http/text.hpp"

namespace rondo::http {

namespace {

// Cross-Origin-Resource-Policy does not concern requests made with CORS, so API clients on other origins are not hurt.
constexpr std::string_view security_headers =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Frame-Options: DENY\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Vary: Origin\r\n";
constexpr std::string_view default_content_policy =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
constexpr std::string_view default_cache_control = "Cache-Control: no-store\r\n";
constexpr std::string_view cors_headers =
    "\r\nAccess-Control-Allow-Credentials: true\r\n"
    "Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, X-Request-ID\r\n";

void append_number(std::string& out, std::size_t number) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

bool breaks_lines(std::string_view value) {
    return std::ranges::any_of(value, [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; });
}

bool is_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

bool belongs_to_engine(std::string_view name) {
    return equal_ignoring_case(name, "content-length") || equal_ignoring_case(name, "connection") ||
           equal_ignoring_case(name, "transfer-encoding") || equal_ignoring_case(name, "date");
}

}  // namespace

void check_headers(const response& answer) {
    if (breaks_lines(answer.content_type))
        throw std::logic_error{"a content type with control characters"};
    for (const header& field : answer.headers) {
        if (!is_name(field.name) || breaks_lines(field.value))
            throw std::logic_error{"a response header with control characters: " + field.name};
        if (belongs_to_engine(field.name))
            throw std::logic_error{"a response header that the engine sets itself: " + field.name};
    }
}

void append_head(std::string& out, const response& answer, const answer_context& with) {
    out += "HTTP/1.1 ";
    append_number(out, answer.status);
    out += ' ';
    out += reason_phrase(answer.status);
    out += "\r\nDate: ";
    out += with.date;
    if (!answer.content_type.empty())
        out.append("\r\nContent-Type: ").append(answer.content_type);
    if (answer.status != 204 && answer.status != 304 && !answer.stream) {
        out += "\r\nContent-Length: ";
        append_number(out, answer.body.size());
    }
    if (!with.keep_alive)
        out += "\r\nConnection: close";
    else if (with.http_1_0)
        out += "\r\nConnection: keep-alive";
    out += "\r\nX-Request-ID: ";
    out += with.request_id;
    out += "\r\n";
    out += security_headers;
    if (!with.allowed_origin.empty())
        out.append("Access-Control-Allow-Origin: ").append(with.allowed_origin).append(cors_headers);
    bool has_content_policy = false;
    bool has_cache_control = false;
    for (const auto& [name, value] : answer.headers) {
        has_content_policy = has_content_policy || equal_ignoring_case(name, "content-security-policy");
        has_cache_control = has_cache_control || equal_ignoring_case(name, "cache-control");
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!has_content_policy)
        out += default_content_policy;
    if (!has_cache_control)
        out += default_cache_control;
    out += "\r\n";
}

void add_preflight_headers(response& answer) {
    answer.with("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
        .with("Access-Control-Allow-Headers",
              "authorization, content-type, if-match, if-none-match, idempotency-key, x-request-id, traceparent, "
              "last-event-id")
        .with("Access-Control-Max-Age", "7200");
}

}  // namespace rondo::http
