#include "domain/task.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <tuple>
#include <utility>

#include "domain/readable_text.hpp"
#include "domain/recurrence/rrule.hpp"
#include "domain/white_space.hpp"

namespace rondo {

namespace {

using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

/// How far a client's clock may be ahead of ours.
constexpr minutes clock_grace{5};

constexpr local_days first_day{std::chrono::year{1} / 1 / 1};
constexpr local_days after_last_day{std::chrono::year{10000} / 1 / 1};
constexpr const char* outside_the_calendar = "must lie in the years 0001 to 9999";

// The wire names, in the order of the enumerations.
constexpr std::array<std::string_view, 4> status_names{"pending", "in_progress", "done", "cancelled"};
constexpr std::array<std::string_view, 4> priority_names{"low", "medium", "high", "urgent"};
constexpr std::array<std::string_view, 6> type_names{"none", "daily", "weekly", "monthly", "yearly", "custom"};
constexpr std::array<std::string_view, 3> mode_names{"after_completion", "on_schedule", "every_occurrence"};
constexpr std::array<std::string_view, 4> end_names{"not_recurring", "completed_after_end", "next_after_end",
                                                    "rule_exhausted"};

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(const std::array<std::string_view, N>& names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    return at != names.end() ? std::optional{static_cast<Enum>(at - names.begin())} : std::nullopt;
}

}  // namespace

std::string_view to_string(task_status value) {
    return status_names[static_cast<std::size_t>(value)];
}
std::string_view to_string(task_priority value) {
    return priority_names[static_cast<std::size_t>(value)];
}
std::string_view to_string(recurring_type value) {
    return type_names[static_cast<std::size_t>(value)];
}
std::string_view to_string(repeat_mode value) {
    return mode_names[static_cast<std::size_t>(value)];
}
std::string_view to_string(series_end value) {
    return end_names[static_cast<std::size_t>(value)];
}

std::optional<task_status> parse_status(std::string_view name) {
    return parse_name<task_status>(status_names, name);
}
std::optional<task_priority> parse_priority(std::string_view name) {
    return parse_name<task_priority>(priority_names, name);
}
std::optional<recurring_type> parse_recurring_type(std::string_view name) {
    return parse_name<recurring_type>(type_names, name);
}
std::optional<repeat_mode> parse_repeat_mode(std::string_view name) {
    return parse_name<repeat_mode>(mode_names, name);
}
std::optional<series_end> parse_series_end(std::string_view name) {
    return parse_name<series_end>(end_names, name);
}

namespace {

/// Characters of valid UTF-8: every byte but those that continue one.
std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string_view trimmed(std::string_view text) {
    while (const std::size_t space = leading_space(text))
        text.remove_prefix(space);
    for (;;) {
        const auto last = std::ranges::find_if(white_space, [&](auto space) { return text.ends_with(space); });
        if (last == white_space.end())
            break;
        text.remove_suffix(last->size());
    }
    return text;
}

bool is_in_calendar(local_seconds wall) {
    return wall >= first_day && wall < after_last_day;
}

bool is_in_calendar(instant at) {
    return at >= sys_days{first_day.time_since_epoch()} && at < sys_days{after_last_day.time_since_epoch()};
}

due read_due(const date_or_time& given, const time_zone& zone) {
    if (const auto* day = std::get_if<local_days>(&given))
        return {.wall = *day, .all_day = true};
    if (const auto* wall = std::get_if<local_seconds>(&given))
        return {.wall = *wall};
    return due_at(floor<seconds>(std::get<instant>(given)), zone);
}

series_limit read_end(const date_or_time& given, const time_zone& zone) {
    if (const auto* day = std::get_if<local_days>(&given))
        return *day;
    if (const auto* wall = std::get_if<local_seconds>(&given))
        return instant{zone.to_instant(*wall).at};
    return std::get<instant>(given);
}

/// The same day, or the same moment: what a client reads and gives back, also of a time in a gap, is no change.
bool is_same(const due& a, const due& b, const time_zone& zone) {
    return a.all_day == b.all_day && begin_instant(a, zone) == begin_instant(b, zone);
}

repeat_mode default_mode(recurring_type type) {
    return type == recurring_type::custom ? repeat_mode::on_schedule : repeat_mode::after_completion;
}

/// One application of changes to a task: collects every fault.
class application {
public:
    application(task before, const task_changes& changes, instant now)
        : before_{std::move(before)}, after_{before_}, changes_{changes}, now_{now} {}

