#include "http/session.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "http/answer_head.hpp"
#include "http/engine_problem.hpp"
#include "http/parse/head_parser.hpp"
#include "http/parse/target.hpp"
#include "http/parse/trace_context.hpp"
#include "http/text.hpp"
#include "http/worker.hpp"

namespace rondo::http {

namespace {

using error_code = boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t read_bytes_min = 2 * 1024;
constexpr std::size_t read_body_bytes_min = 16 * 1024;
constexpr std::size_t joined_body_max = 16 * 1024;  // a larger one is not copied behind its headers
constexpr std::size_t kept_bytes_max = 32 * 1024;   // of each buffer, while a connection idles
constexpr std::size_t request_id_bytes_max = 128;
constexpr std::chrono::seconds retry_after_default{2};
constexpr std::string_view all_methods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";

auto result_in(error_code& failed) {
    return asio::redirect_error(asio::use_awaitable_t<executor>{}, failed);
}

bool is_clean_id(std::string_view id) {
    return !id.empty() && id.size() <= request_id_bytes_max && std::ranges::all_of(id, [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '_' || c == '-';
    });
}

/// The Origin of a block that could not be parsed, so that a browser's script may read why.
std::string_view origin_in(std::string_view raw) {
    while (!raw.empty()) {
        const std::size_t end = std::min(raw.find("\r\n"), raw.size());
        const std::string_view line = raw.substr(0, end);
        if (line.size() > 7 && equal_ignoring_case(line.substr(0, 7), "origin:"))
            return line.substr(std::min(line.find_first_not_of(' ', 7), line.size()));
        raw.remove_prefix(std::min(end + 2, raw.size()));
    }
    return {};
}

std::string_view listed_origin(const std::vector<std::string>& listed, std::string_view origin) {
    const auto found = std::ranges::find(listed, origin);
    return found == listed.end() || origin.empty() ? std::string_view{} : std::string_view{*found};
}

/// A request counts as in flight as long as this lives.
class in_flight {
public:
    explicit in_flight(worker& home) : home_{home} { home_.request_begins(); }
    ~in_flight() { home_.request_ends(); }
    in_flight(const in_flight&) = delete;
    in_flight& operator=(const in_flight&) = delete;

private:
    worker& home_;
};

}  // namespace

session::session(worker& home, tcp_socket socket, std::string peer)
    : home_{home}, bounds_{home.shared().settings.bounds}, socket_{std::move(socket)}, gate_{bounds_} {
    request_.peer_address = std::move(peer);
}

async<void> session::run() {
    do {
        outcome asked = co_await read_head();
        if (asked)
            asked = understand();
        if (asked)
            asked = choose_answer();
        if (!asked) {
            co_await refuse(asked.error());
            break;
        }
        std::optional<in_flight> counted;
        if (route_ && !route_->options.probe)
            counted.emplace(home_);
        if (route_ && framing_.has_body())
            asked = co_await read_body();
        if (!asked) {
            co_await refuse(asked.error());
            break;
        }
        co_await answer_request();
        counted.reset();
        if (stream_)
            co_await write_stream();
    } while (keep_alive_);
    co_await linger();
}

async<session::outcome> session::read_head() {
    begin_request();
    const bool first = requests_++ == 0;
    auto until = steady_clock::now() + (first ? bounds_.header_deadline : bounds_.idle_max);
    phase_ = phase::idle;
    for (;;) {
        switch (gate_.scan(in_.unread())) {
            case head_gate::progress::complete:
                phase_ = phase::reading;
                co_return outcome{};
            case head_gate::progress::refused:
                co_return std::unexpected(gate_.why());
            case head_gate::progress::more:
                break;
        }
        if (!gate_.has_begun()) {
            trim_memory();
            const bool wait = !closing_ && (first || !home_.shared().draining);
            if ((!wait || !co_await fill(until)) && !take_last_bytes())
                co_return std::unexpected(gone);
            continue;
        }
        if (phase_ == phase::idle && !first)
            until = steady_clock::now() + bounds_.header_deadline;
        phase_ = phase::reading;
        if ((closing_ || !co_await fill(until)) && !take_last_bytes())
            co_return std::unexpected(expired_ ? refusal{408, "The request's header did not arrive in time."} : gone);
    }
}

/// Before a connection is closed: a request that has just arrived is still answered.
bool session::take_last_bytes() {
    if (expired_)
        return false;
    error_code failed;
    const auto room = in_.prepare(read_bytes_min);
    const std::size_t got = socket_.read_some(asio::buffer(room.data, room.size), failed);
    in_.commit(failed ? 0 : got);
    return !failed && got > 0;
}

void session::begin_request() {
    gate_.restart();
    framing_ = {};
    http_1_0_ = keep_alive_ = head_read_ = false;
    allowed_origin_ = {};
    route_ = nullptr;
    ready_.reset();
    failure_.clear();
    request_.verb = method::get;
    request_.body.clear();
    request_.params.clear();
    request_.request_id.clear();
    request_.user.clear();
    request_.route = {};
}

/// From a block that passed the gate to a request: all but its body.
session::outcome session::understand() {
    const auto refuse_with = [](unsigned status, std::string_view why) {
        return std::unexpected(refusal{status, why});
    };
    const auto block = in_.unread().substr(gate_.begin(), gate_.end() - gate_.begin());
    const auto head = parse_head(block, gate_.minor_version(), request_);
    if (!head)
        return std::unexpected(head.error());
    in_.consume(gate_.end());
    head_read_ = true;
    http_1_0_ = gate_.minor_version() == 0;
    keep_alive_ = head->keep_alive && requests_ < bounds_.requests_per_connection_max;

    const std::string_view id = request_.find_header("X-Request-ID").value_or("");
    request_.request_id = is_clean_id(id) ? std::string{id} : new_id();
    request_.traceparent = new_traceparent(request_.find_header("traceparent").value_or(""), home_.random());
    allowed_origin_ = listed_origin(home_.shared().settings.cors_origins, request_.find_header("Origin").value_or(""));

    const auto found = framing_of(request_.headers, http_1_0_);
    if (!found)
        return std::unexpected(found.error());
    framing_ = *found;
    if (!head->verb)
        return refuse_with(501, "The request's method is not known here.");
    request_.verb = *head->verb;
    if (!parse_target(request_))
        return refuse_with(400, not_a_target);
    return {};
}

/// Either the route's handler (`route_`) or an answer of the engine itself (`ready_`).
session::outcome session::choose_answer() {
    const bool draining = home_.shared().draining;
    auto found = home_.shared().routes.find(request_.verb, request_.path);
    const auto* const matched = std::get_if<router::match>(&found);
    const auto* const other = std::get_if<router::wrong_method>(&found);
    if (draining && !(matched && matched->found->options.probe)) {
        ready_ = engine_problem(503, "The server is about to stop; ask again in a moment.", new_id());
        ready_->with("Retry-After", std::to_string(retry_after_default.count()));
    } else if (matched) {
        route_ = matched->found;
        request_.route = route_->pattern;
        request_.params = std::move(std::get<router::match>(found).params);
        if (framing_.length > route_->options.body_max)
            return std::unexpected(refusal{413, "The request's body is too large."});
    } else if (request_.verb == method::options) {
        ready_ = response{.status = 204};
        ready_->with("Allow", other ? other->allow : std::string{request_.path == "*" ? all_methods : "OPTIONS"});
        if (!allowed_origin_.empty() && request_.find_header("Access-Control-Request-Method"))
            add_preflight_headers(*ready_);
    } else if (other) {
        ready_ = engine_problem(405, "This path does not have that method; it has " + other->allow + ".", new_id());
        ready_->with("Allow", other->allow);
    } else {
        ready_ = engine_problem(404, "There is nothing at this path.", new_id());
    }
    if (ready_ && framing_.has_body())
        keep_alive_ = false;  // its body is not read
    return {};
}

async<session::outcome> session::read_body() {
    chunk_decoder chunks;
    const auto began = steady_clock::now();
    std::size_t received = in_.unread().size();
    if (framing_.expects_continue && in_.empty() && !co_await write(continue_answer, {}))
        co_return std::unexpected(gone);
    for (;;) {
        if (auto done = take_body(chunks))
            co_return std::move(*done);
        in_.prepare(read_body_bytes_min);
        if (closing_ || !co_await fill(body_deadline(began, received)))
            co_return std::unexpected(expired_ ? refusal{408, "The request's body did not arrive in time."} : gone);
        received += in_.unread().size();
    }
}

/// Moves what has arrived of the body to where it belongs; a result when there is no more to read.
std::optional<session::outcome> session::take_body(chunk_decoder& chunks) {
    if (!framing_.chunked) {
        const std::string_view taken = in_.unread().substr(0, framing_.length - request_.body.size());
        request_.body += taken;
        in_.consume(taken.size());
        return request_.body.size() == framing_.length ? std::optional{outcome{}} : std::nullopt;
    }
    std::string_view rest = in_.unread();
    const auto progress = chunks.decode(rest, request_.body, route_->options.body_max);
    in_.consume(in_.unread().size() - rest.size());
    switch (progress) {
        case chunk_decoder::progress::more:
            return std::nullopt;
        case chunk_decoder::progress::complete:
            return outcome{};
        case chunk_decoder::progress::malformed:
            return std::unexpected(refusal{400, "The request's chunked body is malformed.", unreadable::chunks});
        case chunk_decoder::progress::too_large:
            break;
    }
    return std::unexpected(refusal{413, "The request's body is too large."});
}

/// A stalled client has the header deadline's time; a slow one that plus what the minimum rate grants.
session::time_point session::body_deadline(time_point began, std::size_t received) const {
    const std::chrono::milliseconds granted{received * 1000 / bounds_.body_bytes_per_second_min};
    return std::min(began + bounds_.header_deadline + granted, steady_clock::now() + bounds_.header_deadline);
}

async<void> session::answer_request() {
    phase_ = phase::answering;
    const auto began = steady_clock::now();
    response answer;
    if (ready_)
        answer = std::move(*ready_);
    else
        answer = co_await call_handler();
    keep_alive_ = keep_alive_ && !closing_ && !home_.shared().draining && !answer.stream;
    const bool sent = co_await send(answer);
    keep_alive_ = keep_alive_ && sent;
    if (sent && request_.verb != method::head)
        stream_ = std::move(answer.stream);
    if (const auto& observe = home_.shared().settings.observe)
        observe({.asked = request_, .answered = answer, .took = steady_clock::now() - began}, failure_);
}

async<void> session::write_stream() {
    phase_ = phase::streaming;
    trim_memory();
    watch_for_close();
    if (closing_ || home_.shared().draining)
        stream_->cancel();
    try {
        while (const auto piece = co_await stream_->next())
            if (!co_await write(*piece, {}))
                break;
    } catch (const std::exception&) {
        // The head is out, so nothing can be told any more: the client sees the end and comes again.
    }
    stream_.reset();
}

/// A client that goes away is noticed at once, not when the next piece is due.
void session::watch_for_close() {
    socket_.async_wait(asio::socket_base::wait_read,
                       [this, watched = std::weak_ptr{stream_}](const error_code& failed) {
                           const auto here = watched.lock();  // the session is gone when its stream is
                           if (!here || failed)
                               return;
                           char byte = 0;
                           error_code why;
                           if (socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, why) == 0 &&
                               why != asio::error::would_block)
                               here->cancel();
                       });
}

