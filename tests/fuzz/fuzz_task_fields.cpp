// Whatever object comes in as a new task: its faults are named, or a task comes of it that, sent back as it is shown,
// is unchanged.

#include <cstdint>
#include <cstdlib>

#include "api/tasks/task_fields.hpp"
#include "api/tasks/task_json.hpp"
#include "api/wire/json_reader.hpp"

namespace {

using namespace rondo;

void require(bool holds) {
    if (!holds)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = parse_json({reinterpret_cast<const char*>(data), size});
    if (!parsed || !parsed->is_object())
        return 0;
    const instant now{std::chrono::milliseconds{1'770'541'200'000}};
    const task_fields read = read_task_fields(parsed->get_object(), task_body::of_change);
    if (!read.faults.empty()) {
        for (const fault& one : read.faults)
            require(is_clean_text(one.pointer) && is_clean_text(one.message));
        return 0;
    }
    const auto made = apply(task{}, read.changes, now);
    if (!made)
        return 0;

    const auto shown = parse_json(to_json(*made));
    require(shown.has_value());
    const task_fields again = read_task_fields(shown->get_object(), task_body::of_change);
    require(again.faults.empty());
    const auto same = apply(*made, again.changes, now);
    require(same && *same == *made);
    return 0;
}
