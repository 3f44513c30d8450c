#include "usecases/accounts/accounts.hpp"

namespace rondo {

result<void> end_session(transaction& tx, user_id owner, session_id ended) {
    const auto found = tx.find_session_user(ended);
    if (!found || found->id != owner)
        return fail(errc::not_found, "There is no such session; it may have ended by itself.");
    tx.revoke_session(ended, tx.now());
    return {};
}

}  // namespace rondo
