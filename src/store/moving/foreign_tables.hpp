#pragma once
// The tables of the FastAPI backend that Rondo takes over from (store/moving/take_over.hpp), as SQLAlchemy makes them.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace rondo {

/// A table of that system and its columns.
struct foreign_column {
    std::string_view name;
    bool required = true;
    bool is_time = false;
    std::string_view or_name{};  ///< what other versions call it
};
struct foreign_table {
    std::string_view name;
    std::vector<foreign_column> columns;  ///< in the order in which rows are read
    std::vector<std::string_view> left_behind;  ///< may be there, and are of no use here
};

/// `users`, `tasks`, and, where tags have tables of their own, `tags` and `task_tags`.
extern const foreign_table foreign_users, foreign_tasks, foreign_tags, foreign_links;

/// Whether tables of these names, and no others, are what that system makes.
bool is_foreign_system(const std::vector<std::string>& tables);

/// Checks a table's columns against those that are there: the column to read in each place (empty: none), or what is wrong,
/// in a sentence.
std::expected<std::vector<std::string>, std::string> match_columns(const foreign_table& table,
                                                                   const std::vector<std::string>& there);

/// Rows as text, a value for each column of the table; times as `2026-02-08T09:00:00.123`, in UTC unless an offset stands
/// behind. In the order of their making.
using foreign_row = std::vector<std::optional<std::string>>;

struct foreign_data {
    std::vector<foreign_row> users, tasks, tags, links;
    /// Where tags are a JSON list in each task instead: the task's id and one name, in the list's order.
    std::vector<foreign_row> tag_names;
};

/// Thrown: why nothing can be taken over, in a sentence.
struct refusal {
    std::string why;
};

/// Those tables as an engine reads them.
class foreign_reader {
public:
    virtual ~foreign_reader() = default;
    /// The names of a table's columns; none: it is not there.
    virtual std::vector<std::string> columns_of(std::string_view table) = 0;
    /// Every row with a value for each column of the table, of which `matched` are there (empty: none), in the order of
    /// their making.
    virtual std::vector<foreign_row> rows_of(const foreign_table& table, const std::vector<std::string>& matched) = 0;
    /// The names in the JSON lists of the tasks. Throws `refusal` for a task whose tags are no list.
    virtual std::vector<foreign_row> tag_names() = 0;
};

/// Rows of a query for so many columns of text.
template <class Rows>
std::vector<foreign_row> texts_of(Rows rows, std::size_t columns) {
    std::vector<foreign_row> read;
    while (rows.step()) {
        foreign_row& row = read.emplace_back();
        for (int i = 0; std::cmp_less(i, columns); ++i)
            row.push_back(rows.optional_text(i));
    }
    return read;
}

/// All of them. Throws `refusal` if a table's columns are others than expected.
foreign_data read_all(foreign_reader& from);

/// Refuses a row that cannot be understood.
[[noreturn]] void refuse_row(std::string_view table, const foreign_row& row, const std::string& why);

/// The value of a column; these refuse the row if it is none. `called` is the column's name.
uuid id_in(std::string_view table, const foreign_row& row, std::size_t column, const char* called);
std::optional<instant> time_in(std::string_view table, const foreign_row& row, std::size_t column);
instant needed_time_in(std::string_view table, const foreign_row& row, std::size_t column);

}  // namespace rondo
