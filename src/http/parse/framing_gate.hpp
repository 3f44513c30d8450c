#pragma once
// The framing gate: refuses every byte sequence that two HTTP programs could read as different requests, before any
// lenient parser sees it. It is stricter than RFC 9112 on purpose; after a refusal the connection is closed.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "http/limits.hpp"
#include "http/message.hpp"

namespace rondo::http {

/// What of a request cannot be read (RFC 9112); each is a problem of its own.
enum class unreadable : std::uint8_t { request_line, header, no_host, host, length, chunks };

/// Why a request is not read any further, and the status the client is told. `gone`: nobody is there to be told.
struct refusal {
    unsigned status = 400;
    std::string_view why;
    unreadable what = unreadable::request_line;  ///< with 400
    friend bool operator==(const refusal&, const refusal&) = default;
};

inline constexpr refusal gone{0, ""};

/// Checks a header block byte by byte as it arrives, in any number of pieces.
class head_gate {
public:
    enum class progress : std::uint8_t { more, complete, refused };

    explicit head_gate(const limits& bounds) : bounds_{bounds} {}

    /// `received` is all that has come since the request's first byte; only what is new in it is looked at.
    /// `refused` is for good, and comes with the first byte that cannot be right.
    progress scan(std::string_view received);

    /// Whether a request has begun: the empty line that may stand before it is none yet.
    bool has_begun() const { return state_ > state::method || (state_ == state::method && at_ > begin_); }
    /// Where the request line begins: behind the empty line before it, if there is one.
    std::size_t begin() const { return begin_; }
    /// Where the block ends, with its empty line; known once `complete`.
    std::size_t end() const { return at_; }
    /// The x of HTTP/1.x; known once `complete`.
    unsigned minor_version() const { return minor_version_; }
    /// Known once `refused`.
    const refusal& why() const { return why_; }
    void restart();

private:
    enum class state : std::uint8_t {
        leading_line_end,
        method,
        target,
        version,
        line_end,
        line_start,
        name,
        value_start,
        value,
        last_line_end
    };

    progress refuse(unsigned status, std::string_view why, unreadable what = {});

    const limits& bounds_;
    refusal why_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    std::size_t part_ = 0;    ///< where the current target or version begins
    std::size_t fields_ = 0;
    unsigned minor_version_ = 0;
    state state_ = state::method;
    bool refused_ = false;
};

/// How the request's body is delimited.
struct framing {
    bool chunked = false;
    std::uint64_t length = 0;        ///< if not chunked
    bool expects_continue = false;
    bool has_body() const { return chunked || length > 0; }
};

/// Reads Host, Content-Length, Transfer-Encoding, Content-Encoding and Expect of a block that passed the gate and
/// was split into fields. Host is one, and on HTTP/1.0 one or none (RFC 9112, section 3.2).
std::expected<framing, refusal> framing_of(const std::vector<header>& headers, bool http_1_0);

/// Takes the chunks of a body apart, in any number of pieces. Trailers are refused.
class chunk_decoder {
public:
    enum class progress : std::uint8_t { more, complete, malformed, too_large };

    /// Takes bytes off the front of `input` and appends the data to `body`, which never grows beyond `body_max`.
    /// Leaves in `input` what lies behind the body once `complete`.
    progress decode(std::string_view& input, std::string& body, std::size_t body_max);

private:
    enum class state : std::uint8_t { size, extension, size_end, data, data_cr, data_lf, last_cr, last_lf };

    state state_ = state::size;
    std::uint64_t left_ = 0;  ///< of the chunk
    std::size_t digits_ = 0;
    std::size_t extension_bytes_ = 0;
};

}  // namespace rondo::http
