#include "events/event_json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/rfc3339.hpp"

namespace rondo {
namespace {

namespace json = boost::json;

constexpr std::string_view source = "todo-backend";
constexpr std::string_view dapr_wrapped =
    "com.dapr.event.sent";  // what Dapr calls an event that came without an envelope
constexpr std::size_t event_type_max = 100;
constexpr std::size_t event_id_max = 256;

// --- writing ---

/// `text` is valid UTF-8: it has been through the API's reader.
void append_string(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += digits[c >> 4];
            out += digits[c & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":";
    append_string(out, text);
}

void append_optional(std::string& out, std::string_view name, const std::optional<std::string>& text) {
    if (text)
        return append_member(out, name, *text);
    out += ",\"";
    out += name;
    out += "\":null";
}

void append_number(std::string& out, std::string_view name, std::int64_t number) {
    out += ",\"";
    out += name;
    out += "\":";
    out += std::to_string(number);
}

/// A due date with the day or the wall clock that the rules count with, also where the clocks leave it out: a time has the
/// offset from before then, so that both its time of day and its instant are true.
std::string exact_due_text(const due& when, const time_zone& zone) {
    if (when.all_day)
        return format_date(std::chrono::floor<std::chrono::days>(when.wall));
    const auto at = std::chrono::floor<std::chrono::seconds>(begin_instant(when, zone));
    return format_wall(when.wall, when.wall.time_since_epoch() - at.time_since_epoch());
}

std::optional<std::string> limit_text(const series_limit& limit) {
    if (const auto* day = std::get_if<std::chrono::local_days>(&limit))
        return format_date(*day);
    if (const auto* at = std::get_if<instant>(&limit))
        return format_instant(*at);
    return std::nullopt;
}

/// The name in `data`: a completion keeps the name it always had on this topic.
std::string_view event_type_name(event_type type) {
    return type == event_type::completed ? "task-completed" : to_string(type);
}

// --- reading ---

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

/// The media type without its parameters, in lower case.
std::string media_type(std::string_view content_type) {
    std::string type{trim(content_type.substr(0, content_type.find(';')))};
    std::ranges::transform(type, type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return type;
}

/// RFC 4648, section 4, with its padding; nothing else.
std::optional<std::string> decode_base64(std::string_view text) {
    const auto value_of = [](char c) {
        if (c >= 'A' && c <= 'Z')
            return c - 'A';
        if (c >= 'a' && c <= 'z')
            return c - 'a' + 26;
        if (c >= '0' && c <= '9')
            return c - '0' + 52;
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    };
    if (text.size() % 4 != 0)
        return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    text.remove_suffix(padding);
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0)
            return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes += static_cast<char>(bits >> held & 0xff);
        }
    }
    return bytes;
}

std::expected<json::value, std::string> parse(std::string_view text) {
    json::error_code failed;
    const json::parse_options strict{};  // 32 levels, valid UTF-8, no comments
    auto value = json::parse(json::string_view{text.data(), text.size()}, failed, {}, strict);
    if (failed)
        return std::unexpected("The message is not JSON: " + failed.message() + ".");
    return value;
}

/// W3C trace context, version 00 by its shape; zeros, which Dapr delivers where there was none, count as none.
std::string clean_traceparent(std::string_view text) {
    static constexpr std::array<std::size_t, 3> dashes{2, 35, 52};
    if (text.size() != 55 || text.starts_with("ff"))
        return {};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = std::ranges::find(dashes, i) != dashes.end();
        const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !hex)
            return {};
    }
    const auto zeros = [](std::string_view part) { return part.find_first_not_of('0') == std::string_view::npos; };
    return zeros(text.substr(3, 32)) || zeros(text.substr(36, 16)) ? std::string{} : std::string{text};
}

std::optional<std::string_view> text_member(const json::object& object, std::string_view name) {
    const auto* member = object.if_contains(json::string_view{name.data(), name.size()});
    if (member == nullptr || !member->is_string())
        return std::nullopt;
    const auto& text = member->get_string();
    return std::string_view{text.data(), text.size()};
}