    result<task> run() && {
        apply_texts();
        after_.priority = changes_.priority.value_or(before_.priority);
        after_.zone = changes_.zone.value_or(before_.zone);
        if (changes_.parent)
            after_.parent = *changes_.parent;
        apply_due();
        apply_rule();
        apply_series_start();
        apply_status();
        if (faults_.empty())
            return std::move(after_);
        return std::unexpected(error{
            .code = errc::invalid, .detail = "Some fields do not fit: see errors.", .faults = std::move(faults_)});
    }

private:
    void refuse(std::string pointer, std::string message) {
        faults_.push_back({.pointer = std::move(pointer), .message = std::move(message)});
    }

    void refuse_too_long(std::string pointer, std::size_t most, std::size_t length) {
        refuse(std::move(pointer),
               "may have " + std::to_string(most) + " characters at most; this has " + std::to_string(length));
    }

    void apply_texts() {
        if (changes_.title) {
            after_.title = trimmed(*changes_.title);
            const std::size_t length = count_characters(after_.title);
            if (length == 0)
                refuse("/title", "must not be empty");
            else if (length > title_max)
                refuse_too_long("/title", title_max, length);
            else if (auto fault = fault_of_line(after_.title); fault && after_.title != before_.title)
                refuse("/title", *std::move(fault));
        } else if (before_.title.empty()) {
            refuse("/title", "is required");
        }

        if (!changes_.description)
            return;
        after_.description = *changes_.description;
        const std::size_t length = after_.description ? count_characters(*after_.description) : 0;
        if (length > description_max)
            refuse_too_long("/description", description_max, length);
        else if (after_.description && after_.description != before_.description)
            if (auto fault = fault_of_lines(*after_.description))
                refuse("/description", *std::move(fault));
    }

    void apply_due() {
        if (!changes_.due_date)
            return;
        if (!*changes_.due_date) {
            after_.due.reset();
            return;
        }
        const due given = read_due(**changes_.due_date, after_.zone);
        if (!is_in_calendar(given.wall))
            refuse("/due_date", outside_the_calendar);
        else if (!before_.due || !is_same(given, *before_.due, after_.zone))
            after_.due = given;
    }

    void apply_rule() {
        recurrence& rule = after_.repeat;
        rule.type = changes_.type.value_or(rule.type);

        rule.interval = changes_.interval.value_or(rule.interval);
        if (rule.interval < 1 || rule.interval > interval_max)
            refuse("/recurring_interval", "must be 1 to " + std::to_string(interval_max));

        apply_rrule();
        apply_mode();

        if (!changes_.end_date)
            return;
        rule.end = *changes_.end_date ? read_end(**changes_.end_date, after_.zone) : series_limit{};
        const auto* at = std::get_if<instant>(&rule.end);
        if (at != nullptr && !is_in_calendar(*at))
            refuse("/recurring_end_date", outside_the_calendar);
    }

    void apply_rrule() {
        recurrence& rule = after_.repeat;
        if (changes_.rule)
            rule.rule = unfolded(trimmed(changes_.rule->value_or("")));
        if (rule.type != recurring_type::custom) {
            if (changes_.rule && *changes_.rule)
                refuse("/recurrence_rule", "is only for the recurring_type custom");
            rule.rule.clear();
            return;
        }
        if (rule.rule.empty()) {
            refuse("/recurrence_rule", "is required with the recurring_type custom, such as FREQ=MONTHLY;BYDAY=-1FR");
            return;
        }
        if (rule.rule == before_.repeat.rule)
            return;
        auto parsed = parse_rrule(rule.rule);
        if (parsed)
            rrule_ = std::move(*parsed);
        else
            refuse("/recurrence_rule", std::move(parsed.error()));
    }

    void apply_mode() {
        recurrence& rule = after_.repeat;
        const bool turns_custom = rule.type == recurring_type::custom && before_.repeat.type != recurring_type::custom;
        if (changes_.mode)
            rule.mode = changes_.mode->value_or(default_mode(rule.type));
        else if (turns_custom && rule.mode == repeat_mode::after_completion)
            rule.mode = default_mode(rule.type);
        if (rule.type == recurring_type::custom && rule.mode == repeat_mode::after_completion)
            refuse("/repeat_mode", "must be on_schedule or every_occurrence with the recurring_type custom");
        check_mode_has_due();
    }

