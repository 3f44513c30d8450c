#pragma once
// What PostgreSQL's failures mean to the program.

#include <libpq-fe.h>

#include <string>

#include "base/error.hpp"

namespace rondo::postgres {

/// PostgreSQL could not do what it was asked for a reason that lies outside the program.
class database_error : public unavailable {
public:
    enum class kind : unsigned char {
        lost,    ///< the connection is of no more use; what was not committed has not happened
        repeat,  ///< a deadlock or a conflict with another transaction: the whole transaction may be run again
        busy,    ///< a lock or an answer did not come in time
        broken,  ///< the disk is full, the server takes no writes, its files are damaged
    };

    database_error(kind what, const std::string& said) : unavailable{said}, kind_{what} {}
    kind what_kind() const noexcept { return kind_; }

private:
    kind kind_;
};

/// Throws what a failed statement deserves: `database_error` for a broken environment, `std::logic_error` for broken SQL.
[[noreturn]] void throw_failure(const PGresult* failed);

/// Throws `database_error` for a connection that could not be made or does not answer.
[[noreturn]] void throw_lost(const PGconn* connection);

/// A message of libpq's on one line.
std::string one_line(const char* message);

}  // namespace rondo::postgres
