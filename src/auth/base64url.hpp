#pragma once
// Bytes as base64url without padding (RFC 4648, section 5; RFC 7515, section 2), in one spelling only.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

std::string base64url_encode(std::span<const std::byte> bytes);

/// The bytes of a text that base64url_encode() could have written. Nothing for padding, other alphabets, white space, a
/// length that cannot be, or last bits that are not zero: two texts never mean the same bytes.
std::optional<std::vector<std::byte>> base64url_decode(std::string_view text);

}  // namespace rondo
