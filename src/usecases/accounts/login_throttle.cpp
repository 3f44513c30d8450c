#include "usecases/accounts/login_throttle.hpp"

#include <algorithm>

namespace rondo {
namespace {

using std::chrono::milliseconds;

login_throttle row_of(const transaction& tx, const std::string& key, milliseconds kept) {
    auto row = tx.find_login_throttle(key);
    const bool counts = row && tx.now() < std::max(row->last_failure_at, row->blocked_until) + kept;
    return counts ? *std::move(row) : login_throttle{.key = key};
}

void count_failure(transaction& tx, login_throttle row) {
    ++row.failures;
    row.last_failure_at = tx.now();
    if (row.failures >= login_failures_max) {
        milliseconds delay = login_delay_min;
        for (int extra = row.failures - login_failures_max; extra > 0 && delay < login_delay_max; --extra)
            delay *= 2;
        row.blocked_until = tx.now() + std::min<milliseconds>(delay, login_delay_max);
    }
    tx.save_login_throttle(row);
}

}  // namespace

std::optional<std::chrono::seconds> login_wait(const transaction& tx, const login_source& from) {
    milliseconds wait{0};
    const auto hold = [&](const std::string& key) {
        const auto row = tx.find_login_throttle(key);
        if (!row)
            return;
        const milliseconds left = row->blocked_until - tx.now();
        if (left <= login_delay_max)  // else the clock was set back since: nobody is locked out for that
            wait = std::max(wait, left);
    };
    hold(from.address);
    if (from.familiar.empty() || !tx.find_login_throttle(from.familiar))
        hold(from.account);
    return wait > milliseconds{0} ? std::optional{std::chrono::ceil<std::chrono::seconds>(wait)} : std::nullopt;
}

error too_many_logins(std::chrono::seconds wait) {
    return {.code = errc::too_many_requests,
            .detail = "Too many wrong logins in a row; try again in " + std::to_string(wait.count()) + " seconds.",
            .retry_after = wait};
}

void count_wrong_login(transaction& tx, const login_source& from) {
    count_failure(tx, row_of(tx, from.account, account_failures_kept));
    count_failure(tx, row_of(tx, from.address, address_failures_kept));
}

void count_right_login(transaction& tx, const login_source& from) {
    const int own = row_of(tx, from.account, account_failures_kept).failures;
    tx.clear_login_throttle(from.account);
    if (own > 0) {
        auto address = row_of(tx, from.address, address_failures_kept);
        address.failures -= std::min(own, address.failures);
        if (address.failures > 0)
            tx.save_login_throttle(address);
        else
            tx.clear_login_throttle(from.address);
    }
    // Throttles are deleted `account_failures_kept` after their last failure: this row's lies ahead, so that it stays
    // as long as it should.
    if (!from.familiar.empty())
        tx.save_login_throttle(
            {.key = from.familiar, .last_failure_at = tx.now() + familiar_kept - account_failures_kept});
}

}  // namespace rondo
