#include "api/tasks/task_query.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "api/tasks/page_cursor.hpp"
#include "api/wire/query_fields.hpp"
#include "api/wire/text.hpp"
#include "base/rfc3339.hpp"
#include "store/search_words.hpp"

namespace rondo {

namespace {

struct named_sort {
    std::string_view name;
    sort_key key;
};

constexpr std::array<named_sort, 5> sorts{{{"created_at", sort_key::created_at},
                                           {"due_date", sort_key::due_date},
                                           {"updated_at", sort_key::updated_at},
                                           {"priority", sort_key::priority},
                                           {"title", sort_key::title}}};

struct sort_order {
    sort_key key;
    bool descending;
};

std::optional<sort_order> parse_sort(std::string_view given) {
    const bool descending = given.starts_with('-');
    const auto found = std::ranges::find(sorts, given.substr(descending ? 1 : 0), &named_sort::name);
    return found == sorts.end() ? std::nullopt : std::optional{sort_order{found->key, descending}};
}

/// A date bounds by the day alone where a task has no time.
std::optional<due_bound> read_bound(query_fields& query, std::string_view name, const time_zone& zone) {
    const auto read = query.parsed(
        name, parse_date_or_time,
        "must be a date (2026-02-08), a local time (2026-02-08T09:00) or an instant (2026-02-08T09:00:00Z)");
    if (!read)
        return std::nullopt;
    if (const auto* day = std::get_if<std::chrono::local_days>(&*read))
        return due_bound{.at = zone.to_instant(*day).at, .day = *day};
    if (const auto* wall = std::get_if<std::chrono::local_seconds>(&*read))
        return due_bound{.at = zone.to_instant(*wall).at, .day = std::chrono::floor<std::chrono::days>(*wall)};
    const instant at = std::get<instant>(*read);
    const auto wall = zone.to_wall(std::chrono::floor<std::chrono::seconds>(at));
    return due_bound{.at = at, .day = std::chrono::floor<std::chrono::days>(wall)};
}

std::vector<std::string> read_tag_names(query_fields& query) {
    std::vector<std::string> names;
    for (const std::string_view given : query.texts("tag")) {
        const std::string_view name = trimmed(given);
        if (name.empty() || character_count(name) > tag_name_max)
            query.refuse("tag", "must be a tag's name of 1 to " + std::to_string(tag_name_max) + " characters");
        else if (names.size() == tag_filters_max)
            query.refuse("tag", "must be given at most " + std::to_string(tag_filters_max) + " times");
        else
            names.emplace_back(name);
    }
    return names;
}

std::string read_words(query_fields& query) {
    const auto given = query.text("q");
    if (!given)
        return {};
    const std::string_view words = trimmed(*given);
    if (words.empty() || character_count(words) > search_text_max)
        query.refuse("q", "must be words to look for, 1 to " + std::to_string(search_text_max) + " characters");
    else if (search_words(words).empty())
        query.refuse("q", "must have a word or a sign to look for");
    return std::string{words};
}

void append_percent_encoded(std::string& query, std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        if (plain)
            query += c;
        else
            query.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
}

}  // namespace

result<task_query> read_task_query(const http::request& asked, const user& owner, const services& with) {
    query_fields query{asked};
    task_query read;
    task_filter& filter = read.filter;
    filter.now = with.time.now();
    filter.status = query.parsed("status", parse_status, "must be pending, in_progress, done or cancelled");
    filter.priority = query.parsed("priority", parse_priority, "must be low, medium, high or urgent");
    filter.tag = query.id<tag_id>("tag_id");
    filter.tag_names = read_tag_names(query);
    filter.due_before = read_bound(query, "due_before", owner.zone);
    filter.due_after = read_bound(query, "due_after", owner.zone);
    filter.overdue = query.truth("overdue");
    filter.recurring = query.truth("recurring");
    filter.series = query.id<task_id>("series_id");
    filter.parent = query.id<task_id>("parent_task_id");
    filter.text = read_words(query);

    page_request& page = read.page;
    if (const auto order =
            query.parsed("sort", parse_sort,
                         "must be created_at, due_date, updated_at, priority or title, with - before it to reverse")) {
        page.sort = order->key;
        page.descending = order->descending;
    }
    page.limit = query.count("limit", 1, page_limit_max).value_or(page.limit);
    read.offset = query.count("offset", 0, page_offset_max).value_or(0);
    if (const auto cursor = query.text("cursor")) {
        page.after = open_cursor(*cursor, {owner.id, page.sort, page.descending}, with.secret_key);
        if (!page.after)
            query.refuse("cursor", "must be one from a Link header, with the sort order it was made for");
        if (read.offset > 0)
            query.refuse("offset", "cannot be given together with cursor");
    }
    if (auto fits = query.finish(); !fits)
        return std::unexpected(std::move(fits.error()));
    return read;
}

std::string link_to_next_page(const http::request& asked, const user& owner, const page_request& page,
                              const task_cursor& end, const services& with) {
    std::string link = "<" + asked.path + "?";
    for (const http::header& one : asked.query) {
        if (one.name == "cursor" || one.name == "offset")
            continue;
        append_percent_encoded(link, one.name);
        link += '=';
        append_percent_encoded(link, one.value);
        link += '&';
    }
    link += "cursor=" + seal_cursor(end, {owner.id, page.sort, page.descending}, with.secret_key);
    return link + ">; rel=\"next\"";
}

}  // namespace rondo
