// Whatever valid UTF-8 comes in: the parts cover it once, in order; the fields make a task but for the title; what
// repeats has a rule that can be parsed and a day to begin on.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/text.hpp"
#include "domain/quick_add.hpp"
#include "domain/rrule.hpp"
#include "domain/white_space.hpp"

namespace {

using namespace rondo;

void require(bool holds) {
    if (!holds)
        std::abort();
}

/// Whether there is nothing but white space.
bool is_blank(std::string_view text) {
    while (const std::size_t space = leading_space(text))
        text.remove_prefix(space);
    return text.empty();
}

void require_cover(std::string_view line, const quick_add& found) {
    std::size_t end = 0;
    for (const quick_part& part : found.parts) {
        require(part.at >= end && part.length > 0 && part.at + part.length <= line.size());
        require(is_blank(line.substr(end, part.at - end)));
        require(is_clean_text(line.substr(part.at, part.length)) && is_clean_text(part.value));
        end = part.at + part.length;
    }
    require(is_blank(line.substr(end)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line{reinterpret_cast<const char*>(data), size};
    if (!is_clean_text(line))
        return 0;
    const auto now = std::get<std::chrono::local_seconds>(*parse_date_or_time("2026-02-11T10:30"));
    const quick_add found = read_quick_add(line, now, {});
    require_cover(line, found);
    require(found.tags.size() <= tags_per_task_max);
    require(found.fields.title && is_clean_text(*found.fields.title));

    task_changes fields = found.fields;
    fields.title = "title";
    const auto made = apply({}, fields, instant{std::chrono::milliseconds{1'770'800'000'000}});
    require(made.has_value());
    if (made->repeat.type != recurring_type::none)
        require(made->due.has_value());
    if (made->repeat.type == recurring_type::custom)
        require(parse_rrule(made->repeat.rule).has_value());
    return 0;
}
