#include "usecases/accounts/accounts.hpp"

namespace rondo {

result<void> log_out(transaction& tx, session_id session) {
    if (!tx.find_session_user(session))
        return fail(errc::unauthenticated, "This session has been ended; log in again.");
    tx.revoke_session(session, tx.now());
    return {};
}

}  // namespace rondo
