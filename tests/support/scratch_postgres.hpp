#pragma once
// A schema for one test on the PostgreSQL server that RONDO_TEST_POSTGRES names. Link rondo_store_postgres.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/postgres/connection.hpp"
#include "store/postgres/postgres_store.hpp"

namespace rondo::test {

/// The server's URL, if there is a server.
inline std::optional<std::string> postgres_server() {
    const char* const url = std::getenv("RONDO_TEST_POSTGRES");
    return url != nullptr && *url != '\0' ? std::optional{std::string{url}} : std::nullopt;
}

/// A seed of this process's own. Advisory locks are the whole database's, whatever the schema: programs that ran at the same
/// time and made the same users would wait for each other's.
inline std::uint64_t ids_of_this_process() {
    return static_cast<std::uint64_t>(::getpid());
}

/// A schema of this process's alone; `url` leads into it.
///
/// To make and drop one takes a server half a second, because each table is a file or three. So a test that only needs one
/// whose tables are there and empty gets one that a test before it has used, without its rows.
class scratch_schema {
public:
    enum class start : bool { empty_tables, without_tables };

    explicit scratch_schema(start how = start::empty_tables) : has_tables_{how == start::empty_tables} {
        pool& shared = used_before();
        const std::lock_guard lock{shared.mutex};
        if (has_tables_ && !shared.idle.empty()) {
            name_ = shared.idle.back();
            shared.idle.pop_back();
            postgres::connection{url()}.execute(
                "SELECT set_config('rondo.user', '*', false); DELETE FROM dead_letters; DELETE FROM relay_claims; "
                "DELETE FROM outbox;"
                "DELETE FROM events; DELETE FROM tasks; DELETE FROM tags; DELETE FROM answers;"
                "DELETE FROM login_throttles; DELETE FROM sessions; DELETE FROM users");
            return;
        }
        name_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++shared.made);
        postgres::connection{server()}.execute("CREATE SCHEMA " + name_);
    }
    ~scratch_schema() {
        pool& shared = used_before();
        const std::lock_guard lock{shared.mutex};
        if (has_tables_)
            shared.idle.push_back(name_);
        else
            drop(name_);
    }
    scratch_schema(const scratch_schema&) = delete;
    scratch_schema& operator=(const scratch_schema&) = delete;

    const std::string& name() const { return name_; }
    std::string url() const {
        const char join = server().find('?') == std::string::npos ? '?' : '&';
        return server() + join + "options=-csearch_path%3D" + name_;
    }

private:
    /// Dropped when the process ends.
    struct pool {
        std::mutex mutex;
        int made = 0;
        std::vector<std::string> idle;

        ~pool() {
            for (const std::string& each : idle)
                drop(each);
        }
    };
    static pool& used_before() {
        static pool shared;
        return shared;
    }
    static std::string server() { return postgres_server().value(); }
    static void drop(const std::string& name) noexcept {
        try {
            postgres::connection{server()}.execute("DROP SCHEMA " + name + " CASCADE");
        } catch (const std::exception&) {
            // The server goes with all it has.
        }
    }

    bool has_tables_;
    std::string name_;
};

}  // namespace rondo::test
