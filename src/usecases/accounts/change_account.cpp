#include "usecases/accounts/accounts.hpp"

namespace rondo {

result<changed_account> change_account(transaction& tx, session_id asking, const account_changes& changes,
                                       const std::string& compared, const new_session& login) {
    const auto found = tx.find_session_user(asking);
    if (!found)
        return fail(errc::unauthenticated, "This session has been ended; log in again.");
    if (changes.password_hash && found->password_hash != compared)
        throw unavailable{"The account was changed during this request."};

    auto changed = *found;
    changed.name = changes.name.value_or(found->name);
    changed.zone = changes.zone.value_or(found->zone);
    changed.password_hash = changes.password_hash.value_or(found->password_hash);
    tx.update_user(changed);
    if (!changes.password_hash)
        return changed_account{changed, std::nullopt};
    tx.revoke_sessions_of(changed.id, tx.now());
    return changed_account{changed, open_session(tx, changed, login).session};
}

}  // namespace rondo
