#pragma once
// A schema for one test on the PostgreSQL server that RONDO_TEST_POSTGRES names: empty, gone afterwards. Link
// rondo_store_postgres.

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "store/postgres/connection.hpp"
#include "store/postgres/postgres_store.hpp"

namespace rondo::test {

/// The server's URL, if there is a server.
inline std::optional<std::string> postgres_server() {
    const char* const url = std::getenv("RONDO_TEST_POSTGRES");
    return url != nullptr && *url != '\0' ? std::optional{std::string{url}} : std::nullopt;
}

/// A new schema; `url` leads into it.
class scratch_schema {
public:
    scratch_schema() : server_{postgres_server().value()} {
        static std::atomic<int> made{0};
        name_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
        postgres::connection{server_}.execute("CREATE SCHEMA " + name_);
    }
    ~scratch_schema() {
        try {
            postgres::connection{server_}.execute("SET client_min_messages = error; DROP SCHEMA " + name_ + " CASCADE");
        } catch (const std::exception&) {
            // The server goes with all it has.
        }
    }
    scratch_schema(const scratch_schema&) = delete;
    scratch_schema& operator=(const scratch_schema&) = delete;

    const std::string& name() const { return name_; }
    std::string url() const {
        const char join = server_.find('?') == std::string::npos ? '?' : '&';
        return server_ + join + "options=-csearch_path%3D" + name_;
    }

private:
    std::string server_;
    std::string name_;
};

}  // namespace rondo::test
