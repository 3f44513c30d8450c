#pragma once
// Passwords that another system has hashed with bcrypt and handed over. New ones are never kept so.

#include <string>
#include <string_view>

namespace rondo {

/// The highest cost that is worked out, two to the power of it rounds: some seconds of one core.
inline constexpr int bcrypt_cost_max = 15;

/// Whether it is a whole bcrypt string ($2a$, $2b$, $2y$) of a cost that is worked out: 4 to `bcrypt_cost_max`.
bool is_bcrypt(std::string_view kept);

/// Whether `kept` was made from this password, of which bcrypt takes the first 72 bytes. False for a string that is not
/// `is_bcrypt`. Takes as long as the cost says: not on an I/O thread. Thread-safe.
bool matches_bcrypt(const std::string& password, const std::string& kept);

}  // namespace rondo
