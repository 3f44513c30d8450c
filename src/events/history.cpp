#include "events/history.hpp"

#include <array>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace rondo {

namespace {

namespace json = boost::json;

struct told_field {
    std::string_view name;
    std::string_view when_empty;  ///< in an empty task; nothing if no task is without
};

constexpr std::array<told_field, 15> told_fields{{{"title", ""},
                                                  {"description", "null"},
                                                  {"status", "\"pending\""},
                                                  {"priority", "\"medium\""},
                                                  {"tags", "[]"},
                                                  {"due_date", "null"},
                                                  {"timezone", ""},
                                                  {"completed_at", "null"},
                                                  {"recurring_type", "\"none\""},
                                                  {"recurring_interval", "1"},
                                                  {"recurrence_rule", "null"},
                                                  {"repeat_mode", "\"after_completion\""},
                                                  {"recurring_end_date", "null"},
                                                  {"parent_task_id", "null"},
                                                  {"occurrence", "1"}}};

/// The `data` of an event. The encoder has written it, so it is an object; one that can no longer be read tells nothing.
json::object data_of(const stored_event& event) {
    json::error_code failed;
    auto value = json::parse(event.data, failed);
    return !failed && value.is_object() ? std::move(value.get_object()) : json::object{};
}

const json::value* find(const json::object& data, std::string_view name) {
    return data.if_contains(json::string_view{name.data(), name.size()});
}

std::int64_t number(const json::object& data, std::string_view name) {
    const auto* value = find(data, name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

bool is_set(const json::object& data, std::string_view name) {
    const auto* value = find(data, name);
    return value != nullptr && !value->is_null();
}

std::vector<field_change> set_in(const json::object& made) {
    std::vector<field_change> set;
    for (const told_field& one : told_fields) {
        const auto* value = find(made, one.name);
        if (value == nullptr)
            continue;
        if (auto text = json::serialize(*value); text != one.when_empty)
            set.push_back({.field = one.name, .from = "null", .to = std::move(text)});
    }
    return set;
}

std::vector<field_change> changed_between(const json::object& before, const json::object& after) {
    std::vector<field_change> changes;
    for (const told_field& one : told_fields) {
        const auto* was = find(before, one.name);
        const auto* is = find(after, one.name);
        if (was != nullptr && is != nullptr && *was != *is)
            changes.push_back({.field = one.name, .from = json::serialize(*was), .to = json::serialize(*is)});
    }
    return changes;
}

}  // namespace

std::vector<history_entry> history_of(const std::optional<stored_event>& before, std::span<const stored_event> events) {
    std::vector<history_entry> entries;
    entries.reserve(events.size());
    std::optional<json::object> last = before.transform(data_of);
    for (const stored_event& event : events) {
        json::object data = data_of(event);
        history_entry entry{.id = event.id,
                            .type = event.type,
                            .at = event.at,
                            // Nobody else makes what is not the first of its series.
                            .by_rondo = event.type == event_type::created && number(data, "occurrence") > 1,
                            .version = number(data, "version"),
                            .changes = last ? changed_between(*last, data) : set_in(data),
                            .note = {}};
        if (last && is_set(data, "moved_from") && !is_set(*last, "moved_from"))
            entry.note = "This occurrence alone was moved; the series goes on as before.";
        entries.push_back(std::move(entry));
        last = std::move(data);
    }
    return entries;
}

}  // namespace rondo
