#include "usecases/accounts/accounts.hpp"

namespace rondo {

refreshed refresh_session(transaction& tx, const digest& presented, const digest& successor) {
    const auto found = tx.find_refresh_token(presented);
    if (!found)
        return {};
    const auto& [token, family] = *found;
    if (token.used_at) {
        // Either its owner or a thief has the successor, and nothing tells which.
        const bool alive = !family.revoked_at;
        if (alive)
            tx.revoke_session(family.id, tx.now());
        return {.stolen = alive ? std::optional{family.id} : std::nullopt};
    }
    const auto owner = tx.find_session_user(family.id);
    if (!owner || tx.now() >= token.expires_at)
        return {};
    tx.mark_refresh_token_used(presented, tx.now());
    tx.insert_refresh_token({.hash = successor, .session = family.id, .expires_at = tx.now() + refresh_token_kept});
    return {.session = opened_session{*owner, family.id}};
}

}  // namespace rondo
