#pragma once
// The problems the engine itself answers with.

#include <string_view>

#include "http/message.hpp"
#include "http/parse/framing_gate.hpp"

namespace rondo::http {

/// `detail` is one sentence a person can act on. Of a status the engine uses: 404, 405, 408, 413, 414, 415, 417,
/// 431, 500, 501, 503.
response engine_problem(unsigned status, std::string_view detail, std::string_view error_id);

/// The same with 400: type and title say what it is that cannot be read.
response unreadable_problem(unreadable what, std::string_view detail, std::string_view error_id);

}  // namespace rondo::http
