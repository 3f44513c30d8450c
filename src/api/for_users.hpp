#pragma once
// Routes that answer only those who are logged in.

#include "api/authenticate.hpp"
#include "api/problems.hpp"
#include "api/services.hpp"
#include "http/message.hpp"

namespace rondo {

using user_handler = async<http::response> (*)(const services& with, const caller& asking, http::request& asked);

inline async<http::response> answer_user(const services& with, user_handler answer, http::request& asked) {
    const auto asking = co_await authenticate(with, asked);
    if (!asking)
        co_return problem_response(asking.error());
    co_return co_await answer(with, *asking, asked);
}

/// Finds out who is asking, and asks `answer` for that user.
inline http::handler for_users(const services& with, user_handler answer) {
    return [&with, answer](http::request& asked) { return answer_user(with, answer, asked); };
}

}  // namespace rondo
