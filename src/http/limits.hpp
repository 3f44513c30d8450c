#pragma once

#include <chrono>
#include <cstddef>

namespace rondo::http {

/// Every bound of the engine. Tests make them small.
struct limits {
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t header_fields_max = 64;
    std::size_t target_bytes_max = 4 * 1024;
    std::chrono::milliseconds header_deadline{
        10'000};  ///< from the first byte of a request, or the accept, to its empty line
    std::chrono::milliseconds idle_max{60'000};         ///< between requests of one connection
    std::size_t body_bytes_per_second_min = 1024;  ///< after a grace of the header deadline; likewise for answers
    std::chrono::milliseconds write_deadline{30'000};  ///< for a client that does not read
    std::chrono::milliseconds linger_max{2'000};  ///< after our last byte, for the client to read it and close
    std::size_t requests_per_connection_max = 100'000;
    std::size_t connections_max = 16'384;  ///< per server; more wait in the backlog
    std::chrono::milliseconds drain_max{30'000};
};

}  // namespace rondo::http
