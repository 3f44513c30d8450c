#pragma once
// The work of a POST, done once for each Idempotency-Key.

#include <optional>
#include <type_traits>
#include <utility>

#include "api/authenticate.hpp"
#include "api/idempotency.hpp"
#include "api/services.hpp"
#include "http/message.hpp"
#include "store/store.hpp"

namespace rondo {

template <class Done>
struct posted {
    http::response answer;
    std::optional<Done> done;  ///< when the work was done now and well
};

/// Runs `work(transaction&)`, which gives a result and has written nothing when that is an error, and answers with
/// `to_answer(result)`. With an Idempotency-Key the answer is made and kept inside the transaction, and given again
/// without work; without, it is made after the commit.
template <class Work, class ToAnswer, class Result = std::invoke_result_t<Work&, transaction&>>
async<posted<typename Result::value_type>> post_once(const services& with, const caller& asking,
                                                     const http::request& asked, Work work, ToAnswer to_answer) {
    using reply = posted<typename Result::value_type>;
    const auto reply_to = [&to_answer](Result outcome) {
        reply made{.answer = to_answer(outcome), .done = std::nullopt};
        if (outcome)
            made.done.emplace(*std::move(outcome));
        return made;
    };
    if (!asked.find_header("Idempotency-Key"))
        co_return reply_to(co_await write(with.data, std::move(work)));

    const idempotency once{with, asked, to_string(asking.user.id)};
    co_return co_await write(with.data, [&once, &work, &reply_to](transaction& tx) -> reply {
        if (auto first = once.find(tx))
            return {.answer = *std::move(first), .done = std::nullopt};
        reply made = reply_to(work(tx));
        once.remember(tx, made.answer);
        return made;
    });
}

}  // namespace rondo
