#pragma once

#include "api/services.hpp"
#include "auth/tokens.hpp"
#include "domain/user.hpp"
#include "http/message.hpp"
#include "usecases/actor.hpp"

namespace rondo {

struct caller {
    rondo::user user;
    session_id session;
    instant until;  ///< the access token's end
    actor who;
};

/// Who is asking: the user of the request's bearer token, whose session is alive. errc::unauthenticated otherwise.
async<result<caller>> authenticate(const services& with, const http::request& asked);

/// What the request's bearer token claims, if it is ours and in force; its session may have been revoked.
/// errc::unauthenticated otherwise.
result<access_claims> read_bearer_token(const services& with, const http::request& asked);

}  // namespace rondo