/// The one place where exceptions of handlers end.
async<response> session::call_handler() {
    std::optional<std::chrono::seconds> retry_after;
    try {
        response answer = co_await route_->answer(request_);
        check_headers(answer);
        co_return answer;
    } catch (const unavailable& broken) {
        failure_ = broken.what();
        retry_after = broken.retry_after();
    } catch (const std::bad_alloc&) {
        failure_ = "out of memory";
        retry_after = retry_after_default;
    } catch (const std::exception& broken) {
        failure_ = broken.what();
    } catch (...) {
        failure_ = "an exception that is no std::exception";
    }
    if (!retry_after)
        co_return engine_problem(500, "Something went wrong here; the error_id tells where to look.", new_id());
    auto answer = engine_problem(503, "This cannot be done for now; ask again in a moment.", new_id());
    answer.with("Retry-After", std::to_string(retry_after->count()));
    co_return answer;
}

/// The last answer on this connection, to a request that is not read any further.
async<void> session::refuse(refusal reason) {
    if (reason == gone)
        co_return;
    phase_ = phase::answering;
    keep_alive_ = false;
    if (!head_read_) {
        request_.request_id = new_id();
        allowed_origin_ = listed_origin(home_.shared().settings.cors_origins, origin_in(in_.unread()));
    }
    co_await send(reason.status == 400 ? unreadable_problem(reason.what, reason.why, new_id())
                                       : engine_problem(reason.status, reason.why, new_id()));
    if (const auto& observe = home_.shared().settings.observe_refusal)
        observe(reason.status, reason.why, request_.peer_address);
}

