#pragma once
// One connection: reads requests one after another and answers each.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "base/async.hpp"
#include "http/input_buffer.hpp"
#include "http/message.hpp"
#include "http/parse/framing_gate.hpp"
#include "http/router.hpp"

namespace rondo::http {

class worker;

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

/// Leaves the worker's list by itself when it ends.
class session : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    session(worker& home, tcp_socket socket, std::string peer);

    /// Until the connection is closed. To be called once.
    async<void> run();

    /// Cancels what the session waits for if that is overdue.
    void check_deadline(time_point now);
    /// Draining: for a session between two requests, or in an answer that has no end.
    void close_if_idle();
    /// Stopping: now, or as soon as the present answer is written.
    void close_unless_answering();

private:
    enum class phase : std::uint8_t { idle, reading, answering, streaming, lingering };
    using outcome = std::expected<void, refusal>;

    async<outcome> read_head();
    bool take_last_bytes();
    void begin_request();
    outcome understand();
    outcome choose_answer();
    async<outcome> read_body();
    std::optional<outcome> take_body(chunk_decoder& chunks);
    time_point body_deadline(time_point began, std::size_t received) const;
    async<response> call_handler();
    async<void> answer_request();
    async<void> write_stream();
    void watch_for_close();
    async<void> refuse(refusal reason);
    async<bool> send(const response& answer);
    async<bool> write(std::string_view head, std::string_view body);
    async<bool> fill(time_point until);
    async<void> linger();
    void trim_memory();
    std::string new_id();

    worker& home_;
    const limits& bounds_;
    tcp_socket socket_;
    input_buffer in_;
    std::string out_;

    // What the sweep looks at.
    time_point deadline_ = time_point::max();
    bool expired_ = false;   ///< the last wait was ended by its deadline
    bool closing_ = false;
    phase phase_ = phase::idle;

    // The present request.
    head_gate gate_;
    request request_;
    framing framing_;
    bool http_1_0_ = false;
    bool keep_alive_ = false;
    bool head_read_ = false;
    std::string_view allowed_origin_;
    const router::route* route_ = nullptr;
    std::optional<response> ready_;  ///< the engine's own answer, instead of a route's
    std::shared_ptr<body_stream> stream_;  ///< the rest of the answer
    std::string failure_;            ///< of the handler, for the log
    std::size_t requests_ = 0;
};

using session_list = boost::intrusive::list<session, boost::intrusive::constant_time_size<false>>;

}  // namespace rondo::http
