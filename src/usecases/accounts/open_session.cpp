#include "usecases/accounts/accounts.hpp"

namespace rondo {

opened_session open_session(transaction& tx, const user& owner, const new_session& login) {
    const auto id = tx.new_id<session_id>();
    tx.insert_session(
        {.id = id, .user = owner.id, .created_at = tx.now(), .revoked_at = std::nullopt, .agent = login.agent});
    tx.insert_refresh_token({.hash = login.refresh_token, .session = id, .expires_at = tx.now() + refresh_token_kept});
    return {owner, id};
}

}  // namespace rondo
