#pragma once
// Which handler answers which method and path.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/message.hpp"

namespace rondo::http {

inline constexpr std::size_t body_bytes_max = 1024 * 1024;

/// What a route says of itself besides its handler.
struct route_options {
    std::size_t body_max = body_bytes_max;
    bool probe = false;  ///< answered while draining too (health, metrics)
};

class router {
public:
    struct route {
        std::string pattern;
        method verb;
        handler answer;
        route_options options;
    };
    struct not_found {};
    struct wrong_method {
        std::string allow;  ///< for the Allow header, e.g. "GET, HEAD, OPTIONS, POST"
    };
    struct match {
        const route* found;
        std::vector<std::string> params;
    };

    /// `pattern` is a path whose segments are text or a {placeholder}: "/api/tasks/{id}/toggle". All routes are added before the
    /// first look-up; HEAD is answered by GET's handler, OPTIONS by the engine. Adding the same twice throws.
    void add(method verb, std::string pattern, handler answer, route_options options = {});

    /// Text wins over a placeholder; a placeholder never stands for nothing. Thread-safe once all routes are added.
    std::variant<match, not_found, wrong_method> find(method verb, std::string_view path) const;

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// One segment of the tree of patterns.
    struct node {
        std::vector<std::pair<std::string, std::size_t>> text;  ///< next segment -> node
        std::size_t placeholder = none;  ///< node for any other next segment
        std::array<std::size_t, 7> route_of{none, none, none, none, none, none, none};  ///< by method, in routes_
        bool ends_here() const;
    };

    const node* walk(const node& from, std::string_view rest, std::vector<std::string>& params) const;

    std::vector<route> routes_;
    std::vector<node> nodes_{node{}};
};

}  // namespace rondo::http
