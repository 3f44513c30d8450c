#include "store/text_key_filler.hpp"

#include <cassert>
#include <chrono>
#include <string>

#include "telemetry/log.hpp"
#include "text/keys.hpp"

namespace rondo {

namespace {

using namespace std::chrono_literals;

constexpr auto tell_interval = 5s;
constexpr auto look_interval = 60s;
constexpr auto retry_interval = 10s;
constexpr std::size_t batches_between_rests = 20;
constexpr auto rest = 5ms;  // others come first

std::string count_of(std::int64_t tasks) {
    return std::to_string(tasks);
}

}  // namespace

text_key_filler::text_key_filler(store& target, metrics& meters) : store_{target}, meters_{meters} {}

text_key_filler::~text_key_filler() {
    stop();
}

void text_key_filler::start() {
    assert(!thread_.joinable());
    thread_ = std::thread{[this] { run(); }};
}

void text_key_filler::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        woken_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

bool text_key_filler::stopping() {
    const std::lock_guard lock{mutex_};
    return stopping_;
}

bool text_key_filler::wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock{mutex_};
    return woken_.wait_for(lock, at_most, [this] { return stopping_; });
}

void text_key_filler::fill() {
    const auto begun = std::chrono::steady_clock::now();
    auto told = begun;
    bool told_any = false;
    std::int64_t done = 0;
    for (std::size_t batches = 1; !stopping(); ++batches) {
        const auto made = write_and_wait(store_, [](transaction& tx) { return tx.make_text_keys(text_keys_batch); });
        done += static_cast<std::int64_t>(made.looked_at);
        meters_.text_keys_left(made.left);
        if (made.is_others && !told_of_others_)
            log(log_level::warning,
                "Another server sorts and searches by newer rules than this one; update this one as well",
                {{"rules", shown_text_rules(text_rules())}});
        told_of_others_ = made.is_others;
        const auto now = std::chrono::steady_clock::now();
        if (made.left == 0) {
            if (told_any)
                log(log_level::info, "Tasks have their keys for sorting and searching",
                    {{"tasks", count_of(done)},
                     {"seconds", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now - begun).count())},
                     {"rules", shown_text_rules(text_rules())}});
            return;
        }
        if (!told_any || now - told >= tell_interval) {
            log(log_level::info, "Tasks get keys for sorting and searching",
                {{"done", count_of(done)}, {"left_at_most", count_of(made.left)}});
            told = now;
            told_any = true;
        }
        if (batches % batches_between_rests == 0)
            wait(rest);
    }
}

void text_key_filler::run() {
    while (!stopping()) {
        std::chrono::milliseconds pause = look_interval;
        try {
            fill();
            if (!store_.is_shared())
                return;
        } catch (const std::exception& failed) {
            log(log_level::error, "Tasks could not be given keys, trying again later", {{"reason", failed.what()}});
            pause = retry_interval;
        }
        wait(pause);
    }
}

}  // namespace rondo
