#pragma once
// Idempotency-Key: the same request with the same key, within 24 hours, gives the first answer again; another request
// with that key is refused.

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "api/services.hpp"
#include "http/message.hpp"
#include "store/transaction.hpp"

namespace rondo {

inline constexpr std::chrono::hours answers_kept{24};
inline constexpr std::size_t idempotency_key_max = 255;

/// Asks and answers inside the transaction of the work, so that a crash leaves both or neither. Kept answers are sealed
/// with a key made from SECRET_KEY and the request (an answer of login holds tokens).
///
///     const idempotency once{with, asked, "POST /api/auth/register"};
///     auto answered = co_await write(with.data, [&](transaction& tx) {
///         return once.answer(tx, [&]() -> result<http::response> { ... });
///     });
///
/// `answer` remembers what work gave that was done. Work that failed has been rolled back whole; asked again, it is tried
/// again. Calls of users who are logged in have all of this from `for_users.hpp`.
class idempotency {
public:
    /// A key belongs to a `scope`, in which it stands for one request: the user's id, or the method and path before a
    /// login. A request without the header makes the calls below do nothing.
    idempotency(const services& with, const http::request& asked, std::string scope);

    bool has_key() const { return key_.has_value(); }

    /// The first answer when there is one; or the refusal (422) of the key: it came with another request, or is no key.
    std::optional<http::response> find(const transaction& tx) const;

    /// Remembers an answer, unless asking again could do better: 401, 429, and 500 and above. Keeps the body, its type,
    /// and the headers ETag, Link and Location.
    void remember(transaction& tx, const http::response& answer) const;

    /// The first answer, or what `work()` gives, remembered if it is one.
    template <class Work>
    result<http::response> answer(transaction& tx, Work&& work) const {
        if (auto first = find(tx))
            return *std::move(first);
        result<http::response> made = std::forward<Work>(work)();
        if (made)
            remember(tx, *made);
        return made;
    }

private:
    const services& with_;
    std::string scope_;
    std::optional<std::string> key_;
    digest request_hash_{};
    std::array<unsigned char, 32> seal_key_{};
};

}  // namespace rondo