template <class Id>
std::expected<Id, std::string> id_member(const json::object& data, std::string_view name) {
    const auto text = text_member(data, name);
    const auto parsed = text ? parse_id<Id>(*text) : std::nullopt;
    if (!parsed)
        return std::unexpected("The event's `" + std::string{name} + "` is not a UUID.");
    return *parsed;
}

/// What the envelope says; of the bare `data`, nothing.
struct envelope {
    std::string type;
    std::string id;
    std::string traceparent;
};

std::expected<event_notice, std::string> read_data(const json::value& data, const envelope& around) {
    const auto* object = data.if_object();
    if (object == nullptr)
        return std::unexpected("The event's data is not an object.");
    const auto subject = id_member<task_id>(*object, "task_id");
    if (!subject)
        return std::unexpected(subject.error());
    const auto owner = id_member<user_id>(*object, "user_id");
    if (!owner)
        return std::unexpected(owner.error());

    // The type in `data` decides: on the topic of the FastAPI backend the envelope only says that Dapr sent something.
    std::string type = around.type == dapr_wrapped ? std::string{} : around.type;
    if (object->contains("event_type")) {
        const auto given = text_member(*object, "event_type");
        if (!given)
            return std::unexpected("The event's `event_type` is not a string.");
        type = *given;
    }
    if (type.empty() || type.size() > event_type_max)
        return std::unexpected("The event does not say its `event_type`.");

    // Read for its shape alone: the task in the database is the truth. Without a zone it is UTC.
    if (const auto* completed = object->if_contains("completed_at"); completed != nullptr && !completed->is_null()) {
        const auto text = text_member(*object, "completed_at");
        if (!text || !parse_date_or_time(*text))
            return std::unexpected("The event's `completed_at` is not a time.");
    }
    const auto id = parse_id<event_id>(around.id);
    return event_notice{.id = id.value_or(event_id{}),
                        .owner = *owner,
                        .subject = *subject,
                        .event_type = std::move(type),
                        .traceparent = clean_traceparent(around.traceparent),
                        .task_done = text_member(*object, "status") == "done"};
}

std::expected<event_notice, std::string> read_structured(const json::object& event) {
    if (text_member(event, "specversion") != "1.0")
        return std::unexpected("The CloudEvent's `specversion` is not 1.0.");
    const auto type = text_member(event, "type");
    const auto id = text_member(event, "id");
    if (!type || type->empty() || type->size() > event_type_max)
        return std::unexpected("The CloudEvent has no `type`.");
    if (!id || id->empty() || id->size() > event_id_max)
        return std::unexpected("The CloudEvent has no `id`.");
    if (!text_member(event, "source"))
        return std::unexpected("The CloudEvent has no `source`.");
    const envelope around{.type = std::string{*type},
                          .id = std::string{*id},
                          .traceparent = std::string{text_member(event, "traceparent").value_or("")}};
    const auto* data = event.if_contains("data");
    const auto encoded = text_member(event, "data_base64");
    if ((data != nullptr) == event.contains("data_base64"))
        return std::unexpected("The CloudEvent must have one of `data` and `data_base64`.");
    if (data != nullptr)
        return read_data(*data, around);
    const auto bytes = encoded ? decode_base64(*encoded) : std::nullopt;
    if (!bytes)
        return std::unexpected("The CloudEvent's `data_base64` is not Base64.");
    const auto value = parse(*bytes);
    return value ? read_data(*value, around) : std::unexpected(value.error());
}

std::expected<event_notice, std::string> read_message(const incoming_message& message) {
    if (message.body.size() > message_bytes_max)
        return std::unexpected("The message is larger than 1 MiB.");
    const auto type = media_type(message.content_type);
    if (type != cloud_event_content_type && type != "application/json")
        return std::unexpected(
            "The message's content type is neither application/cloudevents+json nor application/json.");
    const auto value = parse(message.body);
    if (!value)
        return std::unexpected(value.error());
    const auto* object = value->if_object();
    // A sidecar labels every record as a structured event, one in binary mode and bare data too.
    const bool structured = object != nullptr && object->contains("specversion");
    if (!message.ce_type.empty() && (type == "application/json" || !structured)) {
        if (message.ce_specversion != "1.0")
            return std::unexpected("The CloudEvent's ce-specversion is not 1.0.");
        return read_data(*value, {.type = message.ce_type, .id = message.ce_id, .traceparent = {}});
    }
    if (object == nullptr)
        return std::unexpected("The message is not a JSON object.");
    return structured ? read_structured(*object) : read_data(*value, {});
}

}  // namespace

