#include "usecases/accounts/accounts.hpp"

namespace rondo {

std::optional<error> judge_login(transaction& tx, const login_attempt& attempt) {
    if (const auto wait = login_wait(tx, attempt.from))
        return too_many_logins(*wait);
    if (!attempt.matches) {
        count_wrong_login(tx, attempt.from);
        return error{.code = errc::wrong_credentials, .detail = "The e-mail address or the password is wrong."};
    }
    const auto present = tx.find_user(attempt.compared->id);
    if (!present || present->password_hash != attempt.compared->password_hash)
        throw unavailable{"The account was changed during this login."};
    count_right_login(tx, attempt.from);
    if (attempt.rehashed) {
        auto changed = *present;
        changed.password_hash = *attempt.rehashed;
        tx.update_user(changed);
    }
    return std::nullopt;
}

}  // namespace rondo
