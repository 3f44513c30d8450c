// One line that becomes a task: POST /api/tasks/quick. How it is read is the domain's.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/tasks/task_answers.hpp"
#include "api/tasks/task_fields.hpp"
#include "api/wire/json_reader.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/request_body.hpp"
#include "api/wire/text.hpp"
#include "domain/quick_add/quick_add.hpp"
#include "domain/readable_text.hpp"
#include "domain/white_space.hpp"
#include "domain/words/date_order.hpp"
#include "usecases/tasks/tasks.hpp"

namespace rondo {

namespace {

namespace json = boost::json;

struct quick_body {
    std::string text;
    time_zone zone;
    std::optional<date_order> order{};  ///< of dates in digits
    bool dry_run = false;
};

constexpr std::size_t locale_max = 100;  // characters

/// Between words: one at the end may come from a file.
bool has_line_break(std::string_view text) {
    static constexpr std::array<std::string_view, 7> breaks{"\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"};
    bool has_word = false;
    bool has_break = false;
    while (!text.empty()) {
        const auto* found = std::ranges::find_if(breaks, [&](std::string_view one) { return text.starts_with(one); });
        std::size_t taken = found != breaks.end() ? found->size() : leading_space(text);
        has_break = has_break || (has_word && found != breaks.end());
        if (taken == 0) {
            if (has_break)
                return true;
            has_word = true;
            taken = 1;
        }
        text.remove_prefix(taken);
    }
    return false;
}

result<quick_body> read_body(const http::request& asked, const caller& asking) {
    const auto object = read_json_object(asked);
    if (!object)
        return std::unexpected(object.error());
    object_reader body{*object, object_reader::nulls::are_absent};
    quick_body read{.text = body.required_text("text", {.max = quick_add_max}).value_or(""),
                    .zone = read_zone(body, "timezone").value_or(asking.user.zone),
                    .dry_run = body.boolean("dry_run").value_or(false)};
    if (auto fault = fault_of_lines(read.text))
        body.add_fault("text", *std::move(fault));
    else if (has_line_break(read.text))
        body.add_fault("text",
                       "is several lines: send each of them by itself, or put blanks in the place of the line breaks");
    if (const auto locale = body.text("locale", {.max = locale_max})) {
        if (!is_language_tag(*locale))
            body.add_fault("locale", "must be a language tag (BCP 47), such as en-GB");
        read.order = date_order_of(*locale);
    }
    if (auto ended = body.finish(); !ended)
        return std::unexpected(std::move(ended.error()));
    return read;
}

/// Counts the characters of a line from its begin on; asked for places from left to right.
class character_counter {
public:
    explicit character_counter(std::string_view line) : line_{line} {}

    std::size_t at(std::size_t byte) {
        characters_ += character_count(line_.substr(byte_, byte - byte_));
        byte_ = byte;
        return characters_;
    }

private:
    std::string_view line_;
    std::size_t byte_ = 0;
    std::size_t characters_ = 0;
};

/// Where the parts begin and end, counted in characters.
json::array to_json(std::string_view line, const std::vector<quick_part>& parts) {
    json::array shown;
    character_counter count{line};
    for (const quick_part& part : parts) {
        const std::size_t from = count.at(part.at);
        const std::size_t to = count.at(part.at + part.length);
        shown.push_back({{"text", line.substr(part.at, part.length)},
                         {"from", from},
                         {"to", to},
                         {"as", to_string(part.as)},
                         {"value", part.value}});
    }
    return shown;
}

json::array to_json(std::string_view line, const std::vector<quick_unread>& unread) {
    json::array shown;
    character_counter count{line};
    for (const quick_unread& one : unread) {
        const std::size_t from = count.at(one.at);
        const std::size_t to = count.at(one.at + one.length);
        shown.push_back({{"text", line.substr(one.at, one.length)}, {"from", from}, {"to", to}, {"why", one.why}});
    }
    return shown;
}

std::string to_text(const date_or_time& given) {
    if (const auto* day = std::get_if<std::chrono::local_days>(&given))
        return format_date(*day);
    const auto* wall = std::get_if<std::chrono::local_seconds>(&given);
    return wall != nullptr ? format_wall(*wall, {}).substr(0, 16) : format_instant(std::get<instant>(given));
}

/// What was read, as the body of POST /api/tasks.
json::object to_json(const quick_add& read, const time_zone& zone) {
    const task_changes& fields = read.fields;
    json::object shown{{"title", fields.title.value_or("")}};
    if (fields.priority)
        shown["priority"] = to_string(*fields.priority);
    if (!read.tags.empty())
        shown["tags"] = json::array(read.tags.begin(), read.tags.end());
    if (fields.due_date && *fields.due_date)
        shown["due_date"] = to_text(**fields.due_date);
    shown["timezone"] = zone.name();
    if (fields.type)
        shown["recurring_type"] = to_string(*fields.type);
    if (fields.interval)
        shown["recurring_interval"] = *fields.interval;
    if (fields.rule && *fields.rule)
        shown["recurrence_rule"] = **fields.rule;
    if (fields.mode && *fields.mode)
        shown["repeat_mode"] = to_string(**fields.mode);
    if (fields.end_date && *fields.end_date)
        shown["recurring_end_date"] = to_text(**fields.end_date);
    return shown;
}

/// The faults of the task's fields as faults of the line they were read from.
error faults_of_text(error refused) {
    for (fault& one : refused.faults) {
        const std::string field = one.pointer.substr(1, one.pointer.find('/', 1) - 1);
        const bool has_no_title = one.pointer == "/title" && one.message == "must not be empty";
        one.message = has_no_title ? "leaves no title: add what is to be done, or put words that belong to it in quotes"
                                   : "was read as a task whose " + field + " " + one.message;
        one.pointer = "/text";
    }
    return refused;
}

std::vector<tag_mention> mentions_of(const std::vector<std::string>& names) {
    std::vector<tag_mention> mentions;
    mentions.reserve(names.size());
    for (const std::string& name : names)
        mentions.push_back({.name = name});
    return mentions;
}

async<planned_change> quick(const services& with, const caller& asking, http::request& asked) {
    const auto body = read_body(asked, asking);
    if (!body)
        co_return problem_response(body.error());
    const auto now = std::chrono::floor<std::chrono::seconds>(with.time.now());
    auto read = read_quick_add(body->text, body->zone.to_wall(now), body->zone, body->order);
    const std::string told = R"(,"read":)" + json::serialize(to_json(body->text, read.parts)) + R"(,"unread":)" +
                             json::serialize(to_json(body->text, read.unread)) + '}';
    if (body->dry_run)
        co_return json_response(200, R"({"task":null,"fields":)" + json::serialize(to_json(read, body->zone)) + told);

    read.fields.zone = body->zone;
    std::optional<tag_choice> tags;
    if (!read.tags.empty())
        tags = mentions_of(read.tags);
    co_return [&with, who = asking.who, fields = std::move(read.fields), tags = std::move(tags),
               told](transaction& tx) -> result<done_change> {
        const auto created = create_task(tx, who, fields, tags);
        if (!created)
            return std::unexpected(faults_of_text(created.error()));
        auto answer = json_response(201, R"({"task":)" + to_json(created->task) + told);
        answer.with("ETag", etag_of(created->task));
        answer.with("Location", "/api/tasks/" + to_string(created->task.id));
        return done_change{.answer = std::move(answer), .committed = [&with] { with.meters.task_created_by_user(); }};
    };
}

}  // namespace

void add_quick_routes(http::router& routes, const services& with) {
    on_change(routes, with, http::method::post, "/api/tasks/quick", quick);
}

}  // namespace rondo