/// False if it could not be written whole.
async<bool> session::send(const response& answer) {
    out_.clear();
    append_head(out_, answer,
                {.date = home_.date(),
                 .request_id = request_.request_id,
                 .allowed_origin = allowed_origin_,
                 .keep_alive = keep_alive_,
                 .http_1_0 = http_1_0_});
    std::string_view body = answer.body;
    if (request_.verb == method::head || answer.status == 204 || answer.status == 304)
        body = {};
    if (body.size() <= joined_body_max) {
        out_ += body;
        body = {};
    }
    return write(out_, body);
}

async<bool> session::write(std::string_view head, std::string_view body) {
    const auto began = steady_clock::now();
    std::size_t written = 0;
    for (;;) {
        error_code failed;
        const std::array buffers{asio::buffer(head), asio::buffer(body)};
        const std::size_t now_written =
            body.empty() ? socket_.write_some(asio::buffer(head), failed) : socket_.write_some(buffers, failed);
        if (failed && failed != asio::error::would_block)
            co_return false;
        if (!failed) {
            written += now_written;
            const std::size_t of_head = std::min(now_written, head.size());
            head.remove_prefix(of_head);
            body.remove_prefix(now_written - of_head);
            if (head.empty() && body.empty())
                co_return true;
        }
        const std::chrono::milliseconds granted{written * 1000 / bounds_.body_bytes_per_second_min};
        deadline_ = std::min(began + bounds_.write_deadline + granted, steady_clock::now() + bounds_.write_deadline);
        co_await socket_.async_wait(asio::socket_base::wait_write, result_in(failed));
        deadline_ = time_point::max();
        if (failed)
            co_return false;
    }
}

