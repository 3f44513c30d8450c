#pragma once
// What is told of a take-over to those who run it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

/// One kind of change that was made on the way, or of rows that stay behind.
struct take_over_note {
    std::string what;  ///< "tasks had no title: they are called Untitled"
    std::int64_t count = 0;
    std::vector<std::string> details;  ///< a line for each, `details_max` at most
};

struct take_over_report {
    std::int64_t users = 0, tags = 0, tasks = 0, links = 0;  ///< taken over
    std::vector<take_over_note> notes;

    /// Counts one more of a kind.
    void note(std::string_view what, std::string detail);
};

inline constexpr std::size_t details_max = 10'000;

/// The report for a person: a line for each note, with its details if asked.
std::vector<std::string> lines_of(const take_over_report& report, bool with_details);

}  // namespace rondo
