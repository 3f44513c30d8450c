#include "app/database.hpp"

#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "events/event_json.hpp"
#include "store/postgres/moving/copying.hpp"
#include "store/postgres/moving/take_over.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/postgres/schema/migrations.hpp"
#include "store/sqlite/moving/copying.hpp"
#include "store/sqlite/moving/take_over.hpp"
#include "store/sqlite/schema/migrations.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "telemetry/log.hpp"

namespace rondo {

namespace {

constexpr int configuration_exit = 78;
constexpr int no_input_exit = 66;

[[noreturn]] void refuse(std::string_view name, const std::string& url, const std::string& allowed) {
    std::string shown;
    for (const char c : without_password(url).substr(0, 200))
        shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    throw fatal{configuration_exit, std::string{name} + "=" + shown + ": " + allowed};
}

/// Calls the one of two functions that knows the engine.
template <class OfFile, class OfServer>
auto choose(const database_place& place, OfFile of_file, OfServer of_server) {
    if (const auto* const file = std::get_if<std::filesystem::path>(&place))
        return of_file(*file);
    return of_server(std::get<postgres::database_url>(place).text);
}

/// Whether two places are one, as far as names tell.
bool is_same(const database_place& a, const database_place& b) {
    const auto* const file = std::get_if<std::filesystem::path>(&a);
    const auto* const other = std::get_if<std::filesystem::path>(&b);
    std::error_code not_there;
    if (file != nullptr && other != nullptr)
        return std::filesystem::equivalent(*file, *other, not_there);
    return file == nullptr && other == nullptr &&
           std::get<postgres::database_url>(a).text == std::get<postgres::database_url>(b).text;
}

std::optional<take_over_outcome> take_over(const database_place& place) {
    return choose(place, sqlite::take_over, postgres::take_over);
}

}  // namespace

std::string without_password(std::string_view url) {
    if (postgres::is_postgres(url)) {
        if (const auto read = postgres::read_url(url))
            return read->shown;
        url = url.substr(0, url.find('?'));  // where a password may be as well
    }
    const auto scheme = url.find("://");
    const auto at = url.rfind('@');
    if (scheme == url.npos || at == url.npos || at < scheme)
        return std::string{url};
    const auto colon = url.find(':', scheme + 3);
    if (colon == url.npos || colon > at)
        return std::string{url};
    return std::string{url.substr(0, colon + 1)} + "****" + std::string{url.substr(at)};
}

database_place read_database_url(const std::string& given, std::string_view name) {
    if (postgres::is_postgres(given)) {
        auto read = postgres::read_url(given);
        if (!read)
            refuse(name, given,
                   "postgresql://user:password@host:5432/database is needed, with libpq's parameters such as "
                   "sslmode=verify-full after a question mark, and special characters percent-encoded.");
        return *std::move(read);
    }
    const std::string_view url = given;
    const auto colon = url.find(':');
    std::string_view scheme = url.substr(0, colon);
    scheme = scheme.substr(0, scheme.find('+'));  // SQLAlchemy's driver suffix
    if (colon == url.npos || scheme != "sqlite" || !url.substr(colon).starts_with(":///") || url.size() == colon + 4)
        refuse(name, given,
               "sqlite:///relative/path, sqlite:////absolute/path or postgresql://user:password@host/database is "
               "needed.");
    const auto path = url.substr(colon + 4);
    if (path.find('?') != path.npos || path.find('\0') != path.npos)
        refuse(name, given, "the path alone is needed, without options after a question mark.");
    return std::filesystem::path{path};
}

std::unique_ptr<store> open_database(const database_place& place, const clock& time, random_source& random) {
    if (const auto taken = take_over(place)) {
        for (const std::string& line : lines_of(taken->report, false))
            log(log_level::info, line);
        log(log_level::info, "The old tables are kept in " + taken->copy + ", this report in " + taken->kept_in);
    }
    return choose(
        place,
        [&](const std::filesystem::path& file) {
            return sqlite::open_store({.file = file, .encode_event = &encode_event_data}, time, random);
        },
        [&](const std::string& url) {
            return postgres::open_store({.url = url, .encode_event = &encode_event_data}, time, random);
        });
}

std::unique_ptr<store> open_database_for_command(const database_place& place, const clock& time,
                                                 random_source& random) {
    return choose(
        place,
        [&](const std::filesystem::path& file) {
            if (!std::filesystem::exists(file))
                throw fatal{no_input_exit, "There is no database at " + file.string() + ". DATABASE_URL names it."};
            return sqlite::open_store({.file = file, .encode_event = &encode_event_data, .inline_writes = true}, time,
                                      random);
        },
        [&](const std::string& url) {
            return postgres::open_store({.url = url, .encode_event = &encode_event_data, .writers = 1, .readers = 1},
                                        time, random);
        });
}

std::vector<migration_state> migration_status(const database_place& place) {
    return choose(place, sqlite::migration_status, postgres::migration_status);
}

brought_up migrate_up(const database_place& place) {
    auto taken = take_over(place);
    return {.taken_over = std::move(taken), .applied = choose(place, sqlite::migrate_up, postgres::migrate_up)};
}

std::vector<lost_data> lost_by_going_down(const database_place& place, int steps) {
    return choose(
        place, [&](const std::filesystem::path& file) { return sqlite::lost_by_going_down(file, steps); },
        [&](const std::string& url) { return postgres::lost_by_going_down(url, steps); });
}

std::vector<std::string> migrate_down(const database_place& place, int steps) {
    return choose(
        place, [&](const std::filesystem::path& file) { return sqlite::migrate_down(file, steps); },
        [&](const std::string& url) { return postgres::migrate_down(url, steps); });
}

std::vector<copied_table> copy_database(const std::string& from, const std::string& to,
                                        const std::function<void(const copy_progress&)>& tell) {
    const auto source_place = read_database_url(from, "--from");
    const auto target_place = read_database_url(to, "--to");
    if (is_same(source_place, target_place))
        refuse("--to", to, "this is the database that --from names. Name a new one.");
    const auto source = choose(source_place, sqlite::open_copy_source, postgres::open_copy_source);
    const std::string shown = without_password(from);
    const auto target = choose(
        target_place, [&](const std::filesystem::path& file) { return sqlite::open_copy_target(file, shown); },
        [&](const std::string& url) { return postgres::open_copy_target(url, shown); });
    return copy_rows(*source, *target, tell);
}

}  // namespace rondo
