#include "store/postgres/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <utility>

namespace rondo::postgres {

namespace {

constexpr std::size_t statements_prepared_max = 256;
constexpr int binary = 1;

void append_int32(std::string& to, std::uint32_t value) {
    for (const int shift : {24, 16, 8, 0})
        to.push_back(static_cast<char>(value >> shift & 0xff));
}

/// The head of an array of one dimension without nulls.
std::string array_head(Oid element, std::size_t count) {
    std::string head;
    append_int32(head, count == 0 ? 0 : 1);
    append_int32(head, 0);
    append_int32(head, element);
    if (count == 0)
        return head;
    append_int32(head, static_cast<std::uint32_t>(count));
    append_int32(head, 1);
    return head;
}

}  // namespace

namespace detail {

std::string big_endian(std::int64_t value) {
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (56 - 8 * i) & 0xff);
    return bytes;
}

std::string array_of(std::span<const std::int64_t> values) {
    std::string bytes = array_head(int8_type, values.size());
    for (const std::int64_t value : values) {
        append_int32(bytes, 8);
        bytes += big_endian(value);
    }
    return bytes;
}

std::string array_of(std::span<const uuid> values) {
    std::string bytes = array_head(uuid_type, values.size());
    for (const uuid& value : values) {
        append_int32(bytes, 16);
        bytes.append(value.bytes.begin(), value.bytes.end());
    }
    return bytes;
}

}  // namespace detail

std::int64_t rows::integer(int column) const {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(PQgetvalue(read_.get(), row_, column));
    const int size = PQgetlength(read_.get(), row_, column);
    assert(size == 1 || size == 2 || size == 4 || size == 8);
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
        value = value << 8 | bytes[i];
    const int unused = 64 - 8 * size;  // carries the sign up
    return static_cast<std::int64_t>(value << unused) >> unused;
}

std::string_view rows::text(int column) const {
    return {PQgetvalue(read_.get(), row_, column), static_cast<std::size_t>(PQgetlength(read_.get(), row_, column))};
}

uuid rows::id(int column) const {
    const std::string_view bytes = text(column);
    uuid value;
    assert(bytes.size() == value.bytes.size());
    std::memcpy(value.bytes.data(), bytes.data(), std::min(bytes.size(), value.bytes.size()));
    return value;
}

digest rows::digest(int column) const {
    const std::string_view read = bytes(column);
    rondo::digest value{};
    if (read.size() != value.size())
        throw database_error{database_error::kind::broken,
                             "The database is damaged: a digest of " + std::to_string(read.size()) + " bytes"};
    std::memcpy(value.data(), read.data(), read.size());
    return value;
}

