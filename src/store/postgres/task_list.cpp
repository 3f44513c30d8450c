// Lists of tasks: the filters, the order, the page.

#include <variant>

#include "store/fold.hpp"
#include "store/postgres/postgres_transaction.hpp"
#include "store/postgres/task_columns.hpp"
#include "store/postgres/task_text.hpp"
#include "store/task_values.hpp"

namespace rondo::postgres {

namespace {

/// A statement as it grows, with the values of its parameters.
class list_query {
public:
    /// The name of a parameter with this value.
    std::string value(const auto& given) {
        values_.add(given);
        return "$" + std::to_string(values_.size());
    }
    /// The same for text, which is kept.
    std::string text(std::string given) {
        texts_.push_back(std::move(given));
        return value(texts_.back());
    }
    void where(const std::string& condition) { where_ += (where_.empty() ? " WHERE " : " AND ") + condition; }

    const std::string& conditions() const { return where_; }
    const parameters& values() const { return values_; }

private:
    std::deque<std::string> texts_;  // stay where they are
    parameters values_;
    std::string where_;
};

void add_filters(list_query& query, user_id owner, const task_filter& filter) {
    const std::string own = query.value(owner);
    query.where("t.owner = " + own + " AND t.deleted_at IS NULL");
    if (filter.text)
        for (const search_word& word : search_words(*filter.text))
            if (auto asked = word_query(word)) {
                const std::string wanted = query.text(*std::move(asked)).append("::text::tsquery");
                query.where(
                    std::string{"(t.words @@ "}
                        .append(wanted)
                        .append(" OR t.number IN (SELECT tt.task FROM tags g JOIN task_tags tt ON tt.tag = g.number"
                                " WHERE g.owner = ")
                        .append(own)
                        .append(" AND g.words @@ ")
                        .append(wanted)
                        .append("))"));
            }
    if (filter.tag)
        query.where(
            "t.number IN (SELECT tt.task FROM tags g JOIN task_tags tt ON tt.tag = g.number"
            " WHERE g.owner = " +
            own + " AND g.id = " + query.value(*filter.tag) + ")");
    for (const std::string& name : filter.tag_names)
        query.where(
            "t.number IN (SELECT tt.task FROM tags g JOIN task_tags tt ON tt.tag = g.number"
            " WHERE g.owner = " +
            own + " AND g.name_key = " + query.text(folded(name)) + ")");
    if (filter.series) {
        const std::string series = query.value(*filter.series);
        query.where("(t.series = " + series + " OR (t.id = " + series + " AND t.series IS NULL))");
    }
    if (filter.parent)
        query.where("t.parent = " + query.value(*filter.parent));
    if (filter.status)
        query.where("t.status = " + query.value(*filter.status));
    if (filter.priority)
        query.where("t.priority = " + query.value(*filter.priority));
    if (filter.due_before)
        query.where("t.due_at < " + query.value(due_at_max(*filter.due_before)) +
                    " AND CASE WHEN t.due_all_day THEN t.due_wall < " + query.value(wall_of(*filter.due_before)) +
                    " ELSE t.due_at < " + query.value(filter.due_before->at) + " END");
    if (filter.due_after)
        query.where("t.due_at >= " + query.value(due_at_min(*filter.due_after)) + " AND t.due_at < " +
                    query.value(never) +
                    " AND CASE WHEN t.due_all_day THEN t.due_wall >= " + query.value(wall_of(*filter.due_after)) +
                    " ELSE t.due_at >= " + query.value(filter.due_after->at) + " END");
    // 2 and 3: done and cancelled.
    static_assert(static_cast<int>(task_status::done) == 2 && static_cast<int>(task_status::cancelled) == 3);
    if (filter.overdue) {
        const std::string now = query.value(filter.now);
        query.where(*filter.overdue ? "t.due_at < " + now + " AND t.status NOT IN (2, 3)"
                                    : "(t.due_at >= " + now + " OR t.status IN (2, 3))");
    }
    if (filter.recurring)
        query.where(*filter.recurring ? "t.repeat_type <> 0" : "t.repeat_type = 0");
}

/// The column of a sort order.
const char* column(sort_key key) {
    switch (key) {
        case sort_key::created_at:
            return "t.created_at";
        case sort_key::due_date:
            return "t.due_at";
        case sort_key::updated_at:
            return "t.updated_at";
        case sort_key::priority:
            return "t.priority";
        case sort_key::title:
            break;
    }
    return "t.title_key";
}

/// A title as it is sorted: without regard to the case of ASCII letters, as the column title_key says.
std::string title_key(std::string title) {
    for (char& c : title)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return title;
}

void add_start(list_query& query, const page_request& page) {
    if (!page.after)
        return;
    const auto* const title = std::get_if<std::string>(&page.after->key);
    const std::string key =
        title != nullptr ? query.text(title_key(*title)) : query.value(std::get<std::int64_t>(page.after->key));
    query.where("(" + std::string{column(page.sort)} + ", t.id) " + (page.descending ? "<" : ">") + " (" + key + ", " +
                query.value(page.after->last) + ")");
}

}  // namespace

task_page postgres_transaction::list_tasks(user_id owner, const task_filter& filter, const page_request& page) const {
    list_query query;
    add_filters(query, owner, filter);
    add_start(query, page);
    const char* const direction = page.descending ? " DESC" : " ASC";
    const std::string sql = "SELECT " RONDO_TASK_COLUMNS " FROM tasks t" + query.conditions() + " ORDER BY " +
                            column(page.sort) + direction + ", t.id" + direction + " LIMIT " +
                            query.value(page.limit + 1);
    auto found = of(owner).query_with(sql, query.values());
    auto tasks = read_tasks(found, owner);

    task_page read;
    const bool more = tasks.size() > page.limit;
    if (more)
        tasks.pop_back();
    if (more && !tasks.empty())
        read.next = cursor_at(tasks.back().found.task, tasks.back().due_at, page.sort);
    read.tasks.reserve(tasks.size());
    for (task_row& each : tasks)
        read.tasks.push_back(std::move(each.found.task));
    return read;
}

}  // namespace rondo::postgres
