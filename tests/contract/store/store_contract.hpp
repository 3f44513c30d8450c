#pragma once
// The suite that every store passes. It knows `store` and `transaction` alone; an engine joins with a line in engines().

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "store/store.hpp"
#include "support/manual_clock.hpp"

namespace rondo::test {

/// A store of its own for one test, with its clock.
class store_under_test {
public:
    virtual ~store_under_test() = default;
    virtual store& get() = 0;
    virtual manual_clock& time() = 0;
};

struct engine {
    std::string name;
    std::unique_ptr<store_under_test> (*make)();  ///< gives nothing where its server cannot be reached
    std::size_t writers;  ///< threads that run write jobs; 0: the caller's
    std::size_t writes_waiting_max;
    bool is_shared = false;  ///< several processes may have it open, each with a relay
};

inline void PrintTo(const engine& shown, std::ostream* to) {
    *to << shown.name;
}

/// Every engine there is.
std::vector<engine> engines();

/// What the stores under test write for an event's data.
std::string encode_title(const event& happened);

class store_contract : public ::testing::TestWithParam<engine> {
protected:
    store& db() { return under_test_->get(); }
    manual_clock& time() { return under_test_->time(); }
    instant now() { return time().now(); }

    /// Runs a job and waits. The job may return nothing.
    template <class Job>
    auto write(Job job) {
        if constexpr (std::is_void_v<std::invoke_result_t<Job&, transaction&>>)
            (void)write_and_wait(db(), [&](transaction& tx) { return job(tx), true; });
        else
            return write_and_wait(db(), std::move(job));
    }
    template <class Job>
    auto read(Job job) {
        return read_and_wait(db(), std::move(job));
    }

    user add_user(const std::string& email);
    tag add_tag(user_id owner, const std::string& name);

    /// A task of plain values, not yet in the store.
    task make_task(user_id owner, const std::string& title);
    task add_task(user_id owner, const std::string& title);
    /// Adds `added`; fails the test if the store refuses.
    task add(const task& added);
    std::optional<task> find(user_id owner, task_id id);

    /// The titles of a list, in its order.
    std::vector<std::string> titles(user_id owner, const task_filter& filter = {}, const page_request& page = {});

    template <class Id>
    Id new_id() {
        return write([](transaction& tx) { return tx.new_id<Id>(); });
    }

    user ann = {};
    user bob = {};
    void SetUp() override;

private:
    std::unique_ptr<store_under_test> under_test_ = GetParam().make();
};

/// Everything of a task, so that a difference shows.
void expect_same(const task& actual, const task& expected);

time_zone zone(std::string_view name);
due day(int year, unsigned month, unsigned day_of_month);
due wall(int year, unsigned month, unsigned day_of_month, int hour, int minute);

}  // namespace rondo::test
