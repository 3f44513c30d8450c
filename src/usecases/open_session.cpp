#include "usecases/accounts.hpp"

namespace rondo {

opened_session open_session(transaction& tx, const user& owner, const digest& refresh_token) {
    const auto id = tx.new_id<session_id>();
    tx.insert_session({.id = id, .user = owner.id, .created_at = tx.now()});
    tx.insert_refresh_token({.hash = refresh_token, .session = id, .expires_at = tx.now() + refresh_token_kept});
    return {owner, id};
}

}  // namespace rondo
