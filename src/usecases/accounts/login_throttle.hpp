#pragma once
// Wrong logins in a row: counted for the account and for the address, and answered ever more slowly.

#include <chrono>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "store/transaction.hpp"

namespace rondo {

inline constexpr int login_failures_max = 10;               ///< in a row; the next attempt must wait
inline constexpr std::chrono::seconds login_delay_min{30};  ///< after the last of them; each further failure doubles it
inline constexpr std::chrono::minutes login_delay_max{15};
inline constexpr std::chrono::hours account_failures_kept{24};  ///< a row without a failure for so long is forgotten
inline constexpr std::chrono::hours address_failures_kept{1};  ///< shorter: many people may share an address
inline constexpr std::chrono::days familiar_kept{30};  ///< how long an address counts as one where the account logs in

/// For whom and from where a login is tried, as keys of throttles.
struct login_source {
    std::string account;
    std::string address;
    /// This account at this address. Where its owner has logged in before, the failures of others do not lock them out:
    /// such a login is held back by its address alone. Empty: no such exception.
    std::string familiar;
};

/// How long a login must wait; nothing when it may be tried now.
std::optional<std::chrono::seconds> login_wait(const transaction& tx, const login_source& from);

/// What a login is told that must wait.
error too_many_logins(std::chrono::seconds wait);

/// Counts a wrong login at the account and the address.
void count_wrong_login(transaction& tx, const login_source& from);

/// Ends the account's row and takes as many failures from the address's: someone who mistyped owes nothing, and an
/// account of one's own does not wipe off guesses at the accounts of others.
void count_right_login(transaction& tx, const login_source& from);

}  // namespace rondo
