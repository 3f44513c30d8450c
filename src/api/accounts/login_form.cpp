#include "api/accounts/login_form.hpp"

#include <optional>
#include <string>

#include "api/wire/text.hpp"

namespace rondo {
namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// Undoes the form's escapes; nothing if one is broken.
std::optional<std::string> decode(std::string_view escaped) {
    std::string plain;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        if (escaped[i] == '+') {
            plain += ' ';
        } else if (escaped[i] != '%') {
            plain += escaped[i];
        } else {
            const auto high = i + 2 < escaped.size() ? hex_digit(escaped[i + 1]) : std::nullopt;
            const auto low = high ? hex_digit(escaped[i + 2]) : std::nullopt;
            if (!low)
                return std::nullopt;
            plain += static_cast<char>(*high * 16 + *low);
            i += 2;
        }
    }
    return plain;
}

std::string_view take_until(std::string_view& rest, char end) {
    const auto at = rest.find(end);
    const auto front = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
    return front;
}

}  // namespace

result<boost::json::object> read_login_form(std::string_view body) {
    boost::json::object fields;
    for (std::size_t count = 0; !body.empty(); ++count) {
        if (count == form_fields_max)
            return fail(errc::malformed_form, "The form has too many fields.");
        std::string_view pair = take_until(body, '&');
        const auto name = decode(take_until(pair, '='));
        const auto value = decode(pair);
        if (!name || !value || !is_clean_text(*name) || !is_clean_text(*value))
            return fail(errc::malformed_form,
                        "The form is not correctly encoded: escapes are %XX, and the text is UTF-8.");
        if (*name != "username" && *name != "password")
            continue;
        if (!fields.emplace(*name == "username" ? "email" : "password", *value).second)
            return fail(errc::malformed_form, "The form has a field twice.");
    }
    return fields;
}

}  // namespace rondo
