#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rondo::postgres {

/// A URL as libpq reads it.
struct database_url {
    std::string text;   ///< with the password, if it has one: not to be shown
    std::string shown;  ///< "postgresql://rondo@db.example.org:5432/rondo"
};

/// Whether it is a URL of PostgreSQL's, `postgresql://` or `postgres://`, also with a driver's name as SQLAlchemy writes it
/// (`postgresql+asyncpg://`).
bool is_postgres(std::string_view url);

/// Nothing for a URL that libpq cannot read. Precondition: is_postgres(url).
std::optional<database_url> read_url(std::string_view url);

}  // namespace rondo::postgres
