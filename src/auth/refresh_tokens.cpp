#include "auth/refresh_tokens.hpp"

#include <sodium.h>

#include "auth/base64url.hpp"

namespace rondo {
namespace {

constexpr std::size_t token_bytes = 32;

std::array<std::byte, 32> sha256(std::span<const std::byte> bytes) {
    std::array<std::byte, 32> digest;
    static_assert(digest.size() == crypto_hash_sha256_BYTES);
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return digest;
}

}  // namespace

new_refresh_token make_refresh_token(random_source& random) {
    std::array<std::byte, token_bytes> bytes;
    random.fill(bytes);
    return {base64url_encode(bytes), sha256(bytes)};
}

std::optional<std::array<std::byte, 32>> refresh_token_digest(std::string_view text) {
    if (text.size() != 43)
        return std::nullopt;
    const auto bytes = base64url_decode(text);
    return bytes ? std::optional{sha256(*bytes)} : std::nullopt;
}

}  // namespace rondo
