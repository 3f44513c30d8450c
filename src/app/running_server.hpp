#pragma once
// One running server, built from a config: the only place that knows which store and which transport are behind the interfaces.

#include <cstdint>
#include <memory>
#include <string_view>

#include "app/config.hpp"

namespace rondo {

class running_server {
public:
    /// Opens and migrates the database, binds the port and starts every thread. Throws `fatal` when one of these cannot be done; nothing is left
    /// running then. SIGTERM and SIGINT must be blocked in the calling thread, so that they are in all others.
    explicit running_server(const checked_config& settings);
    /// Stops in the reverse of the start; requests in flight are cut unless drain() came first.
    ~running_server();

    std::uint16_t port() const;
    std::string_view transport_name() const;  ///< "embedded", "dapr", "kafka"

    /// Thread-safe, returns at once: readyz answers 503 from here on, new requests are refused.
    void begin_drain();
    /// After begin_drain: waits until the requests in flight have ended, or the drain's time is over.
    void drain();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace rondo
