#include "store/moving/take_over_report.hpp"

#include <algorithm>
#include <utility>

namespace rondo {

void take_over_report::note(std::string_view what, std::string detail) {
    auto known = std::ranges::find(notes, what, &take_over_note::what);
    if (known == notes.end())
        known = notes.insert(notes.end(), {.what = std::string{what}});
    if (++known->count <= static_cast<std::int64_t>(details_max))
        known->details.push_back(std::move(detail));
}

std::vector<std::string> lines_of(const take_over_report& report, bool with_details) {
    std::vector<std::string> lines{"Taken over: " + std::to_string(report.users) + " users, " +
                                   std::to_string(report.tasks) + " tasks, " + std::to_string(report.tags) +
                                   " tags, which are on tasks " + std::to_string(report.links) + " times."};
    for (const take_over_note& note : report.notes) {
        lines.push_back(std::to_string(note.count) + " " + note.what + ".");
        if (!with_details)
            continue;
        for (const std::string& detail : note.details)
            lines.push_back("    " + detail);
        if (note.count > static_cast<std::int64_t>(note.details.size()))
            lines.emplace_back("    and more");
    }
    return lines;
}

}  // namespace rondo
