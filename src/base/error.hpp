#pragma once
// What can go wrong and is expected to: reported as std::expected with a reason. A broken environment is thrown
// as `unavailable` and caught once per request or loop.

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rondo {

/// Why an expected failure happened. Every value has a row in api/problems.cpp.
enum class errc : std::uint8_t {
    malformed,            ///< not JSON, or JSON we refuse to read (400)
    malformed_header,     ///< a field of the header that cannot be read, such as If-Match (400)
    malformed_form,       ///< a form that cannot be read (400)
    no_body,              ///< a body is needed, and there is none (400)
    invalid,              ///< fields that do not fit; see error::faults (422)
    unauthenticated,      ///< no token, or a bad one (401)
    wrong_credentials,    ///< e-mail or password is wrong; never says which (401)
    forbidden,            ///< known, but not allowed to call this (403)
    not_found,            ///< no such thing, or another user's (404)
    email_taken,          ///< (409)
    tag_name_taken,       ///< (409)
    conflict,             ///< the present state does not allow this (409)
    version_mismatch,     ///< If-Match named another version (412)
    unsupported_content,  ///< wrong Content-Type or Content-Encoding (415)
    too_many_requests,    ///< see error::retry_after (429)
    unavailable,          ///< see error::retry_after (503)
};

/// One bad field. `pointer` is an RFC 6901 JSON pointer into the body, or `?name` for a query parameter.
struct fault {
    std::string pointer;
    std::string message;
    friend bool operator==(const fault&, const fault&) = default;
};

/// An expected failure. `detail` is one sentence a person can act on; it may be shown to the client.
struct error {
    errc code;
    std::string detail;
    std::vector<fault> faults{};
    std::optional<std::chrono::seconds> retry_after{};
};

template <class T>
using result = std::expected<T, error>;

inline std::unexpected<error> fail(errc code, std::string detail) {
    return std::unexpected(error{.code = code, .detail = std::move(detail)});
}

/// The environment is broken for now (disk full, database locked, queue full): answered with 503 and `Retry-After`.
/// Whatever was under way has been rolled back whole.
class unavailable : public std::runtime_error {
public:
    explicit unavailable(const std::string& what, std::chrono::seconds retry_after = std::chrono::seconds{2})
        : std::runtime_error{what}, retry_after_{retry_after} {}
    std::chrono::seconds retry_after() const noexcept { return retry_after_; }

private:
    std::chrono::seconds retry_after_;
};

/// The program cannot start or go on as configured. `what()` is the one line to print; the process ends with
/// `exit_code` (sysexits.h: 78 configuration, 74 input or output, 69 a service that is not there).
class fatal : public std::runtime_error {
public:
    fatal(int exit_code, const std::string& what) : std::runtime_error{what}, exit_code_{exit_code} {}
    int exit_code() const noexcept { return exit_code_; }

private:
    int exit_code_;
};

}  // namespace rondo
