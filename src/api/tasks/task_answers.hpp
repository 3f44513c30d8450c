#pragma once
// What the routes of tasks and of the trash have in common.

#include "api/tasks/task_etag.hpp"
#include "api/tasks/task_json.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/responses.hpp"
#include "http/message.hpp"

namespace rondo {

/// A task with its entity tag. A proxy that compresses must change a strong tag (RFC 9110, section 8.8.3.3), which is
/// then no good for If-Match; so it is asked not to (RFC 9111, section 5.2.2.6).
inline http::response task_response(unsigned status, const task& shown) {
    auto answer = json_response(status, to_json(shown));
    answer.with("ETag", etag_of(shown)).with("Cache-Control", "no-store, no-transform");
    return answer;
}

/// The same for an id that is none, for no task, and for another user's: they cannot be told apart.
inline http::response no_such_task() {
    return problem_response({.code = errc::not_found, .detail = "There is no such task."});
}

}  // namespace rondo
