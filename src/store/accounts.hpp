#pragma once
// What a use case may do with users, their sessions, login throttles and remembered answers.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/user.hpp"

namespace rondo {

inline constexpr std::size_t live_sessions_max = 100;

using digest = std::array<std::byte, 32>;  ///< of a secret that is never stored itself

/// One login, on one device: the family of its refresh tokens.
struct session {
    session_id id;
    user_id user;
    instant created_at;
    std::optional<instant> revoked_at;
    std::optional<std::string> agent;  ///< the browser or program that logged in, as it called itself
};

/// A session that can still be gone on with.
struct live_session {
    rondo::session session;
    instant last_used_at;  ///< when its tokens were last renewed, else when it began
    instant expires_at;    ///< unless its tokens are renewed before
};

struct refresh_token {
    digest hash;
    session_id session;
    instant expires_at;
    std::optional<instant> used_at;  ///< a second use is theft: the session is revoked
};

/// Wrong logins in a row for one account or address.
struct login_throttle {
    std::string key;  ///< "account:…" or "address:…"
    int failures = 0;
    instant last_failure_at;
    instant blocked_until;
};

/// The first answer to an Idempotency-Key, to be given again.
struct remembered_answer {
    std::string scope;    ///< whose key it is: the user's id, or, before a login, the method and path
    std::string key;
    digest request_hash;  ///< keyed, over the request: another one with the same key is refused
    std::string answer;   ///< opaque bytes, encrypted by the caller
    instant created_at;
};

class account_store {
public:
    virtual std::optional<user> find_user(user_id id) const = 0;
    /// Without regard to case.
    virtual std::optional<user> find_user_by_email(std::string_view email) const = 0;
    /// False, and nothing is changed, if the e-mail is taken.
    virtual bool insert_user(const user& added) = 0;
    virtual void update_user(const user& changed) = 0;

    virtual void insert_session(const session& added) = 0;
    /// The user of a session that is not revoked.
    virtual std::optional<user> find_session_user(session_id id) const = 0;
    /// Those that are not revoked and have an unused token that is in force at `now`; the last used first, at most
    /// `live_sessions_max`.
    virtual std::vector<live_session> live_sessions_of(user_id user, instant now) const = 0;
    virtual void revoke_session(session_id id, instant now) = 0;
    virtual void revoke_sessions_of(user_id user, instant now) = 0;
    virtual void insert_refresh_token(const refresh_token& added) = 0;
    virtual std::optional<std::pair<refresh_token, session>> find_refresh_token(const digest& hash) const = 0;
    virtual void mark_refresh_token_used(const digest& hash, instant now) = 0;

    virtual std::optional<login_throttle> find_login_throttle(std::string_view key) const = 0;
    virtual void save_login_throttle(const login_throttle& saved) = 0;
    virtual void clear_login_throttle(std::string_view key) = 0;

    virtual std::optional<remembered_answer> find_answer(std::string_view scope, std::string_view key) const = 0;
    virtual void remember_answer(const remembered_answer& saved) = 0;

    /// Deletes at most `limit` rows of each kind that have no more use: throttles whose last failure, answers whose making
    /// and sessions whose every token lie before the given instants. Gives how many rows went.
    virtual std::size_t purge_accounts(instant throttles_before, instant answers_before, instant tokens_before,
                                       std::size_t limit) = 0;

protected:
    ~account_store() = default;
};

}  // namespace rondo
