#include "api/request_body.hpp"

#include <algorithm>

#include "api/json_reader.hpp"

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

/// Whether the parameters name no other charset than UTF-8.
bool is_utf8(std::string_view content_type) {
    std::size_t end = content_type.find(';');
    while (end != std::string_view::npos) {
        content_type.remove_prefix(end + 1);
        end = content_type.find(';');
        const std::string parameter = lower_case(trimmed(content_type.substr(0, end)));
        if (parameter.starts_with("charset=") && parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"")
            return false;
    }
    return true;
}

}  // namespace

std::string media_type(std::string_view content_type) {
    return lower_case(trimmed(content_type.substr(0, content_type.find(';'))));
}

result<boost::json::object> read_json_object(const http::request& asked) {
    if (asked.body.empty())
        return fail(errc::malformed, "The request has no body; send a JSON object.");
    const auto content_type = asked.find_header("Content-Type");
    if (!content_type || !is_json(media_type(*content_type)) || !is_utf8(*content_type))
        return fail(errc::unsupported_content, "Send the body as JSON in UTF-8, with Content-Type: application/json.");
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