std::int64_t rows::count() const {
    const std::string_view digits = PQcmdTuples(read_.get());
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

connection::connection(const std::string& url) {
    // What stands before the URL may be changed by it. A server that takes no writes is passed over; one that has vanished
    // from the network is given up in seconds.
    const std::array<const char*, 9> names{"connect_timeout",      "keepalives_idle",  "keepalives_interval",
                                           "keepalives_count",     "tcp_user_timeout", "fallback_application_name",
                                           "target_session_attrs", "dbname",           nullptr};
    const std::array<const char*, 9> values{"3", "10", "3", "3", "15000", "rondo", "read-write", url.c_str(), nullptr};
    db_.reset(PQconnectdbParams(names.data(), values.data(), 1));
    if (PQstatus(db_.get()) != CONNECTION_OK)
        throw_lost(db_.get());
    PQsetNoticeReceiver(db_.get(), [](void*, const PGresult*) {}, nullptr);
    if (PQsetClientEncoding(db_.get(), "UTF8") != 0 || PQsetnonblocking(db_.get(), 1) != 0 ||
        PQenterPipelineMode(db_.get()) != 1)
        throw_lost(db_.get());
}

connection::~connection() = default;

rows connection::query_with(std::string_view sql, const parameters& values) {
    const auto to = std::make_shared<std::optional<rows>>();
    enqueue(sql, values, to);
    finish();
    return std::move(**to);
}

void connection::finish() {
    if (queued_ > 0)
        sync();
    collect();
}

void connection::send() {
    if (queued_ == 0)
        return;
    sync();
    if (PQflush(db_.get()) < 0)
        lose();
}

void connection::execute(const std::string& script) {
    finish();
    if (PQexitPipelineMode(db_.get()) != 1)
        lose();
    const rows done{PQexec(db_.get(), script.c_str())};
    if (PQstatus(db_.get()) != CONNECTION_OK || PQenterPipelineMode(db_.get()) != 1)
        lose();
    done.throw_if_failed();
}

void connection::enqueue(std::string_view sql, const parameters& values, answer to) {
    if (lost_)
        throw database_error{database_error::kind::lost, "The connection to the database is gone"};
    std::vector<Oid> types;
    std::vector<const char*> bytes;
    std::vector<int> sizes;
    const std::vector<int> formats(values.size(), binary);
    for (const auto& one : values.each_) {
        const bool is_borrowed = one.borrowed != nullptr;
        types.push_back(one.type);
        bytes.push_back(one.is_null ? nullptr : is_borrowed ? one.borrowed : one.own.data());
        sizes.push_back(static_cast<int>(is_borrowed ? one.borrowed_bytes : one.own.size()));
    }
    const std::string& name = prepared(sql, types);
    check_sent(PQsendQueryPrepared(db_.get(), name.c_str(), static_cast<int>(values.size()), bytes.data(), sizes.data(),
                                   formats.data(), binary));
    expected_.push_back({.kind = expected::what::result, .to = std::move(to)});
    ++queued_;
}

/// The name under which the server knows a statement, which it is told now if it does not.
const std::string& connection::prepared(std::string_view sql, const std::vector<Oid>& types) {
    if (const auto known = names_.find(sql); known != names_.end())
        return known->second;
    // Only lists have statements of many shapes. Rather than track which are wanted, begin again when there are too many.
    if (names_.size() >= statements_prepared_max) {
        names_.clear();
        check_sent(PQsendQueryParams(db_.get(), "DEALLOCATE ALL", 0, nullptr, nullptr, nullptr, nullptr, binary));
        expected_.push_back({.kind = expected::what::result});
    }
    std::string statement{sql};
    const auto added = names_.emplace(statement, "s" + std::to_string(++prepared_ever_)).first;
    check_sent(PQsendPrepare(db_.get(), added->second.c_str(), statement.c_str(), static_cast<int>(types.size()),
                             types.data()));
    expected_.push_back({.kind = expected::what::preparation, .statement = std::move(statement)});
    return added->second;
}

void connection::check_sent(int sent) {
    if (sent != 1)
        lose();
}

void connection::sync() {
    check_sent(PQpipelineSync(db_.get()));
    expected_.push_back({.kind = expected::what::sync});
    queued_ = 0;
}

/// Reads the answers to all that was sent. Throws the first failure, after the last answer.
void connection::collect() {
    std::exception_ptr failure;
    while (!expected_.empty()) {
        const expected next = std::move(expected_.front());
        expected_.pop_front();
        take_result(next, failure);
    }
    if (failure)
        std::rethrow_exception(failure);
}

void connection::take_result(const expected& of, std::exception_ptr& failure) {
    const deadline until = std::chrono::steady_clock::now() + answer_wait_max_;
    PGresult* const result = next_result(until);
    if (result == nullptr)
        lose();
    rows read{result};
    if (of.kind == expected::what::sync) {
        if (PQresultStatus(result) != PGRES_PIPELINE_SYNC)
            lose();
        return;
    }
    try {
        if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) {  // an earlier one has failed
            names_.erase(of.statement);
        } else {
            read.throw_if_failed();
            if (of.to)
                of.to->emplace(std::move(read));
        }
    } catch (const database_error& why) {
        names_.erase(of.statement);
        lost_ = lost_ || why.what_kind() == database_error::kind::lost;
        if (!failure)
            failure = std::current_exception();
    } catch (...) {
        names_.erase(of.statement);
        if (!failure)
            failure = std::current_exception();
    }
    if (PQstatus(db_.get()) != CONNECTION_OK) {
        lost_ = true;
        expected_.clear();
        queued_ = 0;
        if (!failure)
            lose();
        return;
    }
    if (const rows end{next_result(until)}; !end.is_nothing())
        lose();
}

PGresult* connection::next_result(deadline until) {
    flush(until);
    while (PQisBusy(db_.get()) == 1) {
        wait(POLLIN, until);
        if (PQconsumeInput(db_.get()) != 1 && PQisBusy(db_.get()) == 1)
            lose();
    }
    return PQgetResult(db_.get());
}

void connection::flush(deadline until) {
    for (;;) {
        const int left = PQflush(db_.get());
        if (left == 0)
            return;
        if (left < 0) {
            // What the server said before it hung up may be there to be read.
            PQconsumeInput(db_.get());
            if (PQisBusy(db_.get()) == 1)
                lose();
            return;
        }
        wait(POLLIN | POLLOUT, until);
        if (PQconsumeInput(db_.get()) != 1)
            lose();
    }
}

void connection::wait(short events, deadline until) {
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        if (left <= 0) {
            lost_ = true;
            expected_.clear();
            queued_ = 0;
            throw database_error{database_error::kind::lost, "The database gives no answer"};
        }
        pollfd socket{.fd = PQsocket(db_.get()), .events = events, .revents = 0};
        const int ready = ::poll(&socket, 1, static_cast<int>(left));
        if (ready > 0)
            return;
        if (ready < 0 && errno != EINTR)
            lose();
    }
}

void connection::lose() {
    lost_ = true;
    expected_.clear();
    queued_ = 0;
    throw_lost(db_.get());
}

void connection::wait_for_input(std::chrono::milliseconds at_most, int other) {
    std::array<pollfd, 2> watched{pollfd{.fd = PQsocket(db_.get()), .events = POLLIN, .revents = 0},
                                  pollfd{.fd = other, .events = POLLIN, .revents = 0}};
    if (::poll(watched.data(), watched.size(), static_cast<int>(at_most.count())) > 0 && watched[0].revents != 0 &&
        PQconsumeInput(db_.get()) != 1)
        lose();
}

std::vector<std::string> connection::take_notifications() {
    std::vector<std::string> taken;
    while (PGnotify* const told = PQnotifies(db_.get())) {
        if (told->be_pid != PQbackendPID(db_.get()))
            taken.emplace_back(told->extra);
        PQfreemem(told);
    }
    return taken;
}

}  // namespace rondo::postgres