/// Waits for more bytes. False if none came: the peer has closed, or somebody here cancelled.
async<bool> session::fill(time_point until) {
    const auto room = in_.prepare(read_bytes_min);
    error_code failed;
    expired_ = false;
    deadline_ = until;
    const std::size_t got = co_await socket_.async_read_some(asio::buffer(room.data, room.size), result_in(failed));
    deadline_ = time_point::max();
    in_.commit(failed ? 0 : got);
    co_return !failed;
}

/// Closing while the client still sends would reset the connection, and the answer could be lost with it.
async<void> session::linger() {
    const bool answered = phase_ == phase::answering;
    phase_ = phase::lingering;
    error_code failed;
    socket_.shutdown(asio::socket_base::shutdown_send, failed);
    const auto until = steady_clock::now() + bounds_.linger_max;
    while (!failed && (answered || !closing_) && steady_clock::now() < until && co_await fill(until))
        in_.consume(in_.unread().size());
}

void session::check_deadline(time_point now) {
    if (deadline_ > now)
        return;
    expired_ = true;
    deadline_ = time_point::max();
    error_code ignored;
    socket_.cancel(ignored);
}

void session::close_if_idle() {
    error_code ignored;
    if (phase_ == phase::idle && requests_ > 1)
        socket_.cancel(ignored);
    if (phase_ == phase::streaming)
        stream_->cancel();
}

void session::close_unless_answering() {
    closing_ = true;
    error_code ignored;
    if (phase_ != phase::answering)
        socket_.cancel(ignored);
    if (phase_ == phase::streaming)
        stream_->cancel();
}

void session::trim_memory() {
    const auto trim = [](std::string& text) {
        if (text.capacity() > kept_bytes_max)
            text = {};
    };
    in_.trim(kept_bytes_max);
    trim(out_);
    trim(request_.body);
    std::size_t headers = 0;
    for (const auto& [name, value] : request_.headers)
        headers += name.capacity() + value.capacity();
    if (headers > kept_bytes_max)
        request_.headers = {};
}

std::string session::new_id() {
    return to_string(make_uuid_v7(home_.shared().time.now(), home_.random()));
}

}  // namespace rondo::http
