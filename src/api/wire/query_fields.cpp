#include "api/wire/query_fields.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include "api/wire/field_names.hpp"
#include "api/wire/text.hpp"
#include "base/rfc3339.hpp"

namespace rondo {

namespace {

std::unexpected<error> refusal(std::vector<fault> faults) {
    return std::unexpected(error{
        .code = errc::invalid, .detail = "Some parameters of the query do not fit.", .faults = std::move(faults)});
}

fault of_parameter(std::string_view name, std::string message) {
    return {.pointer = "?" + std::string{name}, .message = std::move(message)};
}

}  // namespace

std::optional<std::string_view> query_fields::text(std::string_view name) {
    known_.push_back(name);
    const auto first = std::ranges::find(query_, name, &http::header::name);
    if (first == query_.end())
        return std::nullopt;
    if (std::find_if(first + 1, query_.end(), [&](const http::header& one) { return one.name == name; }) !=
        query_.end())
        refuse(name, "must be given once");
    else if (!is_clean_text(first->value))
        refuse(name, "must be UTF-8 without NUL");
    else
        return first->value;
    return std::nullopt;
}

std::vector<std::string_view> query_fields::texts(std::string_view name) {
    known_.push_back(name);
    std::vector<std::string_view> found;
    for (const http::header& one : query_) {
        if (one.name != name)
            continue;
        if (is_clean_text(one.value))
            found.push_back(one.value);
        else
            refuse(name, "must be UTF-8 without NUL");
    }
    return found;
}

std::optional<std::size_t> query_fields::count(std::string_view name, std::size_t min, std::size_t max) {
    const auto given = text(name);
    if (!given)
        return std::nullopt;
    std::size_t value = 0;
    const auto [end, ec] = std::from_chars(given->data(), given->data() + given->size(), value);
    if (ec == std::errc{} && end == given->data() + given->size() && value >= min && value <= max)
        return value;
    refuse(name, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
}

std::optional<std::chrono::local_days> query_fields::date(std::string_view name) {
    const auto day_of = [](std::string_view given) -> std::optional<std::chrono::local_days> {
        const auto read = parse_date_or_time(given);
        const auto* day = read ? std::get_if<std::chrono::local_days>(&*read) : nullptr;
        return day != nullptr ? std::optional{*day} : std::nullopt;
    };
    return parsed(name, day_of, "must be a date, such as 2026-02-08");
}

std::optional<bool> query_fields::truth(std::string_view name) {
    const auto truth_of = [](std::string_view given) {
        return given == "true" || given == "false" ? std::optional{given == "true"} : std::nullopt;
    };
    return parsed(name, truth_of, "must be true or false");
}

void query_fields::refuse(std::string_view name, std::string message) {
    fault noted = of_parameter(name, std::move(message));
    const auto place = [this](const fault& one) { return place_of(one); };
    const auto after = std::ranges::upper_bound(faults_, place_of(noted), {}, place);
    faults_.insert(after, std::move(noted));
}

result<void> query_fields::finish() {
    for (const http::header& one : query_) {
        if (std::ranges::find(known_, one.name) != known_.end())
            continue;
        if (!is_clean_text(one.name)) {
            refuse("", "the name of a parameter must be UTF-8 without NUL");
            continue;
        }
        const auto meant = likely_name(one.name, known_);
        refuse(cut(one.name),
               meant ? "is not a known parameter; did you mean " + shown(*meant) + "?" : "is not a known parameter");
    }
    return faults_.empty() ? result<void>{} : refusal(std::move(faults_));
}

/// Where the parameter first stands; after all of them if it is not there.
std::size_t query_fields::place_of(const fault& of) const {
    const std::string_view name = std::string_view{of.pointer}.substr(1);
    const auto found = std::ranges::find_if(query_, [name](const http::header& one) { return cut(one.name) == name; });
    return static_cast<std::size_t>(found - query_.begin());
}

std::unexpected<error> refuse_query(std::string_view name, std::string message) {
    return refusal({of_parameter(name, std::move(message))});
}

}  // namespace rondo
