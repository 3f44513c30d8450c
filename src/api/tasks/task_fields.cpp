#include "api/tasks/task_fields.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <boost/json/array.hpp>

#include "api/wire/field_names.hpp"
#include "api/wire/json_reader.hpp"

namespace rondo {

namespace json = boost::json;

namespace {

inline constexpr std::size_t rule_max = 1000;           // characters
inline constexpr std::size_t date_max = 64;             // characters
inline constexpr std::size_t time_zone_name_max = 64;   // characters

/// A field whose value is one of few names.
template <class Enum>
std::optional<Enum> read_name(object_reader& body, std::string_view name,
                              std::optional<Enum> (*parse)(std::string_view), std::string_view allowed) {
    const auto text = body.text(name, {});
    if (!text)
        return std::nullopt;
    const auto parsed = parse(*text);
    if (!parsed)
        body.add_fault(name, "must be " + std::string{allowed} + ", not " + shown(*text));
    return parsed;
}

/// A field that `null` clears: what `read` reads if it is anything else.
template <class Read>
auto read_clearable(object_reader& body, std::string_view name, Read read)
    -> std::optional<decltype(read(body, name))> {
    if (body.is_null(name))
        return decltype(read(body, name)){};
    auto value = read(body, name);
    if (!value)
        return std::nullopt;  // absent, or at fault
    return value;
}

std::optional<date_or_time> read_date(object_reader& body, std::string_view name) {
    const auto text = body.text(name, {.max = date_max});
    if (!text)
        return std::nullopt;
    const auto parsed = parse_date_or_time(*text);
    if (!parsed)
        body.add_fault(
            name,
            "must be a date (2026-02-08), a local time (2026-02-08T09:00) or an instant (2026-02-08T09:00:00Z), not " +
                shown(*text));
    return parsed;
}

std::optional<instant> read_instant(object_reader& body, std::string_view name) {
    const auto text = body.text(name, {.max = date_max});
    if (!text)
        return std::nullopt;
    const auto parsed = parse_instant(*text);
    if (!parsed)
        body.add_fault(name, "must be an instant with an offset (2026-02-08T09:00:00Z), not " + shown(*text));
    return parsed;
}

template <class Id>
std::optional<Id> read_id(object_reader& body, std::string_view name) {
    const auto text = body.text(name, {});
    if (!text)
        return std::nullopt;
    const auto parsed = parse_id<Id>(*text);
    if (!parsed)
        body.add_fault(name, "must be a UUID");
    return parsed;
}

std::optional<std::string_view> string_in(const json::value& value) {
    const auto* string = value.if_string();
    return string == nullptr ? std::nullopt : std::optional{std::string_view{string->data(), string->size()}};
}

/// A tag's name out of `value`, or the fault that it has.
std::optional<std::string> read_tag_name(const json::value& value, const std::string& pointer,
                                         std::vector<fault>& faults) {
    const auto text = string_in(value);
    const std::string_view name = text ? trimmed(*text) : std::string_view{};
    if (!name.empty() && character_count(name) <= tag_name_max)
        return std::string{name};
    faults.push_back({pointer, "must be a tag's name of 1 to " + std::to_string(tag_name_max) + " characters"});
    return std::nullopt;
}

/// A tag as it was given out. Members other than its id and name are as they may.
tag_mention read_tag_object(const json::object& object, const std::string& pointer, std::vector<fault>& faults) {
    tag_mention mention;
    const auto given = [&](std::string_view member) {
        const auto* value = object.if_contains(member);
        return value != nullptr && value->is_null() ? nullptr : value;
    };
    const auto* id = given("id");
    const auto* name = given("name");
    if (id != nullptr) {
        const auto text = string_in(*id);
        mention.id = text ? parse_id<tag_id>(*text) : std::nullopt;
        if (!mention.id)
            faults.push_back({pointer + "/id", "must be a UUID"});
    }
    if (name != nullptr)
        mention.name = read_tag_name(*name, pointer + "/name", faults).value_or("");
    if (id == nullptr && name == nullptr)
        faults.push_back({pointer, "must have a name or an id"});
    return mention;
}

std::vector<tag_mention> read_mentions(object_reader& body, const json::array& given) {
    std::vector<tag_mention> mentions;
    std::vector<fault> faults;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const std::string pointer = "/tags/" + std::to_string(i);
        if (const auto* object = given[i].if_object())
            mentions.push_back(read_tag_object(*object, pointer, faults));
        else
            mentions.push_back({.name = read_tag_name(given[i], pointer, faults).value_or("")});
    }
    body.add_faults(std::move(faults));
    return mentions;
}

std::vector<tag_id> read_tag_ids(object_reader& body, const json::array& given) {
    std::vector<tag_id> ids;
    std::vector<fault> faults;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto text = string_in(given[i]);
        const auto id = text ? parse_id<tag_id>(*text) : std::nullopt;
        if (!id)
            faults.push_back({"/tag_ids/" + std::to_string(i), "must be a UUID"});
        ids.push_back(id.value_or(tag_id{}));
    }
    body.add_faults(std::move(faults));
    return ids;
}

