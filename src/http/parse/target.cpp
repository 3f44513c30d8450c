#include "http/parse/target.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "http/text.hpp"

namespace rondo::http {

namespace {

/// The length of the UTF-8 character at the front (RFC 3629: no overlong forms, no surrogates), or 0.
std::size_t character_bytes(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return 1;
    const std::size_t size = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
    if (size == 0 || text.size() < size)
        return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    }
    const unsigned second = byte(1);
    const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool surrogate = lead == 0xed && second > 0x9f;
    const bool beyond = lead == 0xf4 && second > 0x8f;
    return overlong || surrogate || beyond ? 0 : size;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t size = character_bytes(text);
        if (size == 0)
            return false;
        text.remove_prefix(size);
    }
    return true;
}

bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        if (segment == "." || segment == "..")
            return true;
        path.remove_prefix(end);
    }
    return false;
}

bool parse_path(std::string_view raw, std::string& path) {
    if (raw.find('%') == std::string_view::npos) {
        path = raw;
    } else {
        auto decoded = percent_decode(raw, false);
        // An encoded slash would be decoded into a path of other segments.
        if (!decoded || std::ranges::count(*decoded, '/') != std::ranges::count(raw, '/'))
            return false;
        path = std::move(*decoded);
    }
    const auto is_bad = [](char c) { return c == '\\' || (c >= 0 && c < 0x20) || c == 0x7f; };
    return !has_dot_segment(path) && std::ranges::none_of(path, is_bad);
}

bool parse_query(std::string_view raw, std::vector<header>& query) {
    while (!raw.empty()) {
        const std::size_t end = std::min(raw.find('&'), raw.size());
        const std::string_view pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty())
            continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value)
            return false;
        query.push_back({std::move(*name), std::move(*value)});
    }
    return true;
}

bool is_port(std::string_view text) {
    return std::ranges::all_of(text, is_digit);
}

bool is_name(std::string_view text) {
    static constexpr std::string_view others = "-._~!$&'()*+,;=%";  // RFC 3986, section 3.2.2
    const auto belongs = [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || others.contains(c);
    };
    return !text.empty() && std::ranges::all_of(text, belongs) &&
           (!text.contains('%') || percent_decode(text, false).has_value());
}

/// What stands in brackets. A zone ("%eth0") means nothing to us, but some clients send theirs.
bool is_ipv6(std::string_view text) {
    const std::size_t end = std::min(text.find('%'), text.size());
    const std::string address{text.substr(0, end)};
    in6_addr ignored{};
    return ::inet_pton(AF_INET6, address.c_str(), &ignored) == 1 &&
           (end == text.size() || is_name(text.substr(end + 1)));
}

void set_host(std::vector<header>& headers, std::string_view authority) {
    const auto host =
        std::ranges::find_if(headers, [](const header& one) { return equal_ignoring_case(one.name, "host"); });
    if (host != headers.end())
        host->value = authority;
    else
        headers.push_back({"Host", std::string{authority}});
}

bool make_origin_form(request& into) {
    std::string_view rest = into.target;
    const auto scheme = rest.substr(0, rest.find("://"));
    if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https"))
        return false;
    rest.remove_prefix(std::min(scheme.size() + 3, rest.size()));
    const auto authority = rest.substr(0, rest.find_first_of("/?"));
    if (!is_authority(authority))
        return false;
    rest.remove_prefix(authority.size());
    set_host(into.headers, authority);
    if (rest.empty() && into.verb == method::options)
        into.target = "*";  // section 3.2.4: the server as a whole
    else
        into.target = rest.starts_with('/') ? std::string{rest} : "/" + std::string{rest};
    return true;
}

}  // namespace

bool is_authority(std::string_view text) {
    const bool bracketed = text.starts_with('[');
    const std::size_t end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
    if (end == std::string_view::npos)
        return false;
    if (!(bracketed ? is_ipv6(text.substr(1, end - 1)) : is_name(text.substr(0, end))))
        return false;
    text.remove_prefix(end + (bracketed ? 1 : 0));
    return text.empty() || (text.front() == ':' && is_port(text.substr(1)));
}

std::optional<std::string> percent_decode(std::string_view text, bool form) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3)
                return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (form && c == '+') {
            c = ' ';
        }
        if (c == '\0')
            return std::nullopt;
        decoded += c;
    }
    return is_utf8(decoded) ? std::optional{std::move(decoded)} : std::nullopt;
}

bool parse_target(request& into) {
    into.query.clear();
    if (!into.target.starts_with('/') && into.target != "*" && !make_origin_form(into))
        return false;
    if (into.target == "*") {
        into.path = into.target;
        return into.verb == method::options;
    }
    const std::string_view target = into.target;
    const std::size_t mark = std::min(target.find('?'), target.size());
    return parse_path(target.substr(0, mark), into.path) &&
           parse_query(target.substr(std::min(mark + 1, target.size())), into.query);
}

}  // namespace rondo::http
