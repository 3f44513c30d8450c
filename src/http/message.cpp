#include "http/message.hpp"

#include <algorithm>

#include "http/text.hpp"

namespace rondo::http {

namespace {

void append_json_text(std::string& json, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    json += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f) {
            json += "\\u00";
            json += digits[byte >> 4];
            json += digits[byte & 15];
        } else {
            json += c;
        }
    }
    json += '"';
}

}  // namespace

std::optional<std::string_view> request::find_header(std::string_view name) const {
    for (const header& field : headers) {
        if (equal_ignoring_case(field.name, name))
            return field.value;
    }
    return std::nullopt;
}

std::optional<std::string_view> request::find_query(std::string_view name) const {
    const auto found = std::ranges::find(query, name, &header::name);
    return found == query.end() ? std::nullopt : std::optional<std::string_view>{found->value};
}

std::string_view request::trace_id() const {
    // 00-<trace id>-<span id>-<flags>
    return traceparent.size() < 35 ? std::string_view{} : std::string_view{traceparent}.substr(3, 32);
}

response problem(unsigned status, std::string_view type, std::string_view title, std::string_view detail,
                 std::string_view error_id, std::string_view members) {
    response told{.status = status, .content_type = "application/problem+json", .error_id = std::string{error_id}};
    std::string& json = told.body;
    json.reserve(128 + type.size() + title.size() + detail.size() + error_id.size() + members.size());
    json += "{\"type\":";
    append_json_text(json, type);
    json += ",\"title\":";
    append_json_text(json, title);
    json += ",\"status\":";
    json += std::to_string(status);
    json += ",\"detail\":";
    append_json_text(json, detail);
    json += ",\"error_id\":";
    append_json_text(json, error_id);
    json += members;
    json += '}';
    return told;
}

std::string_view reason_phrase(unsigned status) {
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 507:
            return "Insufficient Storage";
        default:
            return "Unknown";
    }
}

}  // namespace rondo::http
