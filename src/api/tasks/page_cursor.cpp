#include "api/tasks/page_cursor.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

#include <sodium.h>

#include "auth/base64url.hpp"

namespace rondo {

namespace {

// The bytes: a seal, the last row's id, then `n` and a number, or `t` and a text.
using seal = std::array<std::byte, 16>;
inline constexpr std::size_t id_begin = std::tuple_size_v<seal>;
inline constexpr std::size_t kind_at = id_begin + 16;
inline constexpr std::size_t key_begin = kind_at + 1;

const unsigned char* unsigned_of(const void* bytes) {
    return static_cast<const unsigned char*>(bytes);
}

seal seal_of(std::span<const std::byte> content, const listing& of, std::string_view secret_key) {
    static constexpr std::string_view purpose = "rondo page cursor";
    std::array<unsigned char, 32> key;
    crypto_generichash(key.data(), key.size(), unsigned_of(secret_key.data()), secret_key.size(),
                       unsigned_of(purpose.data()), purpose.size());
    const std::array<unsigned char, 2> order{static_cast<unsigned char>(of.sort), of.descending};
    seal made;
    crypto_generichash_state state;
    crypto_generichash_init(&state, key.data(), key.size(), made.size());
    crypto_generichash_update(&state, of.owner.value.bytes.data(), of.owner.value.bytes.size());
    crypto_generichash_update(&state, order.data(), order.size());
    crypto_generichash_update(&state, unsigned_of(content.data()), content.size());
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(made.data()), made.size());
    return made;
}

void append(std::vector<std::byte>& bytes, std::span<const std::byte> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

}  // namespace

std::string seal_cursor(const task_cursor& at, const listing& of, std::string_view secret_key) {
    std::vector<std::byte> bytes(id_begin);
    append(bytes, std::as_bytes(std::span{at.last.value.bytes}));
    if (const auto* number = std::get_if<std::int64_t>(&at.key)) {
        bytes.push_back(std::byte{'n'});
        append(bytes, std::as_bytes(std::span{number, 1}));
    } else {
        bytes.push_back(std::byte{'t'});
        append(bytes, std::as_bytes(std::span{std::get<std::string>(at.key)}));
    }
    std::ranges::copy(seal_of(std::span{bytes}.subspan(id_begin), of, secret_key), bytes.begin());
    return base64url_encode(bytes);
}

std::optional<task_cursor> open_cursor(std::string_view text, const listing& of, std::string_view secret_key) {
    const auto bytes = base64url_decode(text);
    if (!bytes || bytes->size() < key_begin)
        return std::nullopt;
    const seal expected = seal_of(std::span{*bytes}.subspan(id_begin), of, secret_key);
    if (sodium_memcmp(bytes->data(), expected.data(), expected.size()) != 0)
        return std::nullopt;

    task_cursor at;
    std::memcpy(at.last.value.bytes.data(), bytes->data() + id_begin, at.last.value.bytes.size());
    const auto key = std::span{*bytes}.subspan(key_begin);
    if ((*bytes)[kind_at] == std::byte{'t'}) {
        at.key = std::string{reinterpret_cast<const char*>(key.data()), key.size()};
        return at;
    }
    std::int64_t number = 0;
    if (key.size() != sizeof number)
        return std::nullopt;
    std::memcpy(&number, key.data(), sizeof number);
    at.key = number;
    return at;
}

}  // namespace rondo
