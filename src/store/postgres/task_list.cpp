// Lists of tasks: the filters, the order, the page.

#include <span>
#include <utility>
#include <variant>

#include "store/postgres/postgres_transaction.hpp"
#include "store/sql/text_keys.hpp"
#include "store/task_values.hpp"
#include "text/keys.hpp"

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
    /// The same for text, and for bytes, which are kept.
    std::string text(std::string given) {
        texts_.push_back(std::move(given));
        return value(texts_.back());
    }
    std::string bytes(std::string given) {
        texts_.push_back(std::move(given));
        return value(std::span{std::as_const(texts_.back())});
    }
    void where(const std::string& condition) { where_ += (where_.empty() ? " WHERE " : " AND ") + condition; }

    const std::string& conditions() const { return where_; }
    const parameters& values() const { return values_; }

private:
    std::deque<std::string> texts_;  // stay where they are
    parameters values_;
    std::string where_;
};

/// What a list has to know of the keys of text.
struct keys_of_list {
    bool titles_have_keys = true;
    /// For each word of the search, tasks that have it in their text, but no words to search yet; empty where all have.
    std::vector<std::vector<std::int64_t>> missing;
};

void add_word(list_query& query, const std::string& own, const search_word& word,
              const std::vector<std::int64_t>* missing) {
    const std::string wanted = query.text(word.folded);
    query.where(
        std::string{"(strpos(t.folded_words, "}
            .append(wanted)
            .append(") > 0 OR t.number IN (SELECT tt.task FROM tags g JOIN task_tags tt ON tt.tag = g.number"
                    " WHERE g.owner = ")
            .append(own)
            .append(" AND strpos(g.folded_words, ")
            .append(wanted)
            .append(missing == nullptr ? ") > 0))" : ") > 0) OR t.number = ANY(" + query.value(*missing) + "))"));
}

void add_filters(list_query& query, user_id owner, const task_filter& filter, const keys_of_list& keys) {
    const std::string own = query.value(owner);
    query.where("t.owner = " + own + " AND t.deleted_at IS NULL");
    if (filter.text) {
        const auto words = search_words(*filter.text);
        for (std::size_t i = 0; i < words.size(); ++i)
            add_word(query, own, words[i], keys.missing.empty() ? nullptr : &keys.missing[i]);
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
            own + " AND g.name_key = " + query.text(tag_key(name)) + ")");
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

/// What is sorted by. As long as not all tasks have their keys, titles are compared as they are, without regard to the
/// case of ASCII letters.
const char* column(sort_key key, bool titles_have_keys) {
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
    return titles_have_keys
               ? "t.title_order"
               : "translate(t.title, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') COLLATE \"C\"";
}

std::string without_ascii_case(std::string title) {
    for (char& c : title)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return title;
}

void add_start(list_query& query, const page_request& page, bool titles_have_keys) {
    if (!page.after)
        return;
    const auto* const title = std::get_if<std::string>(&page.after->key);
    const std::string key = title == nullptr   ? query.value(std::get<std::int64_t>(page.after->key))
                            : titles_have_keys ? query.bytes(title_order(*title))
                                               : query.text(without_ascii_case(*title));
    query.where("(" + std::string{column(page.sort, titles_have_keys)} + ", t.id) " + (page.descending ? "<" : ">") +
                " (" + key + ", " + query.value(page.after->last) + ")");
}

}  // namespace

task_page postgres_transaction::list_tasks(user_id owner, const task_filter& filter, const page_request& page) const {
    const auto ask = [&](const keys_of_list& keys) {
        list_query query;
        add_filters(query, owner, filter, keys);
        add_start(query, page, keys.titles_have_keys);
        const char* const direction = page.descending ? " DESC" : " ASC";
        const std::string sql = "SELECT " RONDO_TASK_COLUMNS " FROM tasks t" + query.conditions() + " ORDER BY " +
                                column(page.sort, keys.titles_have_keys) + direction + ", t.id" + direction +
                                " LIMIT " + query.value(page.limit + 1);
        return of(owner).query_with(sql, query.values());
    };
    // Nearly always all tasks have their keys: whether they do is asked in the same packet, and if not, the list again.
    const bool by_keys = filter.text || page.sort == sort_key::title;
    const auto state = by_keys ? of(owner).ask("SELECT rules, done_to, gaps FROM text_keys") : nullptr;
    auto found = ask({});
    if (state && (*state)->step()) {
        const text_keys_state keys = sql::read_text_keys(**state);
        const bool has_gaps = filter.text && keys.gaps && keys.done_to;
        if (has_gaps || (page.sort == sort_key::title && !keys.is_complete()))
            found = ask({.titles_have_keys = keys.is_complete(),
                         .missing = has_gaps ? found_without_words(owner, search_words(*filter.text), *keys.done_to)
                                             : std::vector<std::vector<std::int64_t>>{}});
    }
    auto tasks = read_tasks(found, owner);

    task_page read;
    const bool more = tasks.size() > page.limit;
    if (more)
        tasks.pop_back();
    if (more && !tasks.empty())
        read.next = cursor_at(tasks.back().found.task, tasks.back().due_at, page.sort);
    read.tasks.reserve(tasks.size());
    for (sql::task_row& each : tasks)
        read.tasks.push_back(std::move(each.found.task));
    return read;
}

}  // namespace rondo::postgres
