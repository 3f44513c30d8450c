#include "auth/bcrypt.hpp"

#include <crypt.h>

#include <algorithm>
#include <memory>

#include <sodium.h>

namespace rondo {
namespace {

constexpr std::size_t bcrypt_length = 60;  // "$2b$12$", 22 characters of salt, 31 of hash
constexpr int bcrypt_cost_min = 4;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_base64(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
}

}  // namespace

bool is_bcrypt(std::string_view kept) {
    if (kept.size() != bcrypt_length ||
        !(kept.starts_with("$2a$") || kept.starts_with("$2b$") || kept.starts_with("$2y$")))
        return false;
    if (!is_digit(kept[4]) || !is_digit(kept[5]) || kept[6] != '$')
        return false;
    const int cost = (kept[4] - '0') * 10 + (kept[5] - '0');
    return cost >= bcrypt_cost_min && cost <= bcrypt_cost_max && std::ranges::all_of(kept.substr(7), is_base64);
}

bool matches_bcrypt(const std::string& password, const std::string& kept) {
    // crypt would read a password with a NUL up to it alone.
    if (!is_bcrypt(kept) || password.find('\0') != password.npos)
        return false;
    const auto memory = std::make_unique<crypt_data>();  // 32 KiB
    const char* const made = crypt_rn(password.c_str(), kept.c_str(), memory.get(), sizeof *memory);
    const bool same = made != nullptr && std::string_view{made}.size() == kept.size() &&
                      sodium_memcmp(made, kept.data(), kept.size()) == 0;
    sodium_memzero(memory.get(), sizeof *memory);
    return same;
}

}  // namespace rondo