    /// A mode that counts from the due date needs one. On a task that does not repeat it may stay behind when the due
    /// date goes, but is not newly taken.
    void check_mode_has_due() {
        const recurrence& rule = after_.repeat;
        const bool is_in_force = rule.type != recurring_type::none || rule.mode != before_.repeat.mode;
        const bool has_due = changes_.due_date ? changes_.due_date->has_value() : before_.due.has_value();
        if (rule.mode != repeat_mode::after_completion && is_in_force && !has_due)
            refuse("/due_date", "is required with the repeat_mode " + std::string{to_string(rule.mode)});
    }

    void apply_series_start() {
        const recurrence& was = before_.repeat;
        const recurrence& is = after_.repeat;
        // Another end is the same series, sooner or later over.
        const bool has_new_rule =
            std::tie(is.type, is.interval, is.rule, is.mode) != std::tie(was.type, was.interval, was.rule, was.mode);
        const bool is_moved = after_.due != before_.due;
        if (has_new_rule || (is_moved && changes_.scope == edit_scope::series) || !after_.series_start) {
            after_.series_start = after_.due;
            if (after_.series_start)
                after_.series_start->second =
                    false;  // the first due alone is the second of two; those after it are not
            after_.moved_from.reset();
            after_.repeat.counts_start = has_count(after_.repeat);
        } else if (is_moved) {
            const auto& of_series = before_.moved_from ? before_.moved_from : before_.due;
            after_.moved_from = after_.due && after_.due != of_series ? of_series : std::nullopt;
        }
        if (rrule_ && after_.series_start && !has_members(*rrule_, after_.series_start->wall, after_.zone))
            refuse("/recurrence_rule", "never occurs on or after the due date");
        if (is_moved || is != was || after_.zone != before_.zone)
            after_.ended.reset();  // it is to be found anew
    }

    void apply_status() {
        after_.status = changes_.status.value_or(before_.status);
        const bool is_done = after_.status == task_status::done;
        check_completed_at(is_done);
        if (is_done == (before_.status == task_status::done))
            return;
        after_.ended.reset();
        after_.completed_at = is_done ? std::optional{changes_.completed_at.value_or(now_)} : std::nullopt;
    }

    void check_completed_at(bool is_done) {
        if (!changes_.completed_at || changes_.completed_at == before_.completed_at)
            return;
        if (!is_done)
            refuse("/completed_at", "is only taken with the status done");
        else if (*changes_.completed_at > now_ + clock_grace)
            refuse("/completed_at", "must not be in the future");
        else if (!is_in_calendar(*changes_.completed_at))
            refuse("/completed_at", outside_the_calendar);
    }

    task before_;
    task after_;
    const task_changes& changes_;
    instant now_;
    std::optional<rrule> rrule_;  // a new one
    std::vector<fault> faults_;
};

}  // namespace

result<task> apply(task before, const task_changes& changes, instant now) {
    return application{std::move(before), changes, now}.run();
}

occurrence_input occurrence_of(const task& of) {
    return {.current = of.due, .series_start = of.series_start, .zone = of.zone, .moved_from = of.moved_from};
}

std::expected<task, series_end> make_child(const task& completed, task_id id, instant now) {
    assert(completed.completed_at);
    const auto next = next_occurrence(completed.repeat, occurrence_of(completed), *completed.completed_at);
    if (!next)
        return std::unexpected(next.error());
    return task{.id = id,
                .owner = completed.owner,
                .title = completed.title,
                .description = completed.description,
                .priority = completed.priority,
                .tags = completed.tags,
                .due = next->at,
                .zone = completed.zone,
                .repeat = completed.repeat,
                .series_start = next->series_start,
                .parent = completed.id,
                .series = completed.series,
                .occurrence = completed.occurrence + 1,
                .source = completed.id,
                .created_at = now,
                .updated_at = now};
}

std::expected<task, series_end> skip_occurrence(task of, instant now) {
    const auto next = next_occurrence(of.repeat, occurrence_of(of), now);
    if (!next)
        return std::unexpected(next.error());
    of.due = next->at;
    of.series_start = next->series_start;
    of.moved_from.reset();
    ++of.occurrence;
    return of;
}

bool is_untouched(const task& child) {
    return child.version == 1 && child.status == task_status::pending;
}

}  // namespace rondo
