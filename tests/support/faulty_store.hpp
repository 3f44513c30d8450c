#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"
#include "store/store.hpp"

namespace rondo::test {

/// A store in front of another whose writes fail when told: how a full disk or a mistake in a job looks from outside.
class faulty_store final : public store {
public:
    enum class fault { none, unavailable, unavailable_at_once, mistake };

    explicit faulty_store(store& behind) : behind_{behind} {}

    /// The next `times` writes, after the next `skip` ones, fail so; nothing of them happens.
    void fail_writes(fault how, int times, int skip = 0) {
        how_ = how;
        skip_ = skip;
        times_ = times;
    }
    void fail_reads(bool fail) { reads_fail_ = fail; }
    int writes() const { return writes_; }
    int reads() const { return reads_; }

    void submit_write(write_job job, completion done) override {
        ++writes_;
        if (skip_ > 0)
            --skip_;
        else if (times_ > 0) {
            --times_;
            if (how_ == fault::unavailable_at_once)
                throw unavailable{"Too many writes wait."};
            if (how_ == fault::unavailable)
                return done(std::make_exception_ptr(unavailable{"The disk is full."}));
            return done(std::make_exception_ptr(std::logic_error{"a mistake of ours"}));
        }
        behind_.submit_write(std::move(job), std::move(done));
    }
    void submit_read(read_job job, completion done) override {
        ++reads_;
        if (reads_fail_)
            return done(std::make_exception_ptr(unavailable{"The database is locked."}));
        behind_.submit_read(std::move(job), std::move(done));
    }
    void on_events_committed(events_committed tell) override { behind_.on_events_committed(std::move(tell)); }
    bool is_shared() const override { return behind_.is_shared(); }
    std::optional<std::string> trouble() const override { return behind_.trouble(); }

private:
    store& behind_;
    std::atomic<fault> how_{fault::none};
    std::atomic<int> skip_{0};
    std::atomic<int> times_{0};
    std::atomic<int> writes_{0};
    std::atomic<int> reads_{0};
    std::atomic<bool> reads_fail_{false};
};

}  // namespace rondo::test
