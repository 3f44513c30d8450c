#pragma once
// The HTTP engine's face: a thread per io_context, each accepting for itself (SO_REUSEPORT).

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"

namespace rondo::http {

/// What happened with one request, told once, after its answer is written (or could not be).
struct exchange {
    const request& asked;       ///< the body may be gone
    const response& answered;
    std::chrono::nanoseconds took;
};

struct server_options {
    std::string host = "0.0.0.0";
    std::uint16_t port = 8000;  ///< 0: the system chooses, see `port()`
    unsigned threads = 0;       ///< 0: one per core
    std::vector<std::string> cors_origins;
    limits bounds;
    /// On the connection's thread; must not throw. Exceptions a handler lets out have become a 500 (or 503) by then;
    /// `failure` is their text, and empty otherwise.
    std::function<void(const exchange&, std::string_view failure)> observe;
    /// A connection closed before a request could be read whole, with the status it was told (400, 408, 413, ...).
    /// Likewise on the connection's thread and without throwing.
    std::function<void(unsigned status, std::string_view why, std::string_view peer)> observe_refusal;
};

class server {
public:
    /// Binds and listens; throws `fatal` (69) in one clear line when the address is taken or not ours.
    /// The router is complete; it is kept by reference.
    server(server_options settings, const router& routes, const clock& time, random_source& random);
    ~server();

    std::uint16_t port() const;

    /// Starts the threads and returns.
    void start();

    /// Thread-safe, returns at once. New requests other than probes get 503 and Connection: close; idle connections close;
    /// those in flight end.
    void begin_drain();
    bool draining() const;

    /// After begin_drain (which it calls if nobody has): accepts, and answers probes, until nothing is in flight or
    /// `drain_max` has passed; then answers what lies unread with 503, closes everything and joins the threads. A second call returns at once.
    void stop();
    /// Closes everything at once and joins the threads; also cuts short a `stop()` that another thread is waiting in.
    /// Handlers that were suspended are destroyed with the server, so what they wait for must have ended by then.
    void stop_now();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace rondo::http
