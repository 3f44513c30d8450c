#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "base/error.hpp"

namespace rondo {

inline constexpr std::size_t form_fields_max = 32;

/// `username` and `password` of a form (application/x-www-form-urlencoded), as the object {"email", "password"} that
/// JSON would have brought. Other fields are ignored, as OAuth 2 wants it (RFC 6749, section 3.2). errc::malformed_form for
/// a broken escape, what is not UTF-8, a NUL, or one of the two given twice.
result<boost::json::object> read_login_form(std::string_view body);

}  // namespace rondo
