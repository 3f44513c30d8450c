#pragma once
// What every change of a whole schema needs: a connection that may, what is there now, and to be alone with it.

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/migrations/migration.hpp"
#include "store/postgres/connection.hpp"

namespace rondo::postgres {

struct schema_state {
    bool is_ours = false;                    ///< it has our list of migrations
    bool is_foreign = false;                 ///< its tables are those of the FastAPI backend
    std::optional<std::string> copy_of;      ///< it is an unfinished copy of that database
    std::vector<applied_migration> applied;  ///< oldest first
};

/// "postgresql://rondo@db.example.org/rondo"
std::string shown(const std::string& url);
[[noreturn]] void refuse(const std::string& url, int code, const std::string& why);
void refuse_old_server(connection& db, const std::string& url);

/// Throws `fatal` if the schema holds another program's tables, or is a newer Rondo's.
schema_state inspect(connection& db, const std::string& url);
/// Throws `fatal` if it is the FastAPI backend's or an unfinished copy, with the way on.
void refuse_unfit(const schema_state& found, const std::string& url);

/// Within a transaction, until its end: replicas that start together wait for one another.
void lock_schema(connection& db);
void make_migrations_table(connection& db);
void apply(connection& db, const migration& step);

inline constexpr std::chrono::seconds migration_wait_max{600};
inline constexpr int service_exit = 69;
inline constexpr int configuration_exit = 78;

/// Runs `job`, which talks to the server; gives what it gives. Throws `fatal`.
template <class Job>
auto reached(const std::string& url, Job job) {
    try {
        return job();
    } catch (const database_error& why) {
        refuse(url, service_exit, std::string{why.what()} + ". Start the server, or set DATABASE_URL to another.");
    } catch (const std::logic_error& why) {
        refuse(url, configuration_exit,
               std::string{why.what()} + ". Rondo's role needs the right to make tables in its schema.");
    }
}

inline constexpr int schema_tries_max = 10;

/// The same with a connection, and from its beginning again, on a new one, where a server beside it was in its way: the two
/// may lock the same tables in another order.
template <class Job>
auto connected(const std::string& url, Job job) {
    return reached(url, [&] {
        for (int tries = 1;; ++tries) {
            try {
                connection db{url};
                db.wait_at_most(migration_wait_max);
                refuse_old_server(db, url);
                return job(db);
            } catch (const database_error& why) {
                if (why.what_kind() != database_error::kind::repeat || tries == schema_tries_max)
                    throw;
            }
        }
    });
}

}  // namespace rondo::postgres
