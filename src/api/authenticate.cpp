#include "api/authenticate.hpp"

#include <algorithm>

namespace rondo {
namespace {

bool equal_without_case(std::string_view a, std::string_view lower) {
    return std::ranges::equal(a, lower, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

/// The credentials of `Authorization: Bearer …` (RFC 6750, section 2.1); nothing if they are not there, or there twice.
std::optional<std::string_view> bearer_token(const http::request& asked) {
    std::optional<std::string_view> value;
    for (const http::header& sent : asked.headers) {
        if (!equal_without_case(sent.name, "authorization"))
            continue;
        if (value)
            return std::nullopt;
        value = sent.value;
    }
    constexpr std::string_view scheme = "bearer";
    if (!value || !equal_without_case(value->substr(0, scheme.size()), scheme))
        return std::nullopt;
    const auto start = value->find_first_not_of(' ', scheme.size());
    if (start == std::string_view::npos || start == scheme.size())
        return std::nullopt;
    return value->substr(start);
}

}  // namespace

result<access_claims> read_bearer_token(const services& with, const http::request& asked) {
    if (!asked.find_header("authorization"))
        return fail(errc::unauthenticated, "Log in first, and send the access token as \"Authorization: Bearer …\".");
    const auto token = bearer_token(asked);
    const auto claims = token ? with.access_tokens.verify(*token, with.time.now()) : std::nullopt;
    if (!claims)
        return fail(errc::unauthenticated, "The access token is not valid or has expired; log in again.");
    return *claims;
}

async<result<caller>> authenticate(const services& with, const http::request& asked) {
    const auto claims = read_bearer_token(with, asked);
    if (!claims)
        co_return std::unexpected(claims.error());
    const session_id session = claims->session;
    auto found = co_await read(with.data, [session](const transaction& tx) { return tx.find_session_user(session); });
    // The same words as for a bad token: a forger learns nothing of sessions.
    if (!found || found->id != claims->subject)
        co_return fail(errc::unauthenticated, "The access token is not valid or has expired; log in again.");
    asked.user = to_string(found->id);
    co_return caller{.user = *std::move(found),
                     .session = session,
                     .until = claims->expires_at,
                     .who = {claims->subject, asked.traceparent}};
}

}  // namespace rondo
