#pragma once
// One connection to a PostgreSQL server. Statements are prepared once and sent in libpq's pipeline mode: what nobody waits
// for (BEGIN, the user of a transaction, an insert) goes in one packet with the next statement that somebody waits for.
// One thread at a time.

#include <libpq-fe.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/accounts.hpp"
#include "store/postgres/failure.hpp"

namespace rondo::postgres {

/// The parameters of one statement, in PostgreSQL's binary form. Text and bytes are borrowed.
class parameters {
public:
    template <class... Values>
    explicit parameters(const Values&... values) {
        (add(values), ...);
    }

    template <class Value>
    void add(const Value& value);

    std::size_t size() const { return each_.size(); }

private:
    friend class connection;

    struct parameter {
        Oid type;
        const char* borrowed = nullptr;
        std::size_t borrowed_bytes = 0;
        std::string own{};
        bool is_null = false;
    };
    /// Borrowed ones have to live until the statement is sent.
    void add_borrowed(Oid type, const void* bytes, std::size_t size) {
        each_.push_back({.type = type, .borrowed = static_cast<const char*>(bytes), .borrowed_bytes = size});
    }
    void add_own(Oid type, std::string bytes) { each_.push_back({.type = type, .own = std::move(bytes)}); }
    void add_null(Oid type) { each_.push_back({.type = type, .is_null = true}); }

    std::vector<parameter> each_;
};

/// What a statement gave: rows are read while `step` gives true.
class rows {
public:
    explicit rows(PGresult* read) : read_{read} {}

    bool step() { return ++row_ < PQntuples(read_.get()); }

    bool is_null(int column) const { return PQgetisnull(read_.get(), row_, column) == 1; }
    /// Of any integer type.
    std::int64_t integer(int column) const;
    bool truth(int column) const { return integer(column) != 0; }
    /// Valid as long as the rows are.
    std::string_view text(int column) const;
    std::string_view bytes(int column) const { return text(column); }
    uuid id(int column) const;
    rondo::digest digest(int column) const;
    instant at(int column) const { return instant{std::chrono::milliseconds{integer(column)}}; }
    std::optional<instant> optional_at(int column) const {
        return is_null(column) ? std::nullopt : std::optional{at(column)};
    }
    std::optional<std::string> optional_text(int column) const {
        return is_null(column) ? std::nullopt : std::optional<std::string>{text(column)};
    }

    /// How many rows the statement changed or gave.
    std::int64_t count() const;
    /// "COMMIT", "INSERT 0 1", ...
    std::string_view command() const { return PQcmdStatus(read_.get()); }
    bool is_nothing() const { return read_ == nullptr; }
    void throw_if_failed() const {
        const auto status = PQresultStatus(read_.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
            throw_failure(read_.get());
    }

private:
    struct clearer {
        void operator()(PGresult* result) const noexcept { PQclear(result); }
    };
    std::unique_ptr<PGresult, clearer> read_;
    int row_ = -1;
};

class connection {
public:
    /// Connects; throws `database_error` (kind `lost`). `url` as libpq reads it.
    explicit connection(const std::string& url);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    /// Sends a statement with all that is queued, and waits. Throws `database_error` or `std::logic_error`, also for a
    /// queued statement that failed; then nothing of the transaction stands.
    template <class... Values>
    rows query(std::string_view sql, const Values&... values) {
        return query_with(sql, parameters{values...});
    }
    rows query_with(std::string_view sql, const parameters& values);

    /// The same for a statement whose rows nobody reads; gives how many it changed.
    template <class... Values>
    std::int64_t run(std::string_view sql, const Values&... values) {
        return query(sql, values...).count();
    }

    /// To be sent with the next statement that somebody waits for.
    template <class... Values>
    void queue(std::string_view sql, const Values&... values) {
        enqueue(sql, parameters{values...}, nullptr);
    }
    /// The same, with the rows for later: they are there after the next `query` or `finish`.
    template <class... Values>
    std::shared_ptr<std::optional<rows>> ask(std::string_view sql, const Values&... values) {
        return ask_with(sql, parameters{values...});
    }
    std::shared_ptr<std::optional<rows>> ask_with(std::string_view sql, const parameters& values) {
        auto answer = std::make_shared<std::optional<rows>>();
        enqueue(sql, values, answer);
        return answer;
    }
    /// Sends what is queued and waits for it.
    void finish();
    /// Sends what is queued and does not wait: a failure is found by the next that does.
    void send();
    bool has_queued() const { return queued_ > 0; }

    /// How long an answer is waited for before the connection is given up.
    void wait_at_most(std::chrono::seconds answer) { answer_wait_max_ = answer; }

    /// Runs statements separated by semicolons, in a pipeline of their own: for migrations.
    void execute(const std::string& script);

