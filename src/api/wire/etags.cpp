#include "api/wire/etags.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "api/wire/text.hpp"
#include "http/text.hpp"

namespace rondo {

namespace {

/// RFC 9110, section 8.8.3: what may stand between the quotes.
bool is_tag_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && byte != '"';
}

/// Takes an entity tag off the front.
std::optional<entity_tag> take_tag(std::string_view& rest) {
    entity_tag taken{.opaque = {}, .weak = rest.starts_with("W/")};
    if (taken.weak)
        rest.remove_prefix(2);
    const auto end = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos || !std::ranges::all_of(rest.substr(1, end - 1), is_tag_byte))
        return std::nullopt;
    taken.opaque = rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
    return taken;
}

/// `*` or a list with commas between, empty elements among them (section 5.6.1).
std::optional<etag_condition> parse_condition(std::string_view rest) {
    etag_condition read;
    bool separated = true;
    for (;;) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (rest.empty())
            return read;
        if (rest.front() == ',') {
            separated = true;
            rest.remove_prefix(1);
            continue;
        }
        if (!separated || read.any)
            return std::nullopt;
        separated = false;
        if (rest.front() == '*') {
            if (!read.tags.empty())
                return std::nullopt;
            read.any = true;
            rest.remove_prefix(1);
        } else if (auto tag = take_tag(rest)) {
            read.tags.push_back(*std::move(tag));
        } else {
            return std::nullopt;
        }
    }
}

/// A field that may stand in several lines, as one list (section 5.3).
std::optional<std::string> joined(const http::request& asked, std::string_view name) {
    std::optional<std::string> value;
    for (const http::header& field : asked.headers) {
        if (!http::equal_ignoring_case(field.name, name))
            continue;
        value = value ? *value + "," + field.value : field.value;
    }
    return value;
}

/// Some proxies mark a strong tag with the coding that they have applied: "3-gzip", or "3--gzip" as Jetty does, or "3;gzip".
std::string without_coding(std::string_view opaque) {
    for (const std::string_view mark : {"--", "-", ";"})
        for (const std::string_view coding : {"gzip\"", "br\"", "zstd\"", "deflate\""}) {
            const std::string end = std::string{mark}.append(coding);
            if (opaque.ends_with(end))
                return std::string{opaque.substr(0, opaque.size() - end.size())} + '"';
        }
    return std::string{opaque};
}

/// `"3"` of `"3-9f"`.
std::string version_alone(std::string_view etag) {
    return std::string{etag.substr(0, etag.find_first_of("-\"", 1))} + '"';
}

std::string text_of(std::string_view opaque) {
    return is_clean_text(opaque) ? cut(opaque) : std::string{"\"…\""};
}

}  // namespace

result<etag_condition> read_if_match(const http::request& asked) {
    const auto value = joined(asked, "If-Match");
    if (!value)
        return etag_condition{.any = true, .tags = {}};
    auto read = parse_condition(*value);
    if (!read || (!read->any && read->tags.empty()))
        return fail(errc::malformed_header,
                    "If-Match is neither * nor a list of entity tags; send ETag as it came, quotes and all: \"3\".");
    return *std::move(read);
}

result<bool> holds(const etag_condition& if_match, std::string_view etag) {
    const auto is_same = [etag, version = version_alone(etag)](const entity_tag& one) {
        return !one.weak && (one.opaque == etag || one.opaque == version);
    };
    if (if_match.any || std::ranges::any_of(if_match.tags, is_same))
        return true;
    const auto is_changed = [etag](const entity_tag& one) { return without_coding(one.opaque) == etag; };
    auto changed = std::ranges::find_if(if_match.tags, is_changed);
    if (changed == if_match.tags.end() && std::ranges::all_of(if_match.tags, &entity_tag::weak))
        changed = if_match.tags.begin();
    if (changed == if_match.tags.end())
        return false;
    const std::string meant = text_of(without_coding(changed->opaque));
    if (changed->weak)
        return fail(errc::version_mismatch, "If-Match was sent the weak tag W/" + text_of(changed->opaque) +
                                                ", and a weak tag never matches (RFC 9110, section 13.1.1). A proxy "
                                                "that compresses has probably made it weak: send " +
                                                meant + ".");
    return fail(errc::version_mismatch, "If-Match was sent " + text_of(changed->opaque) +
                                            ", which a proxy that compresses has probably made of " + meant +
                                            ": send that.");
}

bool is_known(const http::request& asked, std::string_view etag) {
    const auto value = joined(asked, "If-None-Match");
    const auto condition = value ? parse_condition(*value) : std::nullopt;
    return condition &&
           (condition->any || std::ranges::find(condition->tags, etag, &entity_tag::opaque) != condition->tags.end());
}

}  // namespace rondo
