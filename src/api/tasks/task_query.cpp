#include "api/tasks/task_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "api/wire/field_names.hpp"
#include "api/tasks/page_cursor.hpp"
#include "api/wire/text.hpp"
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

/// Reads parameter after parameter and notes every fault.
class query_reader {
public:
    query_reader(const user& owner, const services& with) : owner_{owner}, with_{with} {
        read_.filter.now = with.time.now();
    }

    result<task_query> read(const std::vector<http::header>& query) && {
        for (const http::header& one : query)
            read_one(one);
        // The cursor belongs to a sort order, which may stand after it.
        if (cursor_) {
            read_.page.after =
                open_cursor(*cursor_, {owner_.id, read_.page.sort, read_.page.descending}, with_.secret_key);
            if (!read_.page.after)
                refuse("cursor", "must be one from a Link header, with the sort order it was made for");
            if (read_.offset > 0)
                refuse("offset", "cannot be given together with cursor");
        }
        if (faults_.empty())
            return std::move(read_);
        return std::unexpected(error{
            .code = errc::invalid, .detail = "Some parameters of the query do not fit.", .faults = std::move(faults_)});
    }

private:
    using reading = void (query_reader::*)(std::string_view value);
    struct parameter {
        std::string_view name;
        reading read;
    };

    void read_one(const http::header& given) {
        static constexpr std::array<parameter, 15> known{{{"status", &query_reader::read_status},
                                                          {"priority", &query_reader::read_priority},
                                                          {"tag_id", &query_reader::read_tag_id},
                                                          {"tag", &query_reader::read_tag},
                                                          {"due_before", &query_reader::read_due_before},
                                                          {"due_after", &query_reader::read_due_after},
                                                          {"overdue", &query_reader::read_overdue},
                                                          {"recurring", &query_reader::read_recurring},
                                                          {"series_id", &query_reader::read_series},
                                                          {"parent_task_id", &query_reader::read_parent},
                                                          {"q", &query_reader::read_text},
                                                          {"sort", &query_reader::read_sort},
                                                          {"limit", &query_reader::read_limit},
                                                          {"offset", &query_reader::read_offset},
                                                          {"cursor", &query_reader::read_cursor}}};
        const auto found = std::ranges::find(known, given.name, &parameter::name);
        if (given.name.empty() || found == known.end())
            return refuse_unknown(given.name, known);
        name_ = found->name;
        const bool again = name_ != "tag" && std::ranges::find(seen_, name_) != seen_.end();
        seen_.push_back(name_);
        if (again)
            refuse(name_, "must be given once");
        else if (!is_clean_text(given.value))
            refuse(name_, "must be UTF-8 without NUL");
        else
            (this->*found->read)(given.value);
    }

    void refuse_unknown(std::string_view name, std::span<const parameter> known) {
        if (!is_clean_text(name))
            return refuse("", "the name of a parameter must be UTF-8 without NUL");
        std::vector<std::string_view> names;
        std::ranges::transform(known, std::back_inserter(names), &parameter::name);
        const auto meant = likely_name(name, names);
        refuse(cut(name),
               meant ? "is not a known parameter; did you mean " + shown(*meant) + "?" : "is not a known parameter");
    }

    void refuse(std::string_view name, std::string message) {
        faults_.push_back({"?" + std::string{name}, std::move(message)});
    }

    void read_status(std::string_view value) {
        read_.filter.status = parse_status(value);
        if (!read_.filter.status)
            refuse(name_, "must be pending, in_progress, done or cancelled");
    }

    void read_priority(std::string_view value) {
        read_.filter.priority = parse_priority(value);
        if (!read_.filter.priority)
            refuse(name_, "must be low, medium, high or urgent");
    }

