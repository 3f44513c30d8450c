#include "telemetry/otlp/settings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"

namespace rondo::otlp {
namespace {

constexpr std::string_view default_service_name = "rondo";

[[noreturn]] void refuse(std::string_view variable, std::string_view value, std::string_view allowed) {
    throw fatal{78,
                std::string{variable} + " is \"" + std::string{value} + "\"; allowed is " + std::string{allowed} + "."};
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        unsigned value = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || failed != std::errc{} || end != digits.data() + 2)
            return std::nullopt;
        plain += static_cast<char>(value);
        i += 2;
    }
    return plain;
}

/// `name=value,name=value`, percent-encoded; nothing for any other text.
std::optional<pairs> read_pairs(std::string_view text) {
    pairs found;
    while (!trim(text).empty()) {
        const auto comma = text.find(',');
        const auto one = trim(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        if (one.empty())
            continue;
        const auto equals = one.find('=');
        const auto name = trim(one.substr(0, equals));
        if (equals == std::string_view::npos || name.empty())
            return std::nullopt;
        auto value = percent_decoded(trim(one.substr(equals + 1)));
        if (!value)
            return std::nullopt;
        found.emplace_back(name, std::move(*value));
    }
    return found;
}

bool is_header_name(std::string_view name) {
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool is_header_value(std::string_view value) {
    return std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void read_endpoint(settings& into, std::string_view variable, std::string_view url, std::string_view suffix) {
    if (url.starts_with("https://"))
        refuse(variable, url, "http:// only: this version speaks no TLS to a collector, so put one on this machine");
    constexpr std::string_view allowed = "a URL such as http://127.0.0.1:4318";
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme) || std::ranges::any_of(url, [](char c) { return c <= ' ' || c >= 0x7f; }))
        refuse(variable, url, allowed);
    auto rest = url.substr(scheme.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    std::string target{rest.substr(slash)};
    if (authority.contains('@') || target.contains('#'))
        refuse(variable, url, allowed);
    if (!suffix.empty()) {
        while (target.ends_with('/'))
            target.pop_back();
        target += suffix;
    }
    into.target = target.empty() ? "/" : target;
    into.port = "80";
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        into.port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
        unsigned port = 0;
        const auto [end, failed] = std::from_chars(into.port.data(), into.port.data() + into.port.size(), port);
        if (failed != std::errc{} || end != into.port.data() + into.port.size() || port < 1 || port > 65'535)
            refuse(variable, url, allowed);
    }
    into.host =
        authority.starts_with('[') && authority.ends_with(']') ? authority.substr(1, authority.size() - 2) : authority;
    if (into.host.empty())
        refuse(variable, url, allowed);
}

sampling read_sampler(const variables& given) {
    sampling read;
    std::string_view name = given.sampler.empty() ? std::string_view{"parentbased_always_on"} : given.sampler;
    read.parent_decides = name.starts_with("parentbased_");
    if (read.parent_decides)
        name.remove_prefix(std::string_view{"parentbased_"}.size());
    if (name == "always_on") {
        read.root = sampling::rule::always_on;
    } else if (name == "always_off") {
        read.root = sampling::rule::always_off;
    } else if (name == "traceidratio") {
        read.root = sampling::rule::ratio;
        double ratio = 1;
        const auto& text = given.sampler_arg;
        if (!text.empty()) {
            const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), ratio);
            if (failed != std::errc{} || end != text.data() + text.size() || !(ratio >= 0 && ratio <= 1))
                refuse("OTEL_TRACES_SAMPLER_ARG", text, "a number from 0 to 1");
        }
        read.below = ratio >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(std::ldexp(ratio, 64));
    } else {
        refuse("OTEL_TRACES_SAMPLER", given.sampler,
               "always_on, always_off or traceidratio, each also after parentbased_");
    }
    return read;
}

}  // namespace

bool sampling::wants(std::string_view traceparent, span_parent parent) const {
    const bool sampled = std::string_view{"13579bdf"}.contains(traceparent.back());
    if (parent_decides && parent == span_parent::remote)
        return sampled;
    // Of a span under one of ours the flag says nothing: every trace begun here carries it. The same rule gives the same answer for all spans
    // of a trace, since it looks at nothing but the trace id.
    switch (root) {
        case rule::always_on:
            return true;
        case rule::always_off:
            return false;
        case rule::ratio:
            break;
    }
    std::uint64_t tail = 0;
    const auto digits = traceparent.substr(3 + 16, 16);
    std::from_chars(digits.data(), digits.data() + digits.size(), tail, 16);
    return tail < below;
}

std::optional<settings> check(const variables& given) {
    std::string disabled = given.disabled;
    std::ranges::transform(disabled, disabled.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (!disabled.empty() && disabled != "true" && disabled != "false")
        refuse("OTEL_SDK_DISABLED", given.disabled, "true or false");
    if (disabled == "true" || (given.endpoint.empty() && given.traces_endpoint.empty()))
        return std::nullopt;

    settings read;
    if (!given.traces_endpoint.empty())
        read_endpoint(read, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", given.traces_endpoint, "");
    else
        read_endpoint(read, "OTEL_EXPORTER_OTLP_ENDPOINT", given.endpoint, "/v1/traces");

    const auto headers = read_pairs(given.headers);
    if (!headers || !std::ranges::all_of(*headers, [](const auto& one) {
            return is_header_name(one.first) && is_header_value(one.second);
        }))
        refuse("OTEL_EXPORTER_OTLP_HEADERS", "(not shown)", "a list such as name=value,name=value");
    read.headers = *headers;

    if (!given.timeout.empty()) {
        int ms = 0;
        const auto [end, failed] =
            std::from_chars(given.timeout.data(), given.timeout.data() + given.timeout.size(), ms);
        if (failed != std::errc{} || end != given.timeout.data() + given.timeout.size() || ms < 1)
            refuse("OTEL_EXPORTER_OTLP_TIMEOUT", given.timeout, "a number of milliseconds");
        read.timeout = std::chrono::milliseconds{ms};
    }

    auto resource = read_pairs(given.resource_attributes);
    if (!resource)
        refuse("OTEL_RESOURCE_ATTRIBUTES", given.resource_attributes, "a list such as name=value,name=value");
    // OTEL_SERVICE_NAME wins over the attribute; our default does not.
    const auto named = std::ranges::find(*resource, "service.name", &pairs::value_type::first);
    if (named == resource->end())
        resource->emplace_back("service.name", given.service_name.empty() ? default_service_name : given.service_name);
    else if (!given.service_name.empty() && given.service_name != default_service_name)
        named->second = given.service_name;
    read.resource = *resource;

    read.sampler = read_sampler(given);
    const bool never = read.sampler.root == sampling::rule::always_off && !read.sampler.parent_decides;
    return never ? std::nullopt : std::optional{read};
}

}  // namespace rondo::otlp