    /// No answer can be had from it any more.
    bool is_lost() const noexcept { return lost_; }
    PGconn* handle() const { return db_.get(); }
    /// Waits until there is something to read, `other` can be read, or the time is over.
    void wait_for_input(std::chrono::milliseconds at_most, int other);
    /// What the notifications of other sessions that have come carry.
    std::vector<std::string> take_notifications();

private:
    using answer = std::shared_ptr<std::optional<rows>>;
    struct expected {
        enum class what : unsigned char { preparation, result, sync } kind;
        std::string statement{};  ///< of a preparation
        answer to{};
    };
    struct closer {
        void operator()(PGconn* db) const noexcept { PQfinish(db); }
    };
    struct text_hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using deadline = std::chrono::steady_clock::time_point;

    void enqueue(std::string_view sql, const parameters& values, answer to);
    const std::string& prepared(std::string_view sql, const std::vector<Oid>& types);
    void sync();
    void collect();
    void take_result(const expected& of, std::exception_ptr& failure);
    PGresult* next_result(deadline until);
    void flush(deadline until);
    void wait(short events, deadline until);
    void check_sent(int sent);
    [[noreturn]] void lose();

    std::unique_ptr<PGconn, closer> db_;
    std::unordered_map<std::string, std::string, text_hash, std::equal_to<>> names_;  ///< of prepared statements
    std::uint64_t prepared_ever_ = 0;
    std::deque<expected> expected_;
    std::size_t queued_ = 0;  ///< since the last sync
    bool lost_ = false;
    std::chrono::seconds answer_wait_max_{15};
};

namespace detail {

// The numbers of PostgreSQL's own types never change.
inline constexpr Oid bool_type = 16, bytea_type = 17, int8_type = 20, text_type = 25, uuid_type = 2950;
inline constexpr Oid int8_array_type = 1016, uuid_array_type = 2951;

template <class T>
struct optional_of {
    using type = T;
    static constexpr bool is_optional = false;
};
template <class T>
struct optional_of<std::optional<T>> {
    using type = T;
    static constexpr bool is_optional = true;
};
template <class T>
inline constexpr bool is_id = false;
template <class Kind>
inline constexpr bool is_id<id<Kind>> = true;

template <class Value>
constexpr Oid type_of() {
    if constexpr (optional_of<Value>::is_optional)
        return type_of<typename optional_of<Value>::type>();
    else if constexpr (is_id<Value> || std::same_as<Value, uuid>)
        return uuid_type;
    else if constexpr (std::same_as<Value, bool>)
        return bool_type;
    else if constexpr (std::same_as<Value, instant> || std::is_enum_v<Value> || std::integral<Value>)
        return int8_type;
    else if constexpr (std::convertible_to<Value, std::string_view>)
        return text_type;
    else if constexpr (std::convertible_to<Value, std::span<const std::int64_t>>)
        return int8_array_type;
    else if constexpr (std::convertible_to<Value, std::span<const uuid>>)
        return uuid_array_type;
    else
        return bytea_type;
}

std::string big_endian(std::int64_t value);
std::string array_of(std::span<const std::int64_t> values);
std::string array_of(std::span<const uuid> values);

}  // namespace detail

template <class Value>
void parameters::add(const Value& value) {
    constexpr Oid type = detail::type_of<Value>();
    if constexpr (detail::optional_of<Value>::is_optional) {
        if (value)
            add(*value);
        else
            add_null(type);
    } else if constexpr (detail::is_id<Value>) {
        add_own(type, {value.value.bytes.begin(), value.value.bytes.end()});
    } else if constexpr (std::same_as<Value, uuid>) {
        add_own(type, {value.bytes.begin(), value.bytes.end()});
    } else if constexpr (std::same_as<Value, instant>) {
        add_own(type, detail::big_endian(value.time_since_epoch().count()));
    } else if constexpr (std::same_as<Value, bool>) {
        add_own(type, std::string(1, value ? '\1' : '\0'));
    } else if constexpr (type == detail::int8_type) {
        add_own(type, detail::big_endian(static_cast<std::int64_t>(value)));
    } else if constexpr (type == detail::text_type) {
        const std::string_view text{value};
        add_borrowed(type, text.data(), text.size());
    } else if constexpr (type == detail::int8_array_type) {
        add_own(type, detail::array_of(std::span<const std::int64_t>{value}));
    } else if constexpr (type == detail::uuid_array_type) {
        add_own(type, detail::array_of(std::span<const uuid>{value}));
    } else {
        const auto bytes = std::as_bytes(std::span{value});
        add_borrowed(type, bytes.data(), bytes.size());
    }
}

}  // namespace rondo::postgres
