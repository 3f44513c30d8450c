#include "domain/quick_add/phrases/schedules.hpp"

#include <algorithm>
#include <utility>

#include "domain/quick_add/phrases/marks.hpp"

namespace rondo::quick {

namespace {

using std::chrono::weekday;
using std::chrono::year_month_day;
using frequency = rrule::frequency;

/// `1st and 15th`, `first, third`, `second to last`
struct place_list {
    std::size_t words = 0;
    std::vector<int> values;
    bool in_digits = true;
};

place_list places_in(phrase words) {
    place_list list;
    words = words.first(std::min(words.size(), list_words_max));
    for (std::size_t i = 0; i < words.size();) {
        const std::string_view key = key_of(words, i);
        if (const place_in_row row = place_in(behind(words, i)); row.words != 0) {
            if (std::ranges::find(list.values, row.value) == list.values.end())
                list.values.push_back(row.value);
            list.in_digits = list.in_digits && row.in_digits;
            list.words = i += row.words;
        } else if (list.words == i && i > 0 && is_one_of(key, "and", "&")) {
            i += key_of(words, i + 1) == "the" ? 2 : 1;
        } else if (list.words == i && i > 0 && key == "the") {
            ++i;  // "the 24th, the 25th"
        } else {
            break;
        }
    }
    std::ranges::sort(list.values);
    return list;
}

/// `second tuesday`, `1st and 3rd monday`, `first monday and the last friday`: so many words.
std::size_t placed_weekdays_in(phrase words, std::vector<rrule::weekday_part>& days_named) {
    std::size_t taken = 0;
    words = words.first(std::min(words.size(), list_words_max));
    for (std::size_t at = 0;;) {
        const place_list places = places_in(behind(words, at));
        const auto name = weekday_in(key_of(words, at + places.words));
        if (places.words == 0 || !name || places.values.back() > 5 || places.values.front() < -5)
            return taken;
        for (const int place : places.values)
            if (const rrule::weekday_part part{place, name->day};
                std::ranges::find(days_named, part) == days_named.end())
                days_named.push_back(part);
        taken = at + places.words + 1;
        if (!is_one_of(key_of(words, taken), "and", "&"))
            return taken;
        at = taken + (key_of(words, taken + 1) == "the" ? 2 : 1);
    }
}

/// `of april`, `in january, april and july`
month_list months_behind(phrase words) {
    const bool leads = is_one_of(key_of(words, 0), "of", "in", "during", "throughout");
    month_list list = leads ? month_list_in(behind(words, 1)) : month_list{};
    list.words += list.words != 0 ? 1 : 0;
    return list;
}

/// A date of the year without the year.
struct date_of_year {
    std::size_t words = 0;
    int month = 0;
    int day = 0;
};

date_of_year date_of_year_in(phrase words, const context& when) {
    const said_day found = calendar_day_in(words, when);
    const bool has_month = month_in(key_of(words, 0)) || month_in(key_of(words, 1)) || month_in(key_of(words, 2));
    const auto digits = has_month ? std::nullopt : digits_date_in(words);
    if (found.words == 0 || found.clock || (!has_month && !(digits && digits->count == 2)) ||
        year_in(key_of(words, 0)) || year_in(key_of(words, found.words - 1)))
        return {};
    const year_month_day date{found.day};
    return {found.words, static_cast<int>(unsigned{date.month()}), static_cast<int>(unsigned{date.day()})};
}

int last_of(int month) {
    return month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

void insert(std::vector<int>& into, int value) {
    if (const auto at = std::ranges::lower_bound(into, value); at == into.end() || *at != value)
        into.insert(at, value);
}

/// A day number alone, in a list behind `dec 24` or before `24 and 31 dec`.
std::optional<int> number_of_day(phrase words, std::size_t i) {
    const std::string_view key = key_of(words, i);
    const auto ordinal = numbered_ordinal_in(key);
    const auto number = ordinal || key.size() > 2 || key.empty() || key[0] > '9' ? std::nullopt : number_in(key);
    const auto found = ordinal ? ordinal : number;
    return found && *found <= 31 ? found : std::nullopt;
}

/// `1 jan, 1 apr and 1 jul`, `dec 24`: one rule if the day is the same in each of its months, so not `dec 24 and dec 31`.
said_repeat dates_in(phrase words, const context& when) {
    words = words.first(std::min(words.size(), list_words_max));
    std::vector<std::pair<int, int>> dates;
    std::size_t taken = 0;
    const auto step = [&](std::size_t i) {
        return i + (is_one_of(key_of(words, i), "and", "&", "+", "/") ? 1 : 0) +
               (is_one_of(key_of(words, i + 1), "the", "on") && key_of(words, i) == "and" ? 1 : 0);
    };
    std::vector<int> numbers;  // before their month
    for (std::size_t i = 0; i < words.size();) {
        if (const date_of_year date = date_of_year_in(behind(words, i), when); date.words != 0) {
            for (const int number : numbers)
                dates.emplace_back(date.month, number);
            numbers.clear();
            dates.emplace_back(date.month, date.day);
            taken = i + date.words;
        } else if (const auto number = number_of_day(words, i);
                   number && (!dates.empty() || !numbers.empty() || i == 0)) {
            const bool is_last = dates.empty();
            if (is_last) {
                numbers.push_back(*number);
                i = step(i + 1);
                continue;
            }
            const auto after = key_of(words, i + 1);
            if (unit_in(after) || is_one_of(after, "times", "am", "pm"))
                break;
            dates.emplace_back(dates.back().first, *number);
            taken = i + 1;
        } else {
            break;
        }
        i = step(taken);
    }
    rrule rule{.freq = frequency::yearly};
    for (const auto& [month, day] : dates) {
        if (day > last_of(month))
            return {};
        insert(rule.by_month, month);
        insert(rule.by_month_day, day);
    }
    if (taken == 0 || rule.by_month_day.size() > 1)
        return {};
    return {.words = taken, .rule = std::move(rule)};
}

}  // namespace

std::vector<rrule::weekday_part> each_of(const std::vector<weekday>& days_named) {
    std::vector<rrule::weekday_part> parts;
    parts.reserve(days_named.size());
    for (const weekday day : days_named)
        parts.push_back({0, day});
    return parts;
}

std::vector<rrule::weekday_part> working_days() {
    return each_of({std::chrono::Monday, std::chrono::Tuesday, std::chrono::Wednesday, std::chrono::Thursday,
                    std::chrono::Friday});
}

std::size_t of_month_in(phrase words) {
    if (key_of(words, 0) != "of")
        return 0;
    const std::size_t at = is_one_of(key_of(words, 1), "the", "each", "every", "a") ? 2 : 1;
    return key_of(words, at) == "month" ? at + 1 : 0;
}

said_repeat end_of_month_in(phrase words) {
    const std::size_t at = key_of(words, 0) == "the" ? 1 : 0;
    const bool is_end = key_of(words, at) == "end";
    const bool is_edge = is_end || is_one_of(key_of(words, at), "start", "beginning");
    const std::size_t of_month = is_edge ? of_month_in(behind(words, at + 1)) : 0;
    if (of_month == 0)
        return {};
    return {.words = at + 1 + of_month, .rule = {.freq = frequency::monthly, .by_month_day = {is_end ? -1 : 1}}};
}

said_repeat month_days_in(phrase words, bool is_said) {
    if ((marks_at(words, 0) & (place_mark | ordinal_mark)) == 0)
        return {};
    const place_list places = places_in(words);
    if (places.words == 0)
        return {};
    const phrase after = behind(words, places.words);
    said_repeat found{.rule = {.freq = frequency::monthly}};
    if (const std::size_t placed = placed_weekdays_in(words, found.rule.by_day); placed != 0) {
        found.words = placed;
    } else if (const std::size_t working = working_day_in(after); working != 0 && places.values.back() <= 20) {
        found.rule.by_day = working_days();
        found.rule.by_set_pos = places.values;
        found.words = places.words + working;
    } else if (key_of(after, 0) == "day" &&
               (is_said || places.values.front() < 0 || of_month_in(behind(after, 1)) != 0)) {
        found.rule.by_month_day = places.values;
        found.words = places.words + 1;
    } else if (const bool of_month = of_month_in(after) != 0;
               places.values.front() > 0 && (is_said || of_month || places.in_digits)) {
        found.rule.by_month_day = places.values;
        found.words = places.words;
        found.counts = is_said || of_month ? condition::always : condition::before_end_or_link;
    } else {
        return {};
    }
    found.words += of_month_in(behind(words, found.words));
    return found;
}

said_repeat year_days_in(phrase words, const context& when) {
    constexpr std::uint32_t of_date = month_mark | number_mark | ordinal_mark | place_mark | digits_mark;
    if ((marks_at(words, 0) & of_date) == 0)
        return {};
    if (said_repeat dates = dates_in(words, when); dates.words != 0)
        return dates;
    said_repeat found = month_days_in(words, true);
    if (found.words == 0 || is_one_of(key_of(words, found.words - 1), "month"))
        return {};
    const month_list months = months_behind(behind(words, found.words));
    if (months.words == 0)
        return {};
    for (const int month : months.months)
        for (const int day : found.rule.by_month_day)
            if (day > last_of(month))
                return {};
    found.rule.freq = frequency::yearly;
    found.rule.by_month = months.months;
    found.words += months.words;
    found.counts = condition::always;
    return found;
}

std::size_t add_condition(rrule& rule, phrase words) {
    if (rule.freq != frequency::monthly || rule.by_month_day.empty() || key_of(words, 0) != "if" ||
        key_of(words, 1) != "it" || key_of(words, 2) != "is" || key_of(words, 3) != "a")
        return 0;
    const auto name = weekday_in(key_of(words, 4));
    if (name)
        rule.by_day = each_of({name->day});
    return name ? 5 : 0;
}

std::size_t add_months(rrule& rule, phrase words) {
    const bool has_days = rule.freq == frequency::daily || (rule.freq == frequency::weekly && !rule.by_day.empty());
    if (!has_days || !rule.by_month.empty())
        return 0;
    const month_list months = months_behind(words);
    if (months.words == 0 || year_in(key_of(words, months.words)))
        return 0;
    rule.by_month = months.months;
    return months.words;
}

std::size_t take_out_days(rrule& rule, phrase words) {
    const bool is_daily = rule.freq == frequency::daily && rule.interval == 1;
    const bool is_weekly = rule.freq == frequency::weekly && rule.interval == 1 && rule.by_day.size() > 1;
    const std::string_view key = key_of(words, 0);
    std::size_t at = is_one_of(key, "but", "except", "excluding", "without", "besides", "save")        ? 1
                     : is_one_of(key, "other", "apart") && is_one_of(key_of(words, 1), "than", "from") ? 2
                                                                                                       : 0;
    if (at == 0 || (!is_daily && !is_weekly))
        return 0;
    at += is_one_of(key_of(words, at), "not", "for") ? 1 : 0;
    at += key_of(words, at) == "on" ? 1 : 0;
    std::vector<weekday> out;
    if (is_one_of(key_of(words, at), "weekends", "weekend")) {
        out = {std::chrono::Saturday, std::chrono::Sunday};
        ++at;
    } else if (is_one_of(key_of(words, at), "weekdays", "workdays")) {
        for (const auto& part : working_days())
            out.push_back(part.day);
        ++at;
    } else {
        const weekday_list list = weekday_list_in(behind(words, at), day_names::both);
        if (list.words == 0)
            return 0;
        out = list.days;
        at += list.words;
    }
    static const std::vector<weekday> week{std::chrono::Monday,   std::chrono::Tuesday, std::chrono::Wednesday,
                                           std::chrono::Thursday, std::chrono::Friday,  std::chrono::Saturday,
                                           std::chrono::Sunday};
    auto left = is_daily ? each_of(week) : rule.by_day;
    std::erase_if(left, [&](const rrule::weekday_part& part) { return std::ranges::find(out, part.day) != out.end(); });
    if (left.empty())
        return 0;
    rule.freq = frequency::weekly;
    rule.by_day = std::move(left);
    return at;
}

}  // namespace rondo::quick