    template <class Id>
    void read_id(std::string_view value, std::optional<Id>& into) {
        into = parse_id<Id>(value);
        if (!into)
            refuse(name_, "must be a UUID");
    }
    void read_tag_id(std::string_view value) { read_id(value, read_.filter.tag); }
    void read_series(std::string_view value) { read_id(value, read_.filter.series); }
    void read_parent(std::string_view value) { read_id(value, read_.filter.parent); }

    void read_tag(std::string_view value) {
        const std::string_view name = trimmed(value);
        if (name.empty() || character_count(name) > tag_name_max)
            refuse(name_, "must be a tag's name of 1 to " + std::to_string(tag_name_max) + " characters");
        else if (read_.filter.tag_names.size() == tag_filters_max)
            refuse(name_, "must be given at most " + std::to_string(tag_filters_max) + " times");
        else
            read_.filter.tag_names.emplace_back(name);
    }

    void read_bound(std::string_view value, std::optional<due_bound>& into) {
        const auto parsed = parse_date_or_time(value);
        if (!parsed)
            refuse(name_,
                   "must be a date (2026-02-08), a local time (2026-02-08T09:00) or an instant (2026-02-08T09:00:00Z)");
        else if (const auto* day = std::get_if<std::chrono::local_days>(&*parsed))
            into = {.at = owner_.zone.to_instant(*day).at, .day = *day};
        else if (const auto* wall = std::get_if<std::chrono::local_seconds>(&*parsed))
            into = {.at = owner_.zone.to_instant(*wall).at, .day = std::chrono::floor<std::chrono::days>(*wall)};
        else
            into = bound_of(std::get<instant>(*parsed));
    }
    due_bound bound_of(instant at) const {
        const auto wall = owner_.zone.to_wall(std::chrono::floor<std::chrono::seconds>(at));
        return {.at = at, .day = std::chrono::floor<std::chrono::days>(wall)};
    }
    void read_due_before(std::string_view value) { read_bound(value, read_.filter.due_before); }
    void read_due_after(std::string_view value) { read_bound(value, read_.filter.due_after); }

    void read_truth(std::string_view value, std::optional<bool>& into) {
        if (value == "true" || value == "false")
            into = value == "true";
        else
            refuse(name_, "must be true or false");
    }
    void read_overdue(std::string_view value) { read_truth(value, read_.filter.overdue); }
    void read_recurring(std::string_view value) { read_truth(value, read_.filter.recurring); }

    void read_text(std::string_view value) {
        const std::string_view words = trimmed(value);
        if (words.empty() || character_count(words) > search_text_max)
            refuse(name_, "must be words to look for, 1 to " + std::to_string(search_text_max) + " characters");
        else if (search_words(words).empty())
            refuse(name_, "must have a word or a sign to look for");
        else
            read_.filter.text = words;
    }

    void read_sort(std::string_view value) {
        const bool descending = value.starts_with('-');
        const auto found = std::ranges::find(sorts, value.substr(descending ? 1 : 0), &named_sort::name);
        if (found == sorts.end())
            return refuse(name_,
                          "must be created_at, due_date, updated_at, priority or title, with - before it to reverse");
        read_.page.sort = found->key;
        read_.page.descending = descending;
    }

    void read_limit(std::string_view value) { read_number(value, 1, page_limit_max, read_.page.limit); }
    void read_offset(std::string_view value) { read_number(value, 0, page_offset_max, read_.offset); }
    void read_number(std::string_view value, std::size_t min, std::size_t max, std::size_t& into) {
        std::size_t number = 0;
        const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (ec != std::errc{} || end != value.data() + value.size() || number < min || number > max)
            return refuse(name_, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
        into = number;
    }

    void read_cursor(std::string_view value) { cursor_ = value; }

    const user& owner_;
    const services& with_;
    task_query read_;
    std::optional<std::string> cursor_;
    std::string_view name_;  ///< of the parameter being read
    std::vector<std::string_view> seen_;
    std::vector<fault> faults_;
};

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
    return query_reader{owner, with}.read(asked.query);
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
