#pragma once
// Routes that answer only those who are logged in. A call that may change something is added by `on_change` and hands over its
// work instead of doing it: so each of them runs in one transaction, and holds to its Idempotency-Key.

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "api/authenticate.hpp"
#include "api/services.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "store/transaction.hpp"

namespace rondo {

using read_handler = async<http::response> (*)(const services& with, const caller& asking, http::request& asked);

/// What work in a transaction came to.
struct done_change {
    http::response answer;
    std::function<void()> committed{};  ///< called once it is durable: for logs and counts
};

/// A use case's result as the change it made: `to_answer` of its value, or its error.
template <class T, class ToAnswer>
result<done_change> answered(const result<T>& outcome, ToAnswer to_answer) {
    if (!outcome)
        return std::unexpected(outcome.error());
    if constexpr (std::is_void_v<T>)
        return done_change{.answer = to_answer()};
    else
        return done_change{.answer = to_answer(*outcome)};
}

/// The one transaction of a call. It may be run again from its beginning, so it keeps what it was given as it is. An error
/// rolls it back whole and is the answer.
using change_work = std::function<result<done_change>(transaction&)>;

/// What a changing call comes to: an answer at once (a refusal, or there is nothing to change), or its work.
using planned_change = std::variant<http::response, change_work>;
using change_handler = async<planned_change> (*)(const services& with, const caller& asking, http::request& asked);

/// Finds out who is asking, and asks `answer` for that user.
void on_get(http::router& routes, const services& with, std::string pattern, read_handler answer);

/// The same for POST, PUT, PATCH and DELETE. With an Idempotency-Key, the answer of the work, a refusal too, is kept in the
/// transaction that it comes from, and given to the same request for 24 hours without asking `plan` again; also when
/// the first call has ended the session that both came with.
void on_change(http::router& routes, const services& with, http::method verb, std::string pattern, change_handler plan);

}  // namespace rondo
