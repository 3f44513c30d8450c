#include "store/moving/task_rows.hpp"

#include <cassert>

#include "store/task_values.hpp"

namespace rondo {

namespace {

cell cell_of(const std::optional<std::int64_t>& value) {
    return value ? cell{*value} : cell{};
}

cell cell_of(const std::optional<instant>& value) {
    return value ? cell{std::int64_t{value->time_since_epoch().count()}} : cell{};
}

cell cell_of(const std::optional<task_id>& value) {
    return value ? cell{value->value} : cell{};
}

template <class Number>
cell number(Number value) {
    return static_cast<std::int64_t>(value);
}

}  // namespace

kept_row row_of(const task& of, bool child_made) {
    kept_row row{of.id.value,
                 of.owner.value,
                 of.title,
                 of.description ? cell{*of.description} : cell{},
                 number(of.status),
                 number(of.priority),
                 cell_of(wall_of(of.due)),
                 number(is_all_day(of.due)),
                 number(due_at(of)),
                 std::string{of.zone.name()},
                 number(of.repeat.type),
                 number(of.repeat.interval),
                 of.repeat.rule,
                 number(of.repeat.mode),
                 cell_of(end_day(of.repeat.end)),
                 cell_of(end_at(of.repeat.end)),
                 cell_of(wall_of(of.series_start)),
                 number(is_all_day(of.series_start)),
                 cell_of(wall_of(of.moved_from)),
                 number(is_all_day(of.moved_from)),
                 cell_of(of.parent),
                 cell_of(foreign_series(of)),
                 number(of.occurrence),
                 cell_of(of.source),
                 of.ended ? number(*of.ended) : cell{},
                 number(of.version),
                 cell_of(std::optional{of.created_at}),
                 cell_of(std::optional{of.updated_at}),
                 cell_of(of.completed_at),
                 cell{},
                 cell{},
                 number(child_made),
                 number(of.repeat.counts_start),
                 number(is_second(of.due)),
                 number(is_second(of.moved_from))};
    assert(row.size() == shape_of(kept_table::tasks).columns.size());
    return row;
}

}  // namespace rondo
