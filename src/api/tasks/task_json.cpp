#include "api/tasks/task_json.hpp"

#include <charconv>

#include "api/wire/text.hpp"

namespace rondo {

namespace {

using std::chrono::local_days;

inline constexpr std::size_t typical_task_bytes = 800;

/// Writes one JSON object, member by member, straight into the answer: lists hold thousands of tasks.
class object_writer {
public:
    explicit object_writer(std::string& out) : out_{out} { out_ += '{'; }

    /// The value is text that needs no escapes.
    void plain(std::string_view name, std::string_view value) {
        key(name);
        out_ += '"';
        out_ += value;
        out_ += '"';
    }
    void text(std::string_view name, std::string_view value) {
        key(name);
        append_json_string(out_, value);
    }
    void number(std::string_view name, std::int64_t value) {
        key(name);
        char digits[20];
        out_.append(digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr);
    }
    void null(std::string_view name) {
        key(name);
        out_ += "null";
    }
    void key(std::string_view name) {
        if (out_.back() != '{')
            out_ += ',';
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }
    void end() { out_ += '}'; }

private:
    std::string& out_;
};

template <class Elements, class Append>
void append_array(std::string& out, const Elements& elements, Append append) {
    out += '[';
    for (const auto& one : elements) {
        if (out.back() != '[')
            out += ',';
        append(out, one);
    }
    out += ']';
}

void write_tag_members(object_writer& object, const tag& shown) {
    object.plain("id", to_string(shown.id));
    object.plain("user_id", to_string(shown.owner));
    object.text("name", shown.name);
    object.plain("color", shown.color);
    object.plain("created_at", format_instant(shown.created_at));
}

void append_tag(std::string& out, const tag& shown) {
    object_writer object{out};
    write_tag_members(object, shown);
    object.end();
}

void write_rule_members(object_writer& object, const task& shown) {
    object.plain("timezone", shown.zone.name());
    object.plain("recurring_type", to_string(shown.repeat.type));
    object.number("recurring_interval", shown.repeat.interval);
    if (shown.repeat.rule.empty())
        object.null("recurrence_rule");
    else
        object.text("recurrence_rule", shown.repeat.rule);
    object.plain("repeat_mode", to_string(shown.repeat.mode));
    if (const auto* day = std::get_if<local_days>(&shown.repeat.end))
        object.plain("recurring_end_date", format_date(*day));
    else if (const auto* at = std::get_if<instant>(&shown.repeat.end))
        object.plain("recurring_end_date", format_instant(*at));
    else
        object.null("recurring_end_date");
}

void write_task_members(std::string& out, object_writer& object, const task& shown) {
    object.plain("id", to_string(shown.id));
    object.plain("user_id", to_string(shown.owner));
    object.text("title", shown.title);
    if (shown.description)
        object.text("description", *shown.description);
    else
        object.null("description");
    object.plain("status", to_string(shown.status));
    object.plain("priority", to_string(shown.priority));
    object.key("tags");
    append_array(out, shown.tags, append_tag);
    if (shown.due)
        object.plain("due_date", due_text(*shown.due, shown.zone));
    else
        object.null("due_date");
    write_rule_members(object, shown);
    if (shown.parent)
        object.plain("parent_task_id", to_string(*shown.parent));
    else
        object.null("parent_task_id");
    object.plain("series_id", to_string(shown.series));
    object.number("occurrence", shown.occurrence);
    object.number("version", shown.version);
    object.plain("created_at", format_instant(shown.created_at));
    object.plain("updated_at", format_instant(shown.updated_at));
    if (shown.completed_at)
        object.plain("completed_at", format_instant(*shown.completed_at));
    else
        object.null("completed_at");
}

void append_task(std::string& out, const task& shown) {
    object_writer object{out};
    write_task_members(out, object, shown);
    object.end();
}

void append_trashed(std::string& out, const found_task& shown) {
    object_writer object{out};
    write_task_members(out, object, shown.task);
    if (shown.deleted_at)
        object.plain("deleted_at", format_instant(*shown.deleted_at));
    object.end();
}

void append_counted(std::string& out, const tag_count& shown) {
    object_writer object{out};
    write_tag_members(object, shown.tag);
    object.number("task_count", shown.task_count);
    object.end();
}

}  // namespace

std::string to_json(const task& shown) {
    std::string out;
    out.reserve(typical_task_bytes);
    append_task(out, shown);
    return out;
}

std::string rule_to_json(const task& shown) {
    std::string out;
    object_writer object{out};
    write_rule_members(object, shown);
    object.end();
    return out;
}

std::string to_json(std::span<const task> shown) {
    std::string out;
    out.reserve(shown.size() * typical_task_bytes);
    append_array(out, shown, append_task);
    return out;
}

std::string to_json(std::span<const found_task> trashed) {
    std::string out;
    append_array(out, trashed, append_trashed);
    return out;
}

std::string to_json(const tag_count& shown) {
    std::string out;
    append_counted(out, shown);
    return out;
}

std::string to_json(std::span<const tag_count> shown) {
    std::string out;
    append_array(out, shown, append_counted);
    return out;
}

}  // namespace rondo