/// A tag that could not be read keeps its place, so that a fault found later points to the right one.
std::optional<tag_choice> read_tags(object_reader& body) {
    const auto* tags = body.array("tags", tags_per_task_max);
    const auto* ids = body.array("tag_ids", tags_per_task_max);
    if (body.has("tags") && body.has("tag_ids"))
        body.add_fault("tag_ids", "cannot be given together with tags");
    if (tags != nullptr)
        return read_mentions(body, *tags);
    if (ids != nullptr)
        return read_tag_ids(body, *ids);
    return std::nullopt;
}

std::optional<edit_scope> parse_edit_scope(std::string_view name) {
    if (name == "this")
        return edit_scope::occurrence;
    return name == "series" ? std::optional{edit_scope::series} : std::nullopt;
}

void read_repeat_fields(object_reader& body, task_changes& changes) {
    changes.due_date = read_clearable(body, "due_date", read_date);
    changes.zone = read_zone(body, "timezone");
    changes.type = read_name(body, "recurring_type", parse_recurring_type,
                             "\"none\", \"daily\", \"weekly\", \"monthly\", \"yearly\" or \"custom\"");
    if (const auto interval = body.integer("recurring_interval", 1, interval_max))
        changes.interval = static_cast<int>(*interval);
    changes.rule = read_clearable(body, "recurrence_rule", [](object_reader& from, std::string_view name) {
        return from.text(name, {.max = rule_max});
    });
    changes.mode = read_clearable(body, "repeat_mode", [](object_reader& from, std::string_view name) {
        return read_name(from, name, parse_repeat_mode,
                         "\"after_completion\", \"on_schedule\" or \"every_occurrence\"");
    });
    changes.end_date = read_clearable(body, "recurring_end_date", read_date);
}

}  // namespace

std::optional<time_zone> read_zone(object_reader& body, std::string_view name) {
    const auto text = body.text(name, {.max = time_zone_name_max});
    if (!text)
        return std::nullopt;
    const auto found = time_zone::find(*text);
    if (!found) {
        const auto names = time_zone::names();
        const std::vector<std::string_view> known{names.begin(), names.end()};
        const auto meant = likely_name(*text, known);
        body.add_fault(name, "is not a time zone" + (meant ? "; did you mean " + shown(*meant) + "?"
                                                           : "; it is called like \"Europe/Berlin\""));
    }
    return found;
}

task_fields read_task_fields(const json::object& object, task_body kind) {
    object_reader body{
        object, kind == task_body::of_new_task ? object_reader::nulls::are_absent : object_reader::nulls::are_values};
    task_fields read;
    task_changes& changes = read.changes;
    changes.title = body.text("title", {});
    changes.description = read_clearable(
        body, "description", [](object_reader& from, std::string_view name) { return from.text(name, {}); });
    changes.status = read_name(body, "status", parse_status, "\"pending\", \"in_progress\", \"done\" or \"cancelled\"");
    changes.priority = read_name(body, "priority", parse_priority, "\"low\", \"medium\", \"high\" or \"urgent\"");
    read.tags = read_tags(body);
    read_repeat_fields(body, changes);
    changes.parent = read_clearable(body, "parent_task_id", read_id<task_id>);
    if (!body.is_null("completed_at"))  // as a task that is not done shows it
        changes.completed_at = read_instant(body, "completed_at");
    if (kind == task_body::of_change)
        changes.scope =
            read_name(body, "edit_scope", parse_edit_scope, "\"this\" or \"series\"").value_or(edit_scope::series);
    body.ignore({"id", "user_id", "series_id", "occurrence", "version", "created_at", "updated_at"});
    if (auto ended = body.finish(); !ended)
        read.faults = std::move(ended.error().faults);
    return read;
}

result<std::optional<instant>> read_completed_at(const json::object& object) {
    object_reader body{object};
    std::optional<instant> at;
    if (!body.is_null("completed_at"))
        at = read_instant(body, "completed_at");
    if (auto ended = body.finish(); !ended)
        return std::unexpected(std::move(ended.error()));
    return at;
}

error every_fault(const task_fields& read, const result<judged_task>& judged) {
    error all{.code = errc::invalid, .detail = "Some fields of the request do not fit.", .faults = read.faults};
    if (judged)
        return all;
    for (const fault& more : judged.error().faults) {
        const auto is_same_field = [&](const fault& known) {
            return known.pointer == more.pointer || known.pointer.starts_with(more.pointer + '/');
        };
        if (std::ranges::none_of(read.faults, is_same_field))
            all.faults.push_back(more);
    }
    return all;
}

}  // namespace rondo
