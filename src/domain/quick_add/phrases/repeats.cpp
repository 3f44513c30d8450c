#include "domain/quick_add/phrases/repeats.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "domain/quick_add/phrases/marks.hpp"
#include "domain/task.hpp"

namespace rondo::quick {

namespace {

using std::chrono::local_days;
using std::chrono::weekday;
using std::chrono::year_month_day;
using frequency = rrule::frequency;

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

/// What may follow a week, month or year: `on tue and thu`, `on the last day`, `on dec 24`.
said_repeat with_days(said_repeat found, phrase words, const context& when) {
    const phrase after = behind(words, found.words);
    const frequency freq = found.rule.freq;
    if (freq == frequency::monthly && is_one_of(key_of(after, 0), "at", "on") && key_of(after, 1) == "the" &&
        key_of(after, 2) == "end" && key_of(after, 3) != "of") {
        found.rule.by_month_day = {-1};
        found.words += 3;
        return found;
    }
    // "every month [the] first monday", "every week mon-fri"
    const std::size_t article = key_of(after, 0) == "the" ? 1 : 0;
    const bool is_bare_month =
        freq == frequency::monthly && (marks_at(after, article) & (ordinal_mark | place_mark)) != 0;
    const bool is_bare_week = freq == frequency::weekly && weekday_list_in(after).days.size() > 1;
    const bool is_bare = is_bare_month || is_bare_week;
    if (key_of(after, 0) != "on" && !is_bare)
        return found;
    const std::size_t lead = is_bare_week ? 0 : is_bare ? article : key_of(after, 1) == "the" ? 2 : 1;
    const phrase named = behind(after, lead);
    said_repeat days_said;
    if (freq == frequency::weekly && is_one_of(key_of(named, 0), "weekdays", "workdays")) {
        days_said = {.words = 1, .rule = {.by_day = working_days()}};
    } else if (freq == frequency::weekly) {
        const std::size_t each = key_of(named, 0) == "each" ? 1 : 0;  // "on each weekday"
        if (const std::size_t working = working_day_in(behind(named, each)); working != 0 && each == 1)
            days_said = {.words = each + working, .rule = {.by_day = working_days()}};
        else if (const weekday_list list = weekday_list_in(named, day_names::both);
                 list.words != 0 && (lead == 1 || is_bare_week))
            days_said = {.words = list.words, .rule = {.by_day = each_of(list.days)}};
    } else if (freq == frequency::monthly) {
        days_said = month_days_in(named, !is_bare || numbered_ordinal_in(key_of(named, 0)));
        const std::size_t number_at = key_of(named, 0) == "day" ? 1 : 0;
        const bool has_number = number_at == 1 || lead == 2;  // "on day 15", "on the 15"
        const auto number = has_number ? number_in(key_of(named, number_at)) : std::nullopt;
        if (number && *number <= 31)
            days_said = {.words = number_at + 1, .rule = {.by_month_day = {*number}}};
        if (days_said.words != 0) {
            days_said.rule.freq = freq;
            days_said.words += add_condition(days_said.rule, behind(named, days_said.words));
        }
    } else if (freq == frequency::yearly) {
        days_said = year_days_in(named, when);
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

std::optional<day_part> part_in(std::string_view key, bool plural) {
    static constexpr std::pair<std::string_view, day_part> parts[] = {{"morning", day_part::morning},
                                                                      {"afternoon", day_part::afternoon},
                                                                      {"evening", day_part::evening},
                                                                      {"night", day_part::night}};
    if (plural && !key.ends_with('s'))
        return std::nullopt;
    for (const auto& [name, part] : parts)
        if (key.substr(0, key.size() - (plural ? 1 : 0)) == name)
            return part;
    return std::nullopt;
}

std::vector<rrule::weekday_part> both_days_of_weekends() {
    return each_of({std::chrono::Saturday, std::chrono::Sunday});
}

rrule weekend_rule(int interval) {
    return {.freq = frequency::weekly, .interval = interval, .by_day = each_of({std::chrono::Saturday})};
}

/// `day`, `monday, wed and fri`, `weekday`, `morning`: what is repeated every `interval`.
said_repeat thing_in(phrase words, int interval, const context& when) {
    const std::string_view key = key_of(words, 0);
    if (const std::size_t working = working_day_in(words); working != 0)
        return interval == 1
                   ? said_repeat{.words = working, .rule = {.freq = frequency::weekly, .by_day = working_days()}}
                   : said_repeat{};
    if (const auto of = unit_in(key); of && !key.ends_with('s')) {
        const auto rule = of_unit(*of, interval);
        if (!rule || (key == "quarter" && (is_one_of(key_of(words, 1), "hour", "hours") || key_of(words, 1) == "of")))
            return {};
        const bool has_end = key_of(words, 1) == "end";
        if (has_end && key == "week")
            return {.words = 2, .rule = weekend_rule(interval)};
        if (has_end && key == "month")
            return {.words = 2, .rule = {.freq = frequency::monthly, .interval = interval, .by_month_day = {-1}}};
        if (key == "day" && key_of(words, 1) == "of" && key_of(words, 2) == "the" && key_of(words, 3) == "week")
            return {.words = 4, .rule = *rule};
        if (key == "day" && interval == 1) {  // "every day from monday to thursday"
            const std::size_t lead = is_one_of(key_of(words, 1), "from", "on") ? 2 : 1;
            const weekday_list list = weekday_list_in(behind(words, lead));
            if (list.has_range)
                return {.words = lead + list.words, .rule = {.freq = frequency::weekly, .by_day = each_of(list.days)}};
        }
        return with_days({.words = 1, .rule = *rule}, words, when);
    }
    if (key == "fortnight" && interval == 1)
        return with_days({.words = 1, .rule = {.freq = frequency::weekly, .interval = 2}}, words, when);
    if (const auto part = part_in(key, false))
        return {.words = 1, .rule = {.interval = interval}, .part = part};
    if (is_one_of(key, "weekend", "week-end"))
        return {.words = 1, .rule = weekend_rule(interval)};
    if (is_one_of(key, "eom", "month-end"))
        return {.words = 1, .rule = {.freq = frequency::monthly, .interval = interval, .by_month_day = {-1}}};
    const weekday_list list = weekday_list_in(words);
    if (list.words == 1 && interval == 1 && key_of(words, 1) == "the") {  // "every friday the 13th"
        const auto number = numbered_ordinal_in(key_of(words, 2));
        if (number)
            return {.words = 3,
                    .rule = {.freq = frequency::monthly, .by_day = each_of(list.days), .by_month_day = {*number}}};
    }
    return {.words = list.words,
            .rule = {.freq = frequency::weekly, .interval = interval, .by_day = each_of(list.days)}};
}

/// What follows `every`, but for the months and days that are named behind it.
said_repeat schedule_in(phrase words, const context& when) {
    const std::string_view key = key_of(words, 0);
    const auto deeper = [](said_repeat found, std::size_t words_before) {
        if (found.words != 0)
            found.words += words_before;
        return found;
    };
    if (key == "single")
        return deeper(thing_in(behind(words, 1), 1, when), 1);
    if (key == "other" || key == "alternate")
        return deeper(thing_in(behind(words, 1), 2, when), 1);
    if (said_repeat of_year = year_days_in(words, when); of_year.words != 0)
        return of_year;
    if (const auto number = number_in(key)) {
        const auto of = unit_in(key_of(words, 1));
        const auto rule = of ? of_unit(*of, *number) : std::nullopt;
        return rule ? with_days({.words = 2, .rule = *rule}, words, when) : said_repeat{};
    }
    // "every second day" is a distance, and so is "every second tuesday", unless it is "of the month"; the third tuesday
    // is one of the month.
    if (const auto place = ordinal_in(key); place && *place > 1 && of_month_in(behind(words, 2)) == 0)
        if ((unit_in(key_of(words, 1)) && working_day_in(behind(words, 1)) == 0) ||
            (*place == 2 && (weekday_in(key_of(words, 1)) || key_of(words, 1) == "weekend")))
            return deeper(thing_in(behind(words, 1), *place, when), 1);
    if (ordinal_in(key) && *ordinal_in(key) > 1 && working_day_in(behind(words, 1)) != 0 &&
        of_month_in(behind(words, 1 + working_day_in(behind(words, 1)))) == 0)
        return {};  // "every second workday" may be a distance, too
    if (said_repeat of_month = month_days_in(words, false); of_month.words != 0)
        return of_month;
    if (said_repeat end = end_of_month_in(words); end.words != 0)
        return end;
    return thing_in(words, 1, when);
}

/// The same, with `but sunday` and `in november`.
said_repeat whole_schedule_in(phrase words, const context& when) {
    said_repeat found = schedule_in(words, when);
    if (found.words == 0)
        return found;
    found.words += take_out_days(found.rule, behind(words, found.words));
    found.words += add_months(found.rule, behind(words, found.words));
    return found;
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
    if ((marks_at(words, 0) & adverb_mark) == 0)
        return {};
    const auto* found = std::ranges::find(adverbs, key_of(words, 0), &decltype(adverbs)::value_type::first);
    if (found == adverbs.end())
        return {};
    const auto rule = of_unit(found->second.first, found->second.second);
    said_repeat said = with_days({.words = 1, .rule = *rule}, words, when);
    if (found->first == "nightly")
        said.part = day_part::night;
    said.words += take_out_days(said.rule, behind(words, said.words));
    said.words += add_months(said.rule, behind(words, said.words));
    said.counts = said.words > 1 ? condition::always : condition::before_end;
    return said;
}

/// `on mondays and thursdays`, `fridays`, `weekdays`, `weekday mornings`, `mornings`, `mon wed fri`, `mon-fri`: days that repeat
/// without `every`.
said_repeat plain_days_in(phrase words, std::string_view before) {
    if ((marks_at(words, 0) & (weekday_mark | parts_mark | unit_mark)) == 0 && !is_one_of(key_of(words, 0), "on", "in"))
        return {};
    if (is_one_of(before, "the", "a", "my", "our", "your", "his", "her", "their", "to", "and", "or", "&", "until",
                  "till", "before", "after", "since", "not", "but", "except", "between", "from", "last", "of", "about"))
        return {};
    const bool leads = before.empty();
    std::size_t lead = key_of(words, 0) == "on" ? 1 : 0;
    if (key_of(words, 0) == "in" && key_of(words, 1) == "the")
        lead = 2;
    const phrase named = behind(words, lead);
    const std::string_view key = key_of(named, 0);
    const bool with_part = part_in(key_of(named, 1), true).has_value();
    said_repeat found{.rule = {.freq = frequency::weekly}};
    found.counts = lead == 1 || leads ? condition::always : condition::before_end_or_link;
    if (const auto part = lead != 1 ? part_in(key, true) : std::nullopt) {
        found.rule.freq = frequency::daily;
        found.part = part;
        found.words = lead + 1;
        found.counts = condition::before_end_or_link;
        return found;
    }
    if (lead == 2)
        return {};
    if (is_one_of(key, "weekdays", "workdays") || (with_part && is_one_of(key, "weekday", "workday"))) {
        found.rule.by_day = working_days();
        found.words = 1;
    } else if (key == "weekends" || (with_part && key == "weekend")) {
        found.rule.by_day = both_days_of_weekends();
        found.words = 1;
    } else if (const weekday_list plural = weekday_list_in(named, day_names::plural); plural.words != 0) {
        found.rule.by_day = each_of(plural.days);
        found.words = plural.words;
    } else {
        const weekday_list list = weekday_list_in(named);
        const bool has_part = list.words != 0 && part_in(key_of(named, list.words), true);
        const auto is_to = [](const word& one) { return one.key == "to"; };  // "trip monday to wednesday" is one trip
        // A range may be one trip, but for Monday to Friday: "conference mon-wed".
        const bool is_week = list.days.size() == 5 && list.days.front() == std::chrono::Monday &&
                             list.days.back() == std::chrono::Friday;
        if (list.words == 0 || (list.days.size() < 2 && !has_part) || (list.has_range && !is_week && !has_part) ||
            std::ranges::any_of(named.first(list.words), is_to))
            return {};
        found.rule.by_day = each_of(list.days);
        found.words = list.words;
        found.counts = leads && list.days.size() > 1 ? condition::always : condition::before_end_or_link;
    }
    if (const auto part = part_in(key_of(named, found.words), true)) {
        found.part = part;
        ++found.words;
    }
    found.words += lead;
    found.words += take_out_days(found.rule, behind(words, found.words));
    found.words += add_months(found.rule, behind(words, found.words));
    return found;
}

/// `once a week on monday`, `once every 2 weeks`, `once daily`
said_repeat once_in(phrase words, const context& when) {
    if (key_of(words, 0) != "once")
        return {};
    if (said_repeat adverb = adverb_in(behind(words, 1), when); adverb.words != 0) {
        ++adverb.words;
        return adverb;
    }
    const std::size_t lead = is_one_of(key_of(words, 1), "a", "per", "each", "every") ? 2 : 0;
    said_repeat found = lead != 0 ? whole_schedule_in(behind(words, lead), when) : said_repeat{};
    if (found.words == 0 || (key_of(words, 1) != "every" && !unit_in(key_of(words, 2))))
        return {};
    found.words += lead;
    return found;
}

/// `on the 5th of every month`, `last friday of each month`, `at the end of every month`
said_repeat of_every_month_in(phrase words) {
    std::size_t lead = is_one_of(key_of(words, 0), "on", "by", "at", "due") ? 1 : 0;
    lead += key_of(words, lead) == "the" ? 1 : 0;
    const phrase named = behind(words, lead);
    if ((marks_at(named, 0) & (place_mark | ordinal_mark | link_mark)) == 0)
        return {};
    const phrase within = named.first(std::min(named.size(), list_words_max + 4));
    if (std::ranges::none_of(within, [](const word& one) { return (one.marks & every_mark) != 0; }))
        return {};
    said_repeat found = month_days_in(named, true);
    if (said_repeat end = end_of_month_in(named); end.words != 0)
        found = std::move(end);
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
    const auto count = (marks_at(words, 1) & unit_mark) != 0 ? count_in(key_of(words, 0)) : std::nullopt;
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
        const auto named = year_in(key_of(words, 1));
        if (!named && (number_in(key_of(words, 1)) || numbered_ordinal_in(key_of(words, 1))))
            return std::nullopt;  // "june 31"
        const auto in = named ? *named : *of < today.month() ? today.year() + std::chrono::years{1} : today.year();
        taken = named ? 2 : 1;
        return month_end(local_days{in / *of / 1});
    }
    if (const auto in = year_in(key)) {
        taken = 1;
        return local_days{*in / 12 / 31};
    }
    const said_day found = anchor_in(words, when);
    taken = found.words;
    return found.words != 0 && !found.clock && !found.part ? std::optional{found.day} : std::nullopt;
}

}  // namespace

said_repeat repeat_in(phrase words, bool after_every, std::string_view before, const context& when) {
    if (after_every || is_one_of(key_of(words, 0), "every", "each")) {
        const bool is_twofold = key_of(words, 0) == "each" && key_of(words, 1) == "and" && key_of(words, 2) == "every";
        const std::size_t lead = after_every ? 0 : is_twofold ? 3 : 1;
        if (marks_at(words, lead) == 0 || marks_at(words, lead) == every_mark)
            return {};
        said_repeat found = whole_schedule_in(behind(words, lead), when);
        if (found.words != 0)
            found.words += lead;
        return found;
    }
    if (said_repeat adverb = adverb_in(words, when); adverb.words != 0)
        return adverb;
    if (said_repeat plain = plain_days_in(words, before); plain.words != 0)
        return plain;
    if (said_repeat once = once_in(words, when); once.words != 0)
        return once;
    if (said_repeat monthly = of_every_month_in(words); monthly.words != 0)
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

said_limit limit_in(phrase words, bool after_read, bool after_start, const context& when) {
    const std::string_view key = key_of(words, 0);
    const bool is_up = key == "up" && is_one_of(key_of(words, 1), "to", "until", "till");
    const bool is_end = (after_start && is_one_of(key, "to", "-", "–")) || is_one_of(key, "through", "thru") || is_up;
    if (is_end || is_one_of(key, "until", "till", "til", "ending")) {
        const std::size_t lead = is_up || is_one_of(key_of(words, 1), "on", "in") ? 2 : 1;
        std::size_t taken = 0;
        const auto day = last_day_in(behind(words, lead), taken, when);
        return day && *day >= when.today ? said_limit{.words = lead + taken, .limit = *day} : said_limit{};
    }
    std::size_t lead = key == "for" ? 1 : 0;
    if (lead == 1 && key_of(words, 1) == "the" && key_of(words, 2) == "rest" && key_of(words, 3) == "of" &&
        is_one_of(key_of(words, 4), "the", "this")) {
        const year_month_day today{when.today};
        if (key_of(words, 5) == "month")
            return {.words = 6, .limit = month_end(when.today)};
        if (key_of(words, 5) == "year")
            return {.words = 6, .limit = local_days{today.year() / 12 / 31}};
    }
    lead += lead == 1 && key_of(words, 1) == "another" ? 1 : 0;
    lead += lead == 1 && key_of(words, 1) == "the" && key_of(words, 2) == "next" ? 2 : 0;
    const auto count = count_in(key_of(words, lead));
    const std::string_view counted = key_of(words, lead + 1);
    if (!count)
        return {};
    if (is_one_of(counted, "times", "occurrences") && lead < 2 && (lead == 1 || after_read) &&
        *count <= rrule_count_max && !is_one_of(key_of(words, lead + 2), "a", "per", "each", "every", "daily"))
        return {.words = lead + 2, .limit = *count};
    const auto of = unit_in(counted);
    if (lead != 0 && of && *of >= unit::days && later(when.today, *count, *of))
        return {.words = lead + 2, .limit = for_units{*count, *of}};
    return {};
}

}  // namespace rondo::quick
