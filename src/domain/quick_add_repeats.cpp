#include "domain/quick_add_repeats.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "domain/task.hpp"

namespace rondo::quick {

namespace {

using std::chrono::local_days;
using std::chrono::weekday;
using std::chrono::year_month_day;
using frequency = rrule::frequency;

phrase behind(phrase words, std::size_t count) {
    return words.subspan(std::min(count, words.size()));
}

std::vector<rrule::weekday_part> each_of(const std::vector<weekday>& days_named, int ordinal = 0) {
    std::vector<rrule::weekday_part> parts;
    parts.reserve(days_named.size());
    for (const weekday day : days_named)
        parts.push_back({ordinal, day});
    return parts;
}

std::vector<rrule::weekday_part> working_days() {
    return each_of({std::chrono::Monday, std::chrono::Tuesday, std::chrono::Wednesday, std::chrono::Thursday,
                    std::chrono::Friday});
}

/// `weekday`, `business day`: so many words.
std::size_t working_day_in(phrase words) {
    if (is_one_of(key_of(words, 0), "weekday", "workday"))
        return 1;
    return is_one_of(key_of(words, 0), "business", "working", "work") && key_of(words, 1) == "day" ? 2 : 0;
}

/// `of the month`, `of each month`, `of every month`: so many words.
std::size_t of_month_in(phrase words) {
    if (key_of(words, 0) != "of")
        return 0;
    const std::size_t at = is_one_of(key_of(words, 1), "the", "each", "every", "a") ? 2 : 1;
    return key_of(words, at) == "month" ? at + 1 : 0;
}

std::optional<rrule> of_unit(unit of, int interval) {
    if (interval < 1 || interval > interval_max)
        return std::nullopt;
    switch (of) {
        case unit::days:
            return rrule{.freq = frequency::daily, .interval = interval};
        case unit::weeks:
            return rrule{.freq = frequency::weekly, .interval = interval};
        case unit::months:
            return rrule{.freq = frequency::monthly, .interval = interval};
        case unit::quarters:
            return interval * 3 > interval_max
                       ? std::nullopt
                       : std::optional{rrule{.freq = frequency::monthly, .interval = interval * 3}};
        case unit::years:
            return rrule{.freq = frequency::yearly, .interval = interval};
        case unit::minutes:
        case unit::hours:
            break;
    }
    return std::nullopt;
}

/// `1st and 15th`, `first, third`
struct ordinal_list {
    std::size_t words = 0;
    std::vector<int> values;
    bool in_digits = true;
};

/// No list needs more, and one that is not read must not be looked through from each of its words.
constexpr std::size_t list_words_max = 20;

ordinal_list ordinals_in(phrase words) {
    ordinal_list list;
    words = words.first(std::min(words.size(), list_words_max));
    for (std::size_t i = 0; i < words.size();) {
        const std::string_view key = key_of(words, i);
        if (const auto value = ordinal_in(key)) {
            if (std::ranges::find(list.values, *value) == list.values.end())
                list.values.push_back(*value);
            list.in_digits = list.in_digits && numbered_ordinal_in(key).has_value();
            list.words = ++i;
        } else if (list.words == i && i > 0 && is_one_of(key, "and", "&")) {
            i += key_of(words, i + 1) == "the" ? 2 : 1;
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
        const ordinal_list ordinals = ordinals_in(behind(words, at));
        const auto name = weekday_in(key_of(words, at + ordinals.words));
        if (ordinals.words == 0 || !name || ordinals.values.back() > 5)
            return taken;
        for (const int ordinal : ordinals.values)
            if (const rrule::weekday_part part{ordinal, name->day};
                std::ranges::find(days_named, part) == days_named.end())
                days_named.push_back(part);
        taken = at + ordinals.words + 1;
        if (!is_one_of(key_of(words, taken), "and", "&"))
            return taken;
        at = taken + (key_of(words, taken + 1) == "the" ? 2 : 1);
    }
}

/// `end of the month`, `the end of every month`: so many words.
std::size_t end_of_month_in(phrase words) {
    const std::size_t at = key_of(words, 0) == "the" ? 1 : 0;
    const std::size_t of_month = key_of(words, at) == "end" ? of_month_in(behind(words, at + 1)) : 0;
    return of_month == 0 ? 0 : at + 1 + of_month;
}

rrule last_days() {
    return {.freq = frequency::monthly, .by_month_day = {-1}};
}

/// Days of the month: `last day`, `1st and 15th`, `second tuesday`, `last weekday`. `is_said`: it follows "month on the".
said_repeat month_days_in(phrase words, bool is_said) {
    const ordinal_list ordinals = ordinals_in(words);
    if (ordinals.words == 0)
        return {};
    const phrase after = behind(words, ordinals.words);
    said_repeat found{.rule = {.freq = frequency::monthly}};
    if (const std::size_t placed = placed_weekdays_in(words, found.rule.by_day); placed != 0) {
        found.words = placed;
    } else if (const std::size_t working = working_day_in(after); working != 0 && ordinals.values.front() <= 20) {
        found.rule.by_day = working_days();
        found.rule.by_set_pos = ordinals.values;
        found.words = ordinals.words + working;
    } else if (key_of(after, 0) == "day" &&
               (is_said || ordinals.values.front() == -1 || of_month_in(behind(after, 1)) != 0)) {
        found.rule.by_month_day = ordinals.values;
        found.words = ordinals.words + 1;
    } else if (const bool of_month = of_month_in(after) != 0;
               ordinals.values.front() > 0 && (is_said || of_month || ordinals.in_digits)) {
        found.rule.by_month_day = ordinals.values;
        found.words = ordinals.words;
        found.counts = is_said || of_month ? condition::always : condition::before_end_or_link;
    } else {
        return {};
    }
    found.words += of_month_in(behind(words, found.words));
    return found;
}

/// A day of the year: `dec 24`, `14th of march`.
said_repeat year_day_in(phrase words, const context& when) {
    const said_day found = calendar_day_in(words, when);
    const bool has_month = month_in(key_of(words, 0)) || month_in(key_of(words, 1)) || month_in(key_of(words, 2));
    if (found.words == 0 || found.clock || !has_month)
        return {};
    const year_month_day date{found.day};
    return {.words = found.words,
            .rule = {.freq = frequency::yearly,
                     .by_month_day = {static_cast<int>(unsigned{date.day()})},
                     .by_month = {static_cast<int>(unsigned{date.month()})}}};
}

/// What may follow a week, month or year: `on tue and thu`, `on the last day`, `on dec 24`.
said_repeat with_days(said_repeat found, phrase words, const context& when) {
    const phrase after = behind(words, found.words);
    const frequency freq = found.rule.freq;
    const bool is_bare = freq == frequency::monthly && numbered_ordinal_in(key_of(after, 0));
    if (key_of(after, 0) != "on" && !is_bare)
        return found;
    const std::size_t lead = is_bare ? 0 : key_of(after, 1) == "the" ? 2 : 1;
    const phrase named = behind(after, lead);
    said_repeat days_said;
    if (freq == frequency::weekly && lead == 1) {
        const weekday_list list = weekday_list_in(named);
        days_said = {.words = list.words, .rule = {.by_day = each_of(list.days)}};
    } else if (freq == frequency::monthly) {
        days_said = month_days_in(named, true);
        const std::size_t number_at = key_of(named, 0) == "day" ? 1 : 0;
        const bool has_number = number_at == 1 || lead == 2;  // "on day 15", "on the 15"
        const auto number = has_number ? number_in(key_of(named, number_at)) : std::nullopt;
        if (number && *number <= 31)
            days_said = {.words = number_at + 1, .rule = {.by_month_day = {*number}}};
    } else if (freq == frequency::yearly) {
        days_said = year_day_in(named, when);
    }
    if (days_said.words == 0)
        return found;
    const int interval = found.rule.interval;
    found.rule = std::move(days_said.rule);
    found.rule.freq = freq;
    found.rule.interval = interval;
    found.words += lead + days_said.words;
    return found;
}

/// `day`, `monday, wed and fri`, `weekday`, `morning`: what is repeated every `interval`.
said_repeat thing_in(phrase words, int interval, const context& when) {
    static constexpr std::pair<std::string_view, day_part> parts[] = {{"morning", day_part::morning},
                                                                      {"afternoon", day_part::afternoon},
                                                                      {"evening", day_part::evening},
                                                                      {"night", day_part::night}};
    const std::string_view key = key_of(words, 0);
    if (const auto of = unit_in(key); of && !key.ends_with('s')) {
        const auto rule = of_unit(*of, interval);
        return rule ? with_days({.words = 1, .rule = *rule}, words, when) : said_repeat{};
    }
    if (key == "fortnight" && interval == 1)
        return with_days({.words = 1, .rule = {.freq = frequency::weekly, .interval = 2}}, words, when);
    for (const auto& [name, part] : parts)
        if (key == name)
            return {.words = 1, .rule = {.interval = interval}, .part = part};
    if (key == "weekend")
        return {.words = 1,
                .rule = {.freq = frequency::weekly, .interval = interval, .by_day = each_of({std::chrono::Saturday})}};
    if (const std::size_t working = working_day_in(words); working != 0 && interval == 1)
        return {.words = working, .rule = {.freq = frequency::weekly, .by_day = working_days()}};
    const weekday_list list = weekday_list_in(words);
    return {.words = list.words,
            .rule = {.freq = frequency::weekly, .interval = interval, .by_day = each_of(list.days)}};
}

/// What follows `every`.
said_repeat schedule_in(phrase words, const context& when) {
    const std::string_view key = key_of(words, 0);
    const auto deeper = [](said_repeat found, std::size_t words_before) {
        if (found.words != 0)
            found.words += words_before;
        return found;
    };
    if (key == "other" || key == "alternate")
        return deeper(thing_in(behind(words, 1), 2, when), 1);
    if (const said_repeat of_year = year_day_in(words, when); of_year.words != 0)
        return of_year;
    if (const auto number = number_in(key)) {
        const auto of = unit_in(key_of(words, 1));
        const auto rule = of ? of_unit(*of, *number) : std::nullopt;
        return rule ? with_days({.words = 2, .rule = *rule}, words, when) : said_repeat{};
    }
    // "every second day" is a distance, and so is "every second tuesday", unless it is "of the month"; the third tuesday
    // is one of the month.
    if (const auto ordinal = ordinal_in(key); ordinal && *ordinal > 1 && of_month_in(behind(words, 2)) == 0)
        if (unit_in(key_of(words, 1)) || (*ordinal == 2 && weekday_in(key_of(words, 1))))
            return deeper(thing_in(behind(words, 1), *ordinal, when), 1);
    if (const said_repeat of_month = month_days_in(words, false); of_month.words != 0)
        return of_month;
    if (const std::size_t end = end_of_month_in(words); end != 0)
        return {.words = end, .rule = last_days()};
    return thing_in(words, 1, when);
}

/// `daily`, `weekly on monday`. Often only describe a thing ("the weekly report").
said_repeat adverb_in(phrase words, const context& when) {
    static constexpr std::array<std::pair<std::string_view, std::pair<unit, int>>, 12> adverbs{
        {{"daily", {unit::days, 1}},
         {"everyday", {unit::days, 1}},
         {"nightly", {unit::days, 1}},
         {"weekly", {unit::weeks, 1}},
         {"biweekly", {unit::weeks, 2}},
         {"bi-weekly", {unit::weeks, 2}},
         {"fortnightly", {unit::weeks, 2}},
         {"monthly", {unit::months, 1}},
         {"bimonthly", {unit::months, 2}},
         {"quarterly", {unit::quarters, 1}},
         {"yearly", {unit::years, 1}},
         {"annually", {unit::years, 1}}}};
    const auto* found = std::ranges::find(adverbs, key_of(words, 0), &decltype(adverbs)::value_type::first);
    if (found == adverbs.end())
        return {};
    const auto rule = of_unit(found->second.first, found->second.second);
    said_repeat said = with_days({.words = 1, .rule = *rule}, words, when);
    if (found->first == "nightly")
        said.part = day_part::night;
    said.counts = said.words > 1 ? condition::always : condition::before_end;
    return said;
}

/// `on mondays and thursdays`, `on weekdays`
said_repeat plural_in(phrase words) {
    if (key_of(words, 0) != "on")
        return {};
    const std::string_view key = key_of(words, 1);
    if (is_one_of(key, "weekdays", "workdays"))
        return {.words = 2, .rule = {.freq = frequency::weekly, .by_day = working_days()}};
    if (key == "weekends")
        return {.words = 2, .rule = {.freq = frequency::weekly, .by_day = each_of({std::chrono::Saturday})}};
    const weekday_list list = weekday_list_in(words.subspan(1), true);
    if (list.words == 0)
        return {};
    return {.words = 1 + list.words, .rule = {.freq = frequency::weekly, .by_day = each_of(list.days)}};
}

/// `on the 5th of every month`, `last friday of each month`, `at the end of every month`
said_repeat of_every_month_in(phrase words) {
    std::size_t lead = is_one_of(key_of(words, 0), "on", "by", "at", "due") ? 1 : 0;
    lead += key_of(words, lead) == "the" ? 1 : 0;
    const phrase named = behind(words, lead);
    said_repeat found = month_days_in(named, true);
    if (const std::size_t end = end_of_month_in(named); end != 0)
        found = {.words = end, .rule = last_days()};
    if (found.words < 3 || !is_one_of(key_of(named, found.words - 2), "every", "each"))
        return {};
    found.words += lead;
    return found;
}

bool begins_completion(phrase words) {
    return mode_in(words).words != 0 && mode_in(words).mode == repeat_mode::after_completion;
}

/// `3 days after done`
said_repeat distance_in(phrase words) {
    const auto count = count_in(key_of(words, 0));
    const auto of = count ? unit_in(key_of(words, 1)) : std::nullopt;
    const auto rule = of ? of_unit(*of, *count) : std::nullopt;
    if (!rule || !begins_completion(behind(words, 2)))
        return {};
    return {.words = 2, .rule = *rule};
}

std::optional<local_days> last_day_in(phrase words, std::size_t& taken, const context& when) {
    const std::string_view key = key_of(words, 0);
    const year_month_day today{when.today};
    if (const said_day found = calendar_day_in(words, when); found.words != 0) {
        taken = found.words;
        return found.day;
    }
    if (const auto of = month_in(key)) {
        const auto named = number_in(key_of(words, 1));
        const bool has_year = named && *named >= 2000 && *named < 2200;
        const auto in = has_year              ? std::chrono::year{*named}
                        : *of < today.month() ? today.year() + std::chrono::years{1}
                                              : today.year();
        taken = has_year ? 2 : 1;
        return month_end(local_days{in / *of / 1});
    }
    if (const auto number = number_in(key); number && *number >= 2000 && *number < 2200) {
        taken = 1;
        return local_days{std::chrono::year{*number} / 12 / 31};
    }
    const said_day found = day_in(words, {}, when);
    taken = found.words;
    return found.words != 0 && !found.only_repeating ? std::optional{found.day} : std::nullopt;
}

}  // namespace

said_repeat repeat_in(phrase words, bool after_every, const context& when) {
    if (after_every || is_one_of(key_of(words, 0), "every", "each")) {
        const std::size_t lead = after_every ? 0 : 1;
        said_repeat found = schedule_in(behind(words, lead), when);
        if (found.words != 0)
            found.words += lead;
        return found;
    }
    if (const said_repeat adverb = adverb_in(words, when); adverb.words != 0)
        return adverb;
    if (const said_repeat plural = plural_in(words); plural.words != 0)
        return plural;
    if (const said_repeat monthly = of_every_month_in(words); monthly.words != 0)
        return monthly;
    return distance_in(words);
}

said_mode mode_in(phrase words) {
    const std::string_view key = key_of(words, 0);
    const std::string_view second = key_of(words, 1);
    if (is_one_of(key, "after", "from") && is_one_of(second, "completion", "done", "completing", "completed"))
        return {2, repeat_mode::after_completion};
    if (key == "when" && second == "done")
        return {2, repeat_mode::after_completion};
    if ((is_one_of(key, "skipping", "skip") && second == "missed") || (key == "on" && second == "schedule"))
        return {2, repeat_mode::on_schedule};
    if ((is_one_of(key, "keeping", "keep") && second == "missed") || (key == "each" && second == "one"))
        return {2, repeat_mode::every_occurrence};
    return {};
}

said_limit limit_in(phrase words, bool after_read, const context& when) {
    const std::string_view key = key_of(words, 0);
    if (is_one_of(key, "until", "till", "til", "ending")) {
        std::size_t taken = 0;
        const auto day = last_day_in(behind(words, 1), taken, when);
        return day && *day >= when.today ? said_limit{.words = 1 + taken, .limit = *day} : said_limit{};
    }
    const std::size_t lead = key == "for" ? 1 : 0;
    const auto count = count_in(key_of(words, lead));
    const std::string_view counted = key_of(words, lead + 1);
    if (!count)
        return {};
    if (is_one_of(counted, "times", "occurrences") && (lead == 1 || after_read) && *count <= rrule_count_max)
        return {.words = lead + 2, .limit = *count};
    const auto of = unit_in(counted);
    if (lead == 1 && of && *of >= unit::days && later(when.today, *count, *of))
        return {.words = 3, .limit = for_units{*count, *of}};
    return {};
}

}  // namespace rondo::quick
