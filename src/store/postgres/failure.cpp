#include "store/postgres/failure.hpp"

#include <stdexcept>
#include <string_view>

namespace rondo::postgres {

namespace {

std::string field(const PGresult* failed, int code) {
    const char* const text = PQresultErrorField(failed, code);
    return text == nullptr ? std::string{} : std::string{text};
}

}  // namespace

std::string one_line(const char* message) {
    std::string line;
    for (const char c : std::string_view{message}) {
        if (c != '\n' && c != '\t')
            line.push_back(c);
        else if (!line.empty() && line.back() != ' ')
            line.push_back(' ');
    }
    while (line.ends_with(' ') || line.ends_with('.'))
        line.pop_back();
    return line;
}

void throw_failure(const PGresult* failed) {
    using kind = database_error::kind;
    const std::string code = field(failed, PG_DIAG_SQLSTATE);
    // The detail beside it may hold what users wrote.
    const std::string tail = " (PostgreSQL: " + one_line(field(failed, PG_DIAG_MESSAGE_PRIMARY).c_str()) + ", " +
                             (code.empty() ? "no code" : code) + ")";
    const std::string_view group = std::string_view{code}.substr(0, 2);

    if (code.empty() || group == "08" || code == "57P01" || code == "57P02" || code == "57P03" || code == "57P05" ||
        code == "25P03")
        throw database_error{kind::lost, "The database has closed the connection" + tail};
    // A plan that no longer fits its tables, or that somebody has dropped: prepared again by a new connection.
    if (code == "0A000" || code == "26000")
        throw database_error{kind::lost, "The database's tables have changed" + tail};
    // Another program has taken them to another schema, as on the way back to an older version.
    if (code == "42P01" || code == "42703")
        throw database_error{
            kind::broken,
            "The database's tables are not those of this program, `rondo migrate status` shows which" + tail};
    if (code == "40001" || code == "40P01")
        throw database_error{kind::repeat, "Another transaction was in the way" + tail};
    if (code == "55P03")
        throw database_error{kind::busy, "Another transaction holds a lock for too long" + tail};
    if (group == "57" || code == "55006")
        throw database_error{kind::busy, "The database did not finish in time" + tail};
    if (code == "53300")
        throw database_error{kind::lost, "The database takes no more connections" + tail};
    if (code == "53100")
        throw database_error{kind::broken, "The disk with the database is full" + tail};
    if (code == "53200")
        throw database_error{kind::busy, "The database has no memory left" + tail};
    if (code == "25006")
        throw database_error{kind::broken, "The database may not be written" + tail};
    if (group == "53" || group == "58")
        throw database_error{kind::broken, "The database's machine is in trouble" + tail};
    if (group == "XX" || group == "F0")
        throw database_error{kind::broken, "The database is damaged" + tail};
    throw std::logic_error{"A statement is wrong" + tail};
}

void throw_lost(const PGconn* connection) {
    throw database_error{database_error::kind::lost,
                         "The database cannot be reached (" + one_line(PQerrorMessage(connection)) + ")"};
}

}  // namespace rondo::postgres
