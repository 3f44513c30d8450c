#include "api/for_users.hpp"

#include <optional>

#include "api/wire/idempotency.hpp"
#include "api/wire/problems.hpp"

namespace rondo {

namespace {

async<http::response> answer_user(const services& with, read_handler answer, http::request& asked) {
    const auto asking = co_await authenticate(with, asked);
    if (!asking)
        co_return problem_response(asking.error());
    co_return co_await answer(with, *asking, asked);
}

/// Who asks with an Idempotency-Key, and the answer to the same request before, if there was one.
struct known_request {
    result<caller> asking;
    std::optional<http::response> first;
};

async<known_request> find_first(const services& with, const http::request& asked, const access_claims& claims,
                                const idempotency& once) {
    auto asking = co_await authenticate(with, asked);
    auto first = co_await read(with.data, [&once](const transaction& tx) { return once.find(tx); });
    // Of a session that has ended, no more is told than what its last call was answered.
    if (!asking && first && first->status == 422)
        first.reset();
    if (first)
        asked.user = to_string(claims.subject);
    co_return known_request{std::move(asking), std::move(first)};
}

http::response finish(const result<done_change>& outcome) {
    if (!outcome)
        return problem_response(outcome.error());
    if (outcome->committed)
        outcome->committed();
    return outcome->answer;
}

async<http::response> change_once(const services& with, change_handler plan, http::request& asked) {
    const auto claims = read_bearer_token(with, asked);
    if (!claims)
        co_return problem_response(claims.error());
    const idempotency once{with, asked, to_string(claims->subject)};
    const auto known = co_await find_first(with, asked, *claims, once);
    if (known.first)
        co_return *known.first;
    if (!known.asking)
        co_return problem_response(known.asking.error());
    const auto planned = co_await plan(with, *known.asking, asked);
    if (const auto* at_once = std::get_if<http::response>(&planned))
        co_return *at_once;

    const auto& work = std::get<change_work>(planned);
    const auto done = co_await write(with.data, [&once, &work](transaction& tx) -> result<done_change> {
        if (auto first = once.find(tx))
            return done_change{.answer = *std::move(first)};
        auto made = work(tx);
        if (made)
            once.remember(tx, made->answer);
        return made;
    });
    if (done)
        co_return finish(done);
    // What failed has been rolled back. Its refusal is the first answer, unless the same request has met a better one since.
    co_return co_await write(with.data, [&once, refused = finish(done)](transaction& tx) {
        if (auto first = once.find(tx))
            return *std::move(first);
        once.remember(tx, refused);
        return refused;
    });
}

async<http::response> change_for_user(const services& with, change_handler plan, http::request& asked) {
    if (asked.find_header("Idempotency-Key"))
        co_return co_await change_once(with, plan, asked);
    const auto asking = co_await authenticate(with, asked);
    if (!asking)
        co_return problem_response(asking.error());
    const auto planned = co_await plan(with, *asking, asked);
    if (const auto* at_once = std::get_if<http::response>(&planned))
        co_return *at_once;
    co_return finish(co_await write(with.data, std::get<change_work>(planned)));
}

}  // namespace

void on_get(http::router& routes, const services& with, std::string pattern, read_handler answer) {
    routes.add(http::method::get, std::move(pattern),
               [&with, answer](http::request& asked) { return answer_user(with, answer, asked); });
}

void on_change(http::router& routes, const services& with, http::method verb, std::string pattern,
               change_handler plan) {
    routes.add(verb, std::move(pattern),
               [&with, plan](http::request& asked) { return change_for_user(with, plan, asked); });
}

}  // namespace rondo
