#pragma once
// One line as a task: "Pay rent every month on the 1st at 9am until June #home !high". docs/quick-add.md is the grammar.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.hpp"
#include "domain/task.hpp"
#include "domain/words/date_order.hpp"

namespace rondo {

inline constexpr std::size_t quick_add_max = 1000;  // characters

/// What a piece of the line was read as.
enum class quick_kind : std::uint8_t { title, tag, priority, date, time, repeat, mode, until };

std::string_view to_string(quick_kind);

/// A piece of the line, from its first to its last character that is no white space.
struct quick_part {
    std::size_t at;  ///< bytes from the line's begin
    std::size_t length;  ///< bytes
    quick_kind as;
    std::string value;  ///< what it was read as: `2026-02-12`, `09:00`, `high`, an RRULE; of a title, its words
    friend bool operator==(const quick_part&, const quick_part&) = default;
};

/// Words of a day, a time or a repeat that stay title.
struct quick_unread {
    std::size_t at;  ///< bytes from the line's begin
    std::size_t length;  ///< bytes
    std::string why;  ///< what is to be done about it: a sentence without a full stop
    friend bool operator==(const quick_unread&, const quick_unread&) = default;
};

struct quick_add {
    task_changes fields;  ///< title, priority, due_date, type, interval, rule, mode, end_date: what was read
    std::vector<std::string> tags;  ///< names as written, without repeats
    std::vector<quick_part> parts;  ///< in order; every character but white space is in exactly one
    std::vector<quick_unread> unread;  ///< in order, none over another, each in parts that are title
};

/// Reads a line of valid UTF-8. It never fails: what cannot be read is the title, which may be left empty; `apply` judges
/// the fields as those of any other task. A phrase is read as a whole or not at all: where a day, a time, a number or a repeat
/// would be left in the title right beside what was read, all of it stays title and is in `unread`. `now` is what the wall
/// shows in `zone`; dates in digits are read in `order`, without one not at all. Takes time linear in the line's length.
quick_add read_quick_add(std::string_view line, std::chrono::local_seconds now, const time_zone& zone,
                         std::optional<date_order> order = {});

}  // namespace rondo
