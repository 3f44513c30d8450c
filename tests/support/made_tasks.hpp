#pragma once
// Tasks of tests, made and changed as a request would, at one moment.

#include <string_view>

#include "domain/task.hpp"
#include "support/wall_clock.hpp"

namespace rondo::test {

inline const instant made_at = at("2026-02-08T12:00:00Z");

inline date_or_time when(std::string_view text) {
    return parse_date_or_time(text).value();
}

inline task made(task_changes fields) {
    fields.title = "Water the plants";
    return apply({}, fields, made_at).value();
}

inline task changed(const task& before, const task_changes& changes) {
    return apply(before, changes, made_at).value();
}

}  // namespace rondo::test
