#pragma once
// A PostgreSQL schema with as many stores on it as a test wants, and a look past them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "contract/store/store_contract.hpp"
#include "store/postgres/connection.hpp"
#include "store/postgres/postgres_store.hpp"
#include "support/scratch_postgres.hpp"
#include "support/seeded_random.hpp"

namespace rondo::test {

class on_postgres : public ::testing::Test {
protected:
    void SetUp() override {
        if (!postgres_server())
            GTEST_SKIP() << "there is no server: set RONDO_TEST_POSTGRES";
        schema_.emplace();
    }

    std::string url() const { return schema_->url(); }
    std::unique_ptr<store> open_store() {
        return postgres::open_store({.url = url(), .encode_event = encode_title, .writers = 4, .readers = 2}, time_,
                                    random_);
    }
    /// A connection of the server's role, past the store.
    postgres::connection look() const { return postgres::connection{url()}; }

    template <class Job>
    static auto write(store& on, Job job) {
        if constexpr (std::is_void_v<std::invoke_result_t<Job&, transaction&>>)
            (void)write_and_wait(on, [&](transaction& tx) { return job(tx), true; });
        else
            return write_and_wait(on, std::move(job));
    }

    user add_user(store& on, const std::string& email) {
        return write(on, [&](transaction& tx) {
            user added{.id = tx.new_id<user_id>(),
                       .email = email,
                       .name = std::nullopt,
                       .zone = {},
                       .password_hash = "none",
                       .created_at = tx.now()};
            EXPECT_TRUE(tx.insert_user(added));
            return added;
        });
    }
    static task make_task(transaction& tx, user_id owner, const std::string& title) {
        task made;
        made.id = tx.new_id<task_id>();
        made.owner = owner;
        made.title = title;
        made.series = made.id;
        made.created_at = tx.now();
        made.updated_at = tx.now();
        return made;
    }
    static task add_task(store& on, user_id owner, const std::string& title) {
        return write(on, [&](transaction& tx) {
            task made = make_task(tx, owner, title);
            EXPECT_TRUE(tx.insert_task(made));
            tx.append({.id = tx.new_id<event_id>(),
                       .type = event_type::created,
                       .at = tx.now(),
                       .traceparent = "",
                       .snapshot = made});
            return made;
        });
    }

    std::optional<scratch_schema> schema_;
    manual_clock time_;
    seeded_random random_{ids_of_this_process()};
};

}  // namespace rondo::test
