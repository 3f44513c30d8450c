#pragma once
// The database of the FastAPI backend that Rondo takes over from, and what becomes of each of its rows: the same whichever
// engine it lies in. docs/taking-over.md tells it to those who run it.

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/moving/foreign_tables.hpp"
#include "store/moving/kept_rows.hpp"
#include "store/moving/take_over_report.hpp"

namespace rondo {

struct taken_over {
    std::vector<kept_row> users, tags, tasks, links;  ///< of the tables users, tags, tasks and task_tags
    take_over_report report;
};

/// The rows that are kept instead, or why nothing can be taken over, in a sentence that names the row: one that cannot be
/// understood is not dropped in silence. `new_id` makes ids for tags that had none. Pure: no I/O.
std::expected<taken_over, std::string> take_over(const foreign_data& from, instant now,
                                                 const std::function<uuid()>& new_id);

/// The same for all that is read, now. Throws `refusal` instead.
taken_over take_over_now(foreign_reader& from);

/// What became of a database that was taken over.
struct take_over_outcome {
    take_over_report report;
    std::string copy;  ///< where the old tables are, for a person
    std::string kept_in;  ///< where the report is, for a person
};

}  // namespace rondo
