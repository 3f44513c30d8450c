#pragma once
// The payload of an access token, read strictly.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rondo {

/// The claims every token of ours has, as they stand in it (RFC 7519, section 4.1). Times are in seconds since 1970.
struct raw_claims {
    std::string issuer, audience, subject, session, token_id;
    std::int64_t issued_at = 0, not_before = 0, expires_at = 0;
};

std::string write_claims(const raw_claims& claims);

/// Reads one flat JSON object of unescaped ASCII strings and whole numbers, without white space: what write_claims()
/// writes, in any order, and claims of that form that a later version may add. Nothing for any other text: a claim that
/// is missing or stands twice, a time that is a string, a fraction, negative or past the year 9999.
std::optional<raw_claims> read_claims(std::string_view json);

}  // namespace rondo
