#include "events/event_snapshot.hpp"

#include <string_view>
#include <utility>
#include <variant>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/rfc3339.hpp"

namespace rondo {

namespace {

namespace json = boost::json;

using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr std::size_t wall_length = std::string_view{"2026-02-08T09:00:00"}.size();

/// Reads member after member; one that is not as it was written is noted.
class data_reader {
public:
    explicit data_reader(const json::object& data) : data_{data} {}

    std::optional<std::string_view> text(std::string_view name) const {
        const auto* value = find(name);
        if (value == nullptr || !value->is_string())
            return std::nullopt;
        return std::string_view{value->get_string().data(), value->get_string().size()};
    }
    std::int64_t number(std::string_view name) {
        const auto* value = find(name);
        return value != nullptr && value->is_int64() ? value->get_int64() : unreadable(std::int64_t{});
    }
    /// False if it is not there.
    bool truth(std::string_view name) const {
        const auto* value = find(name);
        return value != nullptr && value->is_bool() && value->get_bool();
    }
    template <class Parse>
    auto named(std::string_view name, Parse parse) {
        const auto given = text(name);
        const auto parsed = given ? parse(*given) : std::nullopt;
        return parsed ? *parsed : unreadable(typename decltype(parse(*given))::value_type{});
    }
    std::optional<instant> at(std::string_view name) const {
        const auto given = text(name);
        return given ? parse_instant(*given) : std::nullopt;
    }
    time_zone zone(std::string_view name) {
        const auto given = text(name);
        return given ? time_zone::of_stored(*given) : unreadable(time_zone{});
    }
    std::optional<due> due_in(const time_zone& zone, std::string_view name) {
        const auto given = text(name);
        const auto parsed = given ? parse_date_or_time(*given) : std::nullopt;
        if (!parsed)
            return std::nullopt;
        if (const auto* day = std::get_if<local_days>(&*parsed))
            return due{.wall = *day, .all_day = true};
        const auto* moment = std::get_if<instant>(&*parsed);
        if (moment == nullptr)
            return std::nullopt;
        // The time of day as it is written counts, if the zone's clocks lead from it to the same instant.
        const auto written = parse_date_or_time(given->substr(0, wall_length));
        const auto* wall = written ? std::get_if<local_seconds>(&*written) : nullptr;
        const auto second = floor<seconds>(*moment);
        return wall != nullptr && zone.to_instant(*wall).at == second ? due{.wall = *wall} : due_at(second, zone);
    }
    series_limit limit(std::string_view name) const {
        const auto given = text(name);
        const auto parsed = given ? parse_date_or_time(*given) : std::nullopt;
        if (!parsed)
            return {};
        if (const auto* day = std::get_if<local_days>(&*parsed))
            return *day;
        const auto* moment = std::get_if<instant>(&*parsed);
        return moment != nullptr ? series_limit{*moment} : series_limit{};
    }
    std::vector<tag> tags(user_id owner) const {
        std::vector<tag> read;
        const auto* names = find("tags");
        if (names != nullptr && names->is_array())
            for (const json::value& name : names->get_array())
                if (name.is_string())
                    read.push_back({.id = {},
                                    .owner = owner,
                                    .name = std::string{name.get_string()},
                                    .color = tag_default_color,
                                    .created_at = {}});
        return read;
    }

    bool is_readable() const { return readable_; }

private:
    const json::value* find(std::string_view name) const {
        return data_.if_contains(json::string_view{name.data(), name.size()});
    }
    template <class Value>
    Value unreadable(Value instead) {
        readable_ = false;
        return instead;
    }

    const json::object& data_;
    bool readable_ = true;
};

}  // namespace

std::optional<task> decode_snapshot(const stored_event& stored) {
    json::error_code failed;
    const auto value = json::parse(stored.data, failed);
    if (failed || !value.is_object())
        return std::nullopt;
    data_reader data{value.get_object()};
    task told{.id = stored.subject, .owner = stored.owner, .title = std::string{data.text("title").value_or("")}};
    told.zone = data.zone("timezone");
    told.description = data.text("description").transform([](auto text) { return std::string{text}; });
    told.status = data.named("status", parse_status);
    told.priority = data.named("priority", parse_priority);
    told.tags = data.tags(stored.owner);
    told.due = data.due_in(told.zone, "due_date");
    if (auto left_out = data.due_in(told.zone, "due_in_series"))
        told.due = left_out;
    told.repeat = {.type = data.named("recurring_type", parse_recurring_type),
                   .interval = static_cast<int>(data.number("recurring_interval")),
                   .rule = std::string{data.text("recurrence_rule").value_or("")},
                   .counts_start = data.truth("counts_start"),
                   .mode = data.named("repeat_mode", parse_repeat_mode),
                   .end = data.limit("recurring_end_date")};
    told.series_start = data.due_in(told.zone, "series_start");
    told.moved_from = data.due_in(told.zone, "moved_from");
    told.parent = data.text("parent_task_id").and_then(parse_id<task_id>);
    told.series = data.named("series_id", parse_id<task_id>);
    told.occurrence = static_cast<int>(data.number("occurrence"));
    told.version = data.number("version");
    told.completed_at = data.at("completed_at");
    return data.is_readable() ? std::optional{std::move(told)} : std::nullopt;
}

}  // namespace rondo
