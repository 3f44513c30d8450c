#include "auth/tokens.hpp"

#include <algorithm>
#include <span>

#include <openssl/crypto.h>

#include "auth/base64url.hpp"
#include "auth/claims.hpp"

namespace rondo {
namespace {

/// {"alg":"HS256","typ":"at+jwt"}: every token's header, byte for byte. Nothing in a header is ever obeyed.
constexpr std::string_view encoded_header = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9";
constexpr std::string_view issuer = "rondo";
constexpr std::string_view audience = "rondo";

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text});
}

}  // namespace

tokens::tokens(std::string secret, std::chrono::minutes lifetime) : sign_{secret}, lifetime_{lifetime} {
    OPENSSL_cleanse(secret.data(), secret.size());
}

tokens::~tokens() = default;

std::string tokens::issue(user_id subject, session_id session, instant now) const {
    const auto at = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
    const raw_claims claims{.issuer = std::string{issuer},
                            .audience = std::string{audience},
                            .subject = to_string(subject),
                            .session = to_string(session),
                            .token_id = next_token_id(session, now),
                            .issued_at = at.count(),
                            .not_before = at.count(),
                            .expires_at = (at + lifetime()).count()};
    std::string token{encoded_header};
    token += '.';
    token += base64url_encode(bytes_of(write_claims(claims)));
    const auto signature = sign_(token);
    token += '.';
    token += base64url_encode(signature);
    return token;
}

std::optional<access_claims> tokens::verify(std::string_view token, instant now) const {
    if (token.size() > token_bytes_max || !token.starts_with(encoded_header))
        return std::nullopt;
    const auto header_end = encoded_header.size();
    const auto signed_end = token.rfind('.');
    if (token.size() == header_end || token[header_end] != '.' || signed_end == header_end)
        return std::nullopt;

    const auto signature = base64url_decode(token.substr(signed_end + 1));
    std::array<std::byte, 32> claimed;
    if (!signature || signature->size() != claimed.size())
        return std::nullopt;
    std::ranges::copy(*signature, claimed.begin());
    if (!equal_in_constant_time(claimed, sign_(token.substr(0, signed_end))))
        return std::nullopt;

    const auto payload = base64url_decode(token.substr(header_end + 1, signed_end - header_end - 1));
    if (!payload)
        return std::nullopt;
    const auto claims = read_claims({reinterpret_cast<const char*>(payload->data()), payload->size()});
    if (!claims || claims->issuer != issuer || claims->audience != audience || claims->token_id.empty())
        return std::nullopt;
    const auto subject = parse_id<user_id>(claims->subject);
    const auto session = parse_id<session_id>(claims->session);
    if (!subject || !session)
        return std::nullopt;

    const auto at = [](std::int64_t seconds) { return instant{std::chrono::seconds{seconds}}; };
    const bool begun = now + token_skew >= at(std::max(claims->not_before, claims->issued_at));
    const bool ended = now >= at(claims->expires_at) + token_skew;
    if (!begun || ended || claims->expires_at <= claims->issued_at)
        return std::nullopt;
    return access_claims{*subject, *session, at(claims->issued_at), at(claims->expires_at)};
}

/// Another one at each call, though nothing random is asked for: a keyed hash of the session, the time and a count.
std::string tokens::next_token_id(session_id session, instant now) const {
    const auto made = sign_("jti " + to_string(session) + ' ' + std::to_string(now.time_since_epoch().count()) + ' ' +
                            std::to_string(issued_.fetch_add(1, std::memory_order_relaxed)));
    return base64url_encode(std::span{made}.first(16));
}

}  // namespace rondo
