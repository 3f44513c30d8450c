#include "store/sqlite/connection.hpp"

#include <cassert>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace rondo::sqlite {

namespace {

constexpr std::size_t statements_cached_max = 256;

void configure_library_once() {
    static std::once_flag done;
    std::call_once(done, [] {
        // Each connection is used by one thread at a time, and nobody asks for SQLite's memory statistics, which take
        // a global lock at every allocation. Refused, harmlessly, when another library has started SQLite already.
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_initialize();
    });
}

int open_flags(connection::mode how) {
    constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
    switch (how) {
        case connection::mode::create:
            return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        case connection::mode::read_write:
            return common | SQLITE_OPEN_READWRITE;
        case connection::mode::read_only:
            break;
    }
    return common | SQLITE_OPEN_READONLY;
}

}  // namespace

void throw_failure(sqlite3* db, int code) {
    const std::string said = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    const std::string tail = " (SQLite: " + said + ", " + std::to_string(code) + ")";
    switch (code & 0xff) {
        case SQLITE_FULL:
            throw database_error{code, "The disk with the database is full" + tail};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            throw database_error{code, "Another process holds the database's lock" + tail};
        case SQLITE_IOERR:
            throw database_error{code, "The disk with the database gives errors" + tail};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            throw database_error{code, "The database may not be written" + tail};
        case SQLITE_CANTOPEN:
            throw database_error{code, "The database cannot be opened" + tail};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
            throw database_error{code, "The database file is damaged or not a database" + tail};
        case SQLITE_NOMEM:
            throw database_error{code, "The database has no memory left" + tail};
        case SQLITE_SCHEMA:
        case SQLITE_INTERRUPT:
        case SQLITE_ABORT:
            throw database_error{code, "The database broke off" + tail};
        default:
            throw std::logic_error{"A statement is wrong" + tail};
    }
}

connection::connection(const std::string& name, mode how) {
    configure_library_once();
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &opened, open_flags(how), nullptr);
    db_.reset(opened);
    if (code != SQLITE_OK)
        throw_failure(opened, code);
    // A misspelt column must not pass for a string.
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
}

connection::~connection() = default;

void connection::execute(const std::string& script) {
    const int code = sqlite3_exec(db_.get(), script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        throw_failure(db_.get(), code);
}

void connection::wait_for_lock(std::chrono::milliseconds at_most) {
    sqlite3_busy_timeout(db_.get(), static_cast<int>(at_most.count()));
}

connection::prepared_statement connection::prepare(std::string_view sql) {
    // To SQLite, $2 is a name, whose place is where it appears first; ?2 is the second parameter wherever it stands. Any
    // other $, of a JSON path for instance, stays.
    std::string numbered{sql};
    for (std::size_t at = numbered.find('$'); at != std::string::npos; at = numbered.find('$', at + 1))
        if (at + 1 < numbered.size() && numbered[at + 1] >= '1' && numbered[at + 1] <= '9')
            numbered[at] = '?';
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), numbered.data(), static_cast<int>(numbered.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK)
        throw_failure(db_.get(), code);
    return prepared_statement{made};
}

statement::statement(connection& from, std::string_view sql) : from_{from} {
    auto& cache = from.cache_;
    auto found = cache.find(sql);
    if (found == cache.end()) {
        prepared_ = from.prepare(sql);
        // Only lists have statements of many shapes. Rather than track which are wanted, begin again when there are too many.
        if (cache.size() >= statements_cached_max)
            std::erase_if(cache, [](const auto& entry) { return entry.second != nullptr; });
        found = cache.try_emplace(std::string{sql}).first;
        home_ = &found->second;
    } else if (found->second) {
        prepared_ = std::move(found->second);
        home_ = &found->second;
    } else {
        prepared_ = from.prepare(sql);  // in use further up the stack
    }
}

statement::~statement() {
    sqlite3_reset(raw());
    if (home_ != nullptr)
        *home_ = std::move(prepared_);
}

void statement::reset() {
    sqlite3_reset(raw());
    next_ = 1;
}

bool statement::step() {
    assert(next_ - 1 == sqlite3_bind_parameter_count(raw()));
    const int code = sqlite3_step(raw());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    throw_failure(from_.handle(), code);
}

std::string_view statement::text(int column) const {
    const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(raw(), column));
    return bytes == nullptr ? std::string_view{}
                            : std::string_view{bytes, static_cast<std::size_t>(sqlite3_column_bytes(raw(), column))};
}

std::string_view statement::bytes(int column) const {
    const auto* const first = static_cast<const char*>(sqlite3_column_blob(raw(), column));
    return first == nullptr ? std::string_view{}
                            : std::string_view{first, static_cast<std::size_t>(sqlite3_column_bytes(raw(), column))};
}

namespace {

/// Bytes that have one length only.
template <class Array>
Array whole(std::string_view read, const char* what) {
    Array value;
    if (read.size() != value.size())
        throw database_error{SQLITE_CORRUPT, std::string{"The database file is damaged: "} + what + " of " +
                                                 std::to_string(read.size()) + " bytes"};
    std::memcpy(value.data(), read.data(), read.size());
    return value;
}

}  // namespace

uuid statement::id(int column) const {
    return {.bytes = whole<decltype(uuid::bytes)>(bytes(column), "an id")};
}

digest statement::digest(int column) const {
    return whole<rondo::digest>(bytes(column), "a digest");
}

void statement::check_bound(int code) {
    if (code != SQLITE_OK)
        throw_failure(from_.handle(), code);
}

void statement::bind_text(std::string_view value, text_is kept) {
    // A null pointer would bind NULL.
    const char* const bytes = value.data() == nullptr ? "" : value.data();
    check_bound(sqlite3_bind_text64(raw(), next_, bytes, value.size(),
                                    kept == text_is::borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8));
}

void statement::bind_blob(const void* bytes, std::size_t size, text_is kept) {
    check_bound(sqlite3_bind_blob64(raw(), next_, bytes == nullptr ? "" : bytes, size,
                                    kept == text_is::borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT));
}

}  // namespace rondo::sqlite
