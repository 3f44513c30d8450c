#pragma once
// How a call begins that changes one thing: with its id, a condition and a body.

#include <cstdint>
#include <string>

#include <boost/json/object.hpp>

#include "api/wire/etags.hpp"
#include "api/wire/request_body.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "http/message.hpp"

namespace rondo {

enum class body_kind : std::uint8_t { required, optional, none };

template <class Id>
struct asked_change {
    Id id;
    etag_condition if_match;
    boost::json::object body;  ///< empty where none was sent
};

/// The id in the path, If-Match and the body; the first of them, in this order, that does not fit is the error. An id that is
/// none is errc::not_found: no `what` ("task") has it.
template <class Id>
result<asked_change<Id>> begin_change(const http::request& asked, std::string_view what, body_kind body) {
    const auto id = parse_id<Id>(asked.params.at(0));
    if (!id)
        return fail(errc::not_found, "There is no such " + std::string{what} + ".");
    auto if_match = read_if_match(asked);
    if (!if_match)
        return std::unexpected(std::move(if_match.error()));
    auto object = body == body_kind::required   ? read_json_object(asked)
                  : body == body_kind::optional ? read_optional_json_object(asked)
                                                : boost::json::object{};
    if (!object)
        return std::unexpected(std::move(object.error()));
    return asked_change<Id>{.id = *id, .if_match = *std::move(if_match), .body = *std::move(object)};
}

}  // namespace rondo
