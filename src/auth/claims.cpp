#include "auth/claims.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace rondo {
namespace {

constexpr std::size_t claims_max = 32;
constexpr std::int64_t time_max = 253'402'300'799;  // the end of the year 9999

struct claim {
    std::string_view name;
    std::string_view value;
    bool is_text;
};

/// Takes the text apart from its front.
class reader {
public:
    explicit reader(std::string_view text) : rest_{text} {}

    bool take(char expected) {
        if (!rest_.starts_with(expected))
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// A string's content; nothing for one with an escape, a control character or a byte beyond ASCII.
    std::optional<std::string_view> take_string() {
        if (!take('"'))
            return std::nullopt;
        const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
        const auto end = std::ranges::find_if_not(rest_, plain);
        const auto content = take_front(static_cast<std::size_t>(end - rest_.begin()));
        return take('"') ? std::optional{content} : std::nullopt;
    }

    /// The digits of a whole number that is not negative, as JSON writes it.
    std::optional<std::string_view> take_digits() {
        const auto end = std::ranges::find_if_not(rest_, [](char c) { return c >= '0' && c <= '9'; });
        const auto digits = take_front(static_cast<std::size_t>(end - rest_.begin()));
        const bool fits = !digits.empty() && digits.size() <= 12 && (digits.size() == 1 || digits.front() != '0');
        return fits ? std::optional{digits} : std::nullopt;
    }

    bool starts_string() const { return rest_.starts_with('"'); }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view take_front(std::size_t count) {
        const auto front = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return front;
    }

    std::string_view rest_;
};

std::optional<std::vector<claim>> read_object(std::string_view json) {
    reader from{json};
    std::vector<claim> claims;
    if (!from.take('{'))
        return std::nullopt;
    do {
        const auto name = from.take_string();
        if (!name || !from.take(':') || claims.size() == claims_max)
            return std::nullopt;
        const bool is_text = from.starts_string();
        const auto value = is_text ? from.take_string() : from.take_digits();
        if (!value || std::ranges::find(claims, *name, &claim::name) != claims.end())
            return std::nullopt;
        claims.push_back({*name, *value, is_text});
    } while (from.take(','));
    return from.take('}') && from.at_end() ? std::optional{std::move(claims)} : std::nullopt;
}

void append_text(std::string& json, std::string_view name, std::string_view value) {
    json.append(json.empty() ? "{\"" : ",\"").append(name).append("\":\"").append(value).append("\"");
}

void append_number(std::string& json, std::string_view name, std::int64_t value) {
    json.append(",\"").append(name).append("\":").append(std::to_string(value));
}

}  // namespace

std::string write_claims(const raw_claims& claims) {
    std::string json;
    append_text(json, "iss", claims.issuer);
    append_text(json, "aud", claims.audience);
    append_text(json, "sub", claims.subject);
    append_text(json, "sid", claims.session);
    append_text(json, "jti", claims.token_id);
    append_number(json, "iat", claims.issued_at);
    append_number(json, "nbf", claims.not_before);
    append_number(json, "exp", claims.expires_at);
    json += '}';
    return json;
}

std::optional<raw_claims> read_claims(std::string_view json) {
    const auto claims = read_object(json);
    if (!claims)
        return std::nullopt;
    bool complete = true;
    const auto find = [&](std::string_view name, bool is_text) -> std::string_view {
        const auto found = std::ranges::find(*claims, name, &claim::name);
        const bool fits = found != claims->end() && found->is_text == is_text;
        complete = complete && fits;
        return fits ? found->value : std::string_view{};
    };
    const auto text = [&](std::string_view name) { return std::string{find(name, true)}; };
    const auto time = [&](std::string_view name) {
        const auto digits = find(name, false);
        std::int64_t value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        complete = complete && value <= time_max;
        return value;
    };
    raw_claims read{.issuer = text("iss"),
                    .audience = text("aud"),
                    .subject = text("sub"),
                    .session = text("sid"),
                    .token_id = text("jti"),
                    .issued_at = time("iat"),
                    .not_before = time("nbf"),
                    .expires_at = time("exp")};
    return complete ? std::optional{std::move(read)} : std::nullopt;
}

}  // namespace rondo
