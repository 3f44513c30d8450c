#pragma once
// The verbs of accounts and their sessions. Each is part of one transaction; each lives in the file of its name.
// Passwords have been hashed or compared before, since that takes longer than a transaction may.

#include <chrono>
#include <optional>
#include <string>

#include "domain/user.hpp"
#include "store/transaction.hpp"
#include "usecases/accounts/login_throttle.hpp"

namespace rondo {

inline constexpr std::chrono::days refresh_token_kept{30};

struct opened_session {
    rondo::user user;
    session_id session;
};

/// How a login goes on: the digest of its first refresh token, and what it says it is.
struct new_session {
    digest refresh_token;
    std::optional<std::string> agent;
};

struct new_account {
    std::string email;
    std::optional<std::string> name;
    time_zone zone;
    std::string password_hash;
};

/// register_account.cpp. The user, logged in. errc::email_taken, without regard to case.
result<opened_session> register_account(transaction& tx, const new_account& fields, const new_session& login);

/// open_session.cpp. A new login of a user that is there.
opened_session open_session(transaction& tx, const user& owner, const new_session& login);

/// A login whose password has been compared with what `compared` holds.
struct login_attempt {
    login_source from;
    std::optional<user> compared;               ///< as it was read for that; nothing for an unknown e-mail
    bool matches = false;
    std::optional<std::string> rehashed;   ///< the same password under the parameters of today
};

/// judge_login.cpp. Why the login is refused, or nothing; either way the throttles have been written. No `result`,
/// because the transaction is to be kept. Asked for the throttles once more: of many guesses at once, those over the
/// limit learn nothing. Throws `unavailable` if the password has been changed since it was read.
std::optional<error> judge_login(transaction& tx, const login_attempt& attempt);

/// refresh_session.cpp. What became of a refresh token.
struct refreshed {
    std::optional<opened_session> session;  ///< the session goes on, with `successor`
    std::optional<session_id> stolen;       ///< the token had been used before: this session is revoked now
};

/// Not a `result`: the transaction is to be kept, also when the session is revoked. Neither field is set for a token
/// that is unknown, too old or of a revoked session.
refreshed refresh_session(transaction& tx, const digest& presented, const digest& successor);

/// log_out.cpp. errc::unauthenticated if the session has been revoked before.
result<void> log_out(transaction& tx, session_id session);

/// end_session.cpp. Ends a session of `owner`, on whatever device. errc::not_found if there is no such session, it is
/// another user's, or it has been revoked before.
result<void> end_session(transaction& tx, user_id owner, session_id ended);

struct account_changes {
    std::optional<std::optional<std::string>> name;  ///< the inner nothing clears it
    std::optional<time_zone> zone;
    std::optional<std::string> password_hash;
};

struct changed_account {
    rondo::user user;
    std::optional<session_id> new_session;
};

/// change_account.cpp. errc::unauthenticated if the session `asking` is no longer alive. `compared` is the
/// password_hash that the current password was compared with: throws `unavailable` if a new password comes and it is
/// not that any more. A new password revokes every session of the user, and opens another.
result<changed_account> change_account(transaction& tx, session_id asking, const account_changes& changes,
                                       const std::string& compared, const new_session& login);

}  // namespace rondo
