#pragma once
// The database of the FastAPI backend that Rondo takes over from, and what becomes of each of its rows: the same whichever
// engine it lies in. docs/taking-over.md tells it to those who run it. Pure: no I/O.

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/moving/foreign_tables.hpp"
#include "store/moving/kept_rows.hpp"

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
};

inline constexpr std::size_t details_max = 10'000;

struct taken_over {
    std::vector<kept_row> users, tags, tasks, links;  ///< of the tables users, tags, tasks and task_tags
    take_over_report report;
};

/// The rows that are kept instead, or why nothing can be taken over, in a sentence that names the row: one that cannot be
/// understood is not dropped in silence. `new_id` makes ids for tags that had none.
std::expected<taken_over, std::string> take_over(const foreign_data& from, instant now,
                                                 const std::function<uuid()>& new_id);

/// What became of a database that was taken over.
struct take_over_outcome {
    take_over_report report;
    std::string copy;  ///< where the old tables are, for a person
    std::string kept_in;  ///< where the report is, for a person
};

/// The report for a person: a line for each note, with its details if asked.
std::vector<std::string> lines_of(const take_over_report& report, bool with_details);

}  // namespace rondo
