#pragma once
// One connection to a SQLite file, and its statements: prepared once, cached, put back by RAII. One thread at a time.

#include <sqlite3.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "store/accounts.hpp"

namespace rondo::sqlite {

/// SQLite could not do what it was asked for a reason that lies outside the program.
class database_error : public unavailable {
public:
    database_error(int code, const std::string& what) : unavailable{what}, code_{code} {}
    /// SQLite's extended result code.
    int code() const noexcept { return code_; }
    bool is_busy() const noexcept { return (code_ & 0xff) == SQLITE_BUSY; }
    /// After a failed fsync nobody knows what is on the disk.
    bool is_io() const noexcept { return (code_ & 0xff) == SQLITE_IOERR; }

private:
    int code_;
};

/// Throws what a failed call deserves: `database_error` for a broken environment, `std::logic_error` for broken SQL.
[[noreturn]] void throw_failure(sqlite3* db, int code);

class statement;

class connection {
public:
    enum class mode : unsigned char { create, read_write, read_only };

    /// Opens `name`, a path or a `file:` URI. Throws `database_error`.
    connection(const std::string& name, mode how);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    /// A statement with its parameters ($1, $2, ... or ?, ?, ...) bound to copies of `values`; `sql` is prepared at its
    /// first use.
    template <class... Values>
    statement query(std::string_view sql, const Values&... values);

    /// Runs a statement to its end; gives how many rows it changed.
    template <class... Values>
    std::int64_t run(std::string_view sql, const Values&... values);
    /// The same where nobody asks how many.
    template <class... Values>
    void queue(std::string_view sql, const Values&... values) {
        run(sql, values...);
    }

    /// Runs statements separated by semicolons, outside the cache.
    void execute(const std::string& script);

    std::int64_t last_insert_number() const { return sqlite3_last_insert_rowid(db_.get()); }
    bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
    /// How long a statement waits for another process's lock before it fails as busy.
    void wait_for_lock(std::chrono::milliseconds at_most);
    sqlite3* handle() const { return db_.get(); }

private:
    friend class statement;

    struct closer {
        void operator()(sqlite3* db) const noexcept { sqlite3_close(db); }
    };
    struct finalizer {
        void operator()(sqlite3_stmt* prepared) const noexcept { sqlite3_finalize(prepared); }
    };
    struct text_hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using prepared_statement = std::unique_ptr<sqlite3_stmt, finalizer>;

    prepared_statement prepare(std::string_view sql);

    std::unique_ptr<sqlite3, closer> db_;
    /// Empty where the statement is in use.
    std::unordered_map<std::string, prepared_statement, text_hash, std::equal_to<>> cache_;
};

/// A statement in use: rows are read while `step` gives true. Goes back to its connection's cache in the end.
class statement {
public:
    statement(connection& from, std::string_view sql);
    /// With its parameters bound to copies of `values`.
    template <class... Values>
    statement(connection& from, std::string_view sql, const Values&... values) : statement{from, sql} {
        (bind_next(values), ...);
    }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement();

    /// Gives the statement the next parameter, in order. Text is borrowed until the statement ends or is reset, or copied.
    enum class text_is : unsigned char { borrowed, copied };
    template <class Value>
    void bind_next(const Value& value, text_is kept = text_is::copied);
    /// Starts over with new parameters.
    void reset();

    /// Goes to the next row; false after the last.
    bool step();

    bool is_null(int column) const { return sqlite3_column_type(raw(), column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(raw(), column); }
    bool truth(int column) const { return integer(column) != 0; }
    /// Valid until the next step.
    std::string_view text(int column) const;
    std::string_view bytes(int column) const;
    uuid id(int column) const;
    rondo::digest digest(int column) const;
    instant at(int column) const { return instant{std::chrono::milliseconds{integer(column)}}; }
    std::optional<instant> optional_at(int column) const {
        return is_null(column) ? std::nullopt : std::optional{at(column)};
    }
    std::optional<std::string> optional_text(int column) const {
        return is_null(column) ? std::nullopt : std::optional<std::string>{text(column)};
    }

private:
    sqlite3_stmt* raw() const { return prepared_.get(); }
    void check_bound(int code);
    void bind_null() { check_bound(sqlite3_bind_null(raw(), next_)); }
    void bind_integer(std::int64_t value) { check_bound(sqlite3_bind_int64(raw(), next_, value)); }
    void bind_text(std::string_view value, text_is kept);
    void bind_blob(const void* bytes, std::size_t size, text_is kept);

    connection& from_;
    connection::prepared_statement* home_ = nullptr;  ///< where it goes back to, if anywhere; stays put meanwhile
    connection::prepared_statement prepared_;
    int next_ = 1;
};

namespace detail {
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class Kind>
inline constexpr bool is_id<id<Kind>> = true;
}  // namespace detail

template <class Value>
void statement::bind_next(const Value& value, text_is kept) {
    if constexpr (std::same_as<Value, std::nullopt_t>) {
        bind_null();
    } else if constexpr (detail::is_optional<Value>) {
        value ? bind_next(*value, kept) : bind_next(std::nullopt, kept);
        return;
    } else if constexpr (detail::is_id<Value>) {
        bind_blob(value.value.bytes.data(), value.value.bytes.size(), kept);
    } else if constexpr (std::same_as<Value, uuid>) {
        bind_blob(value.bytes.data(), value.bytes.size(), kept);
    } else if constexpr (std::same_as<Value, instant>) {
        bind_integer(value.time_since_epoch().count());
    } else if constexpr (std::is_enum_v<Value> || std::integral<Value>) {
        bind_integer(static_cast<std::int64_t>(value));
    } else if constexpr (std::convertible_to<Value, std::string_view>) {
        bind_text(value, kept);
    } else {
        const auto bytes = std::as_bytes(std::span{value});
        bind_blob(bytes.data(), bytes.size(), kept);
    }
    ++next_;
}

template <class... Values>
statement connection::query(std::string_view sql, const Values&... values) {
    return statement{*this, sql, values...};
}

template <class... Values>
std::int64_t connection::run(std::string_view sql, const Values&... values) {
    statement made{*this, sql};
    (made.bind_next(values, statement::text_is::borrowed), ...);
    while (made.step()) {
    }
    return sqlite3_changes64(db_.get());
}

}  // namespace rondo::sqlite
