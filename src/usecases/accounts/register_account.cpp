#include "usecases/accounts/accounts.hpp"

namespace rondo {

result<opened_session> register_account(transaction& tx, const new_account& fields, const new_session& login) {
    const user added{.id = tx.new_id<user_id>(),
                     .email = fields.email,
                     .name = fields.name,
                     .zone = fields.zone,
                     .password_hash = fields.password_hash,
                     .created_at = tx.now()};
    if (!tx.insert_user(added))
        return fail(errc::email_taken, "There is an account with this e-mail address already; log in instead.");
    return open_session(tx, added, login);
}

}  // namespace rondo
