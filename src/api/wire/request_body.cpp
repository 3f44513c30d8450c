#include "api/wire/request_body.hpp"

#include <algorithm>

#include "api/wire/json_reader.hpp"

namespace rondo {

namespace {

std::string lower_case(std::string_view ascii) {
    std::string lower{ascii};
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

bool is_json(std::string_view type) {
    return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

/// The value of the first `charset` of a Content-Type, in lower case and without quotes (RFC 9110, section 5.6.6);
/// utf-8 where there is none, as JSON is.
std::string charset_of(std::string_view content_type) {
    std::string_view rest = content_type.substr(std::min(content_type.find(';'), content_type.size()));
    while (!rest.empty()) {
        rest.remove_prefix(1);
        // To the next semicolon outside quotes.
        bool is_quoted = false;
        std::size_t end = 0;
        for (; end < rest.size() && (is_quoted || rest[end] != ';'); ++end) {
            if (rest[end] == '"')
                is_quoted = !is_quoted;
            else if (is_quoted && rest[end] == '\\' && end + 1 < rest.size())
                ++end;
        }
        const std::string parameter = lower_case(trimmed(rest.substr(0, end)));
        rest.remove_prefix(end);
        constexpr std::string_view name = "charset=";
        if (!parameter.starts_with(name))
            continue;
        std::string value;
        for (const char c : parameter.substr(name.size()))
            if (c != '"' && c != '\\')
                value += c;
        return value;
    }
    return "utf-8";
}

result<void> check_content_type(const http::request& asked) {
    const auto content_type = asked.find_header("Content-Type");
    if (!content_type || !is_json(media_type(*content_type)))
        return fail(errc::unsupported_content, "Send the body as JSON in UTF-8, with Content-Type: application/json.");
    const std::string charset = charset_of(*content_type);
    if (charset != "utf-8" && charset != "utf8")
        return fail(errc::unsupported_content,
                    "The charset " + (is_clean_text(charset) ? shown(charset) : "of the Content-Type") +
                        " is not read; send the body as JSON in UTF-8, with Content-Type: application/json.");
    return {};
}

}  // namespace

std::string media_type(std::string_view content_type) {
    return lower_case(trimmed(content_type.substr(0, content_type.find(';'))));
}

result<boost::json::object> read_json_object(const http::request& asked) {
    if (asked.body.empty())
        return fail(errc::no_body, "The request has no body; send a JSON object.");
    if (auto said = check_content_type(asked); !said)
        return std::unexpected(std::move(said.error()));
    auto parsed = parse_json(asked.body);
    if (!parsed)
        return std::unexpected(std::move(parsed.error()));
    if (!parsed->is_object())
        return std::unexpected(error{.code = errc::invalid,
                                     .detail = "The body is not a JSON object.",
                                     .faults = {{"", "must be a JSON object"}}});
    return std::move(parsed->get_object());
}

result<boost::json::object> read_optional_json_object(const http::request& asked) {
    return asked.body.empty() ? boost::json::object{} : read_json_object(asked);
}

}  // namespace rondo