std::string encode_event_data(const event& happened) {
    const task& told = happened.snapshot;
    std::string out;
    out.reserve(700 + told.title.size() + (told.description ? told.description->size() : 0));
    out += '{';
    append_member(out, "event_type", event_type_name(happened.type));
    append_member(out, "task_id", to_string(told.id));
    append_member(out, "user_id", to_string(told.owner));
    append_member(out, "title", told.title);
    append_optional(out, "description", told.description);
    append_member(out, "priority", to_string(told.priority));
    out += ",\"tags\":[";
    for (const tag& one : told.tags) {
        if (out.back() != '[')
            out += ',';
        append_string(out, one.name);
    }
    out += ']';
    append_member(out, "status", to_string(told.status));
    append_optional(out, "due_date", told.due.transform([&](const due& when) { return due_text(when, told.zone); }));
    if (told.due && exact_due_text(*told.due, told.zone) != due_text(*told.due, told.zone))
        append_member(out, "due_in_series", exact_due_text(*told.due, told.zone));
    append_member(out, "timezone", told.zone.name());
    append_optional(out, "series_start",
                    told.series_start.transform([&](const due& when) { return exact_due_text(when, told.zone); }));
    if (told.moved_from)
        append_member(out, "moved_from", exact_due_text(*told.moved_from, told.zone));
    append_optional(out, "completed_at", told.completed_at.transform(format_instant));
    append_member(out, "recurring_type", to_string(told.repeat.type));
    append_number(out, "recurring_interval", told.repeat.interval);
    append_optional(out, "recurrence_rule",
                    told.repeat.rule.empty() ? std::nullopt : std::optional<std::string>{told.repeat.rule});
    if (told.repeat.counts_start)
        out += R"(,"counts_start":true)";
    append_member(out, "repeat_mode", to_string(told.repeat.mode));
    append_optional(out, "recurring_end_date", limit_text(told.repeat.end));
    append_optional(out, "parent_task_id", told.parent.transform([](task_id id) { return to_string(id); }));
    append_member(out, "series_id", to_string(told.series));
    append_number(out, "occurrence", told.occurrence);
    append_number(out, "version", told.version);
    out += '}';
    return out;
}

std::string to_cloud_event(const stored_event& stored) {
    std::string out;
    out.reserve(stored.data.size() + 400);
    out += '{';
    append_member(out, "specversion", "1.0");
    append_member(out, "id", to_string(stored.id));
    append_member(out, "source", source);
    append_member(out, "type", to_string(stored.type));
    append_member(out, "subject", to_string(stored.subject));
    append_member(out, "time", format_instant(stored.at));
    append_member(out, "datacontenttype", "application/json");
    if (!stored.traceparent.empty())
        append_member(out, "traceparent", stored.traceparent);
    out += ",\"data\":";
    out += stored.data;
    out += '}';
    return out;
}

bool event_notice::needs_reconciling() const {
    static constexpr std::array<std::string_view, 4> always{"task-completed", "task.completed", "task.reopened",
                                                            "task.restored"};
    return std::ranges::find(always, event_type) != always.end() || (task_done && event_type != "task.deleted");
}

std::expected<event_notice, std::string> decode_event(const incoming_message& message) {
    auto notice = read_message(message);
    if (notice && notice->traceparent.empty())
        notice->traceparent = clean_traceparent(message.traceparent);
    return notice;
}

event_notice to_notice(const stored_event& stored) {
    event_notice notice{.id = stored.id,
                        .owner = stored.owner,
                        .subject = stored.subject,
                        .event_type = std::string{event_type_name(stored.type)},
                        .traceparent = stored.traceparent};
    // A creation's snapshot is pending even where the task is born done: its completion is an event of its own. Of the
    // other types, only an update needs a look at what it tells.
    if (stored.type == event_type::updated) {
        const auto data = parse(stored.data);
        const auto* object = data ? data->if_object() : nullptr;
        notice.task_done = object != nullptr && text_member(*object, "status") == "done";
    }
    return notice;
}

}  // namespace rondo
