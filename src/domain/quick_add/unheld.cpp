#include "domain/quick_add/unheld.hpp"

#include <algorithm>

#include "domain/quick_add/phrases/lengths.hpp"
#include "domain/quick_add/phrases/marks.hpp"
#include "domain/task.hpp"
#include "domain/words/english.hpp"

namespace rondo::quick {

namespace {

constexpr std::string_view only_days = "Rondo repeats by days, not by hours";
constexpr std::string_view once_a_day = "Rondo repeats a task once a day at most: add a task for each of its times";
constexpr std::string_view whole_steps = "Rondo repeats in steps of 1 to 999 whole days, weeks, months or years";
constexpr std::string_view working_steps =
    "Rondo does not count working days: write every 2 days, or name the weekdays";

unheld because(std::size_t words, std::string_view why) {
    return {.words = words, .why = std::string{why}};
}

bool is_hourly(std::string_view key) {
    const auto of = unit_in(key);
    return (of && *of <= unit::hours) || is_one_of(key, "second", "seconds", "sec", "secs");
}

bool is_working(phrase words) {
    return is_one_of(key_of(words, 0), "weekdays", "workdays") || working_day_in(words) != 0 ||
           (is_one_of(key_of(words, 0), "business", "working", "work") && key_of(words, 1) == "days");
}

/// A step that no repeat has, behind `every`.
unheld step_in(phrase words) {
    const std::string_view key = key_of(words, 0);
    if (is_hourly(key) && key != "second")
        return because(1, only_days);
    if (key == "half" || (!words.empty() && (words[0].marks & length_mark) != 0))
        return because(key == "half" && is_hourly(key_of(words, 1)) ? 2 : 1, only_days);
    if (key == "quarter" && is_hourly(key_of(words, 1)))
        return because(2, only_days);
    if (key == "quarter" && key_of(words, 1) == "of" && is_one_of(key_of(words, 2), "an", "a") &&
        is_hourly(key_of(words, 3)))
        return because(4, only_days);
    const bool is_few = is_one_of(key, "few", "several", "couple");
    const std::size_t at = key == "couple" && key_of(words, 1) == "of" ? 2 : 1;
    const std::string_view counted = key_of(words, at);
    const bool is_other = is_one_of(key, "other", "alternate") || ordinal_in(key).has_value();
    const auto marks = words.empty() ? 0 : words[0].marks;
    const bool is_number = (marks & (number_mark | digits_mark)) != 0;
    if ((is_few || is_number || is_other) && (is_hourly(counted) || counted == "h"))
        return because(at + 1, only_days);
    if (is_few && unit_in(counted))
        return because(at + 1, "How many? Write a number, such as every 3 days");
    if ((is_number || is_other) && is_working(behind(words, 1)) && key != "one" && key != "1" && key != "last")
        return because(1 + (key_of(words, 1).ends_with("day") || key_of(words, 1).ends_with("days") ? 1 : 2),
                       working_steps);
    if (is_number && unit_in(counted))
        return because(2, whole_steps);
    if (is_number && is_one_of(counted, "or", "to", "-", "–") && unit_in(key_of(words, at + 2)))
        return because(at + 3, "How many? Write one number, such as every 3 days");
    if (is_one_of(key, "so", "now", "once") && is_one_of(counted, "often", "and", "in"))
        return because(2, "How often? Write a number, such as every 3 days");
    if (is_other && counted == "weekend")
        return because(2, "On which day of it? Write it, such as every first saturday");
    // "every odd day", "every leap year", "every other fortnight"
    const bool is_unit = unit_in(counted) ? !is_hourly(counted) && !counted.ends_with('s') : counted == "fortnight";
    if (is_unit && (words.size() == 2 || words[1].ends_phrase || marks_at(words, 2) != 0))
        return because(2, "On which days? Write every 2 days, or name the days");
    return {};
}

/// `every june`, `every christmas`, behind `every`.
unheld season_in(phrase words) {
    const std::string_view key = key_of(words, 0);
    if (const auto of = month_in(key); of && key_of(words, 1).find_first_of("0123456789") == std::string_view::npos)
        return because(1, "On which day of " + std::string{english::name_of(*of)} +
                              "? Write its day, such as every 1 " + std::string{english::name_of(*of)});
    if (!words.empty() && (words[0].marks & holiday_mark) != 0 && key != "birthday")
        return because(1, "Rondo knows no holidays and seasons: write a date, such as every 24 december");
    return {};
}

/// `3x a day`, `twice a week`, `3 times daily`, `hourly`
unheld often_in(phrase words) {
    const std::string_view key = key_of(words, 0);
    if (key == "hourly")
        return because(1, only_days);
    if (is_one_of(key, "biannually", "semiannually"))
        return because(1, "Write every 6 months, or every 2 years");
    const bool is_times = is_one_of(key_of(words, 1), "times", "x") && count_in(key);
    const bool is_often =
        is_one_of(key, "twice", "thrice") || is_times ||
        (key.size() > 1 && key.ends_with('x') && key.find_first_not_of("0123456789") == key.size() - 1);
    if (!is_often && key != "once")
        return {};
    const std::size_t at = is_times ? 2 : 1;
    const std::string_view link = key_of(words, at);
    const bool is_each = is_one_of(link, "a", "an", "per", "each", "every");
    const std::string_view of = key_of(words, at + (is_each ? 1 : 0));
    const bool is_adverb =
        is_one_of(of, "daily", "weekly", "monthly", "yearly", "hourly", "annually") || (!is_each && of == "everyday");
    if ((!is_each || !unit_in(of)) && !is_adverb)
        return {};
    const std::size_t taken = at + (is_each ? 2 : 1);
    if (is_hourly(of) || of == "hourly")
        return because(taken, only_days);
    if (key == "once")
        return {};
    if (is_one_of(of, "day", "daily", "everyday"))
        return because(taken, once_a_day);
    return because(taken, "On which days? Name them, such as every monday and thursday");
}

/// `this week`, `end of next week`, `early next month`, `eow`, `in 2027`: more than one day.
unheld span_in(phrase words) {
    const std::string_view key = key_of(words, 0);
    const auto closes = [&](std::size_t at) {
        return words.size() == at || words[at - 1].ends_phrase || marks_at(words, at) != 0 || !words[at].tag.empty();
    };
    const place_in_row row = place_in(words);
    if (row.words != 0 && key_of(words, row.words) == "weekend" && key_of(words, row.words + 1) == "of")
        return because(row.words + 1, "On which day of it? Write it, such as first saturday of march");
    if (key == "eow")
        return because(1, "On which day? Write friday or sunday");
    std::size_t at = is_one_of(key, "by", "due") ? 1 : 0;
    if (key_of(words, at) == "eow")
        return because(at + 1, "On which day? Write friday or sunday");
    if (is_one_of(key, "in", "by", "due") && year_in(key_of(words, 1)) && closes(2))
        return because(2, "On which day? Write a date, such as 1 march " + std::string{key_of(words, 1)});
    at += key_of(words, at) == "the" && key_of(words, at + 1) == "end" ? 1 : 0;
    bool is_part = false;
    if (key_of(words, at + 1) == "of" && is_one_of(key_of(words, at), "end", "start", "beginning", "middle")) {
        is_part = true;
        at += 2;
    } else if (is_one_of(key_of(words, at), "early", "late", "mid", "later")) {
        is_part = true;
        ++at;
    }
    const std::string_view which = key_of(words, at);
    const bool is_led = is_one_of(which, "this", "next", "the");
    const std::string_view span = key_of(words, at + (is_led ? 1 : 0));
    if (!is_one_of(span, "week", "month", "quarter", "year") || !(is_part ? is_led || span == "week" : which == "this"))
        return {};
    at += is_led ? 2 : 1;
    return closes(at) ? because(at, "On which day? Name it, such as friday, or write a date") : unheld{};
}

/// `in june`, `by march 2027`, `mid january`, `next summer`
unheld month_alone_in(phrase words) {
    const std::string_view key = key_of(words, 0);
    if (!is_one_of(key, "in", "by", "due", "mid", "early", "late", "next", "this") ||
        (key == "this" && is_one_of(key_of(words, 1), "may", "march")))
        return {};
    const std::size_t at =
        is_one_of(key, "in", "by", "due") && is_one_of(key_of(words, 1), "mid", "early", "late") ? 2 : 1;
    const auto of = month_in(key_of(words, at));
    if (of && !number_in(key_of(words, at + 1)) && !numbered_ordinal_in(key_of(words, at + 1)))
        return because(at + 1, "On which day? Write it, such as 1 " + std::string{english::name_of(*of)});
    if (of && year_in(key_of(words, at + 1)))
        return because(at + 2, "On which day? Write it, such as 1 " + std::string{english::name_of(*of)} + " " +
                                   std::string{key_of(words, at + 1)});
    if (is_one_of(key_of(words, at), "summer", "winter", "spring", "autumn") && key != "due")
        return because(at + 1, "On which day? Write a date");
    return {};
}

/// `feb 30`, `30 feb`, `feb 29 2027`: a day that never comes.
unheld impossible_day_in(phrase words) {
    const std::size_t month_at = month_in(key_of(words, 0)) ? 0 : key_of(words, 1) == "of" ? 2 : 1;
    const auto of = month_in(key_of(words, month_at));
    const std::string_view day = key_of(words, month_at == 0 ? 1 : 0);
    if (!of || day.empty() || (day[0] < '0' || day[0] > '9'))
        return {};
    const auto ordinal = numbered_ordinal_in(day);
    const auto number = ordinal ? ordinal : number_in(day);
    const bool is_word = (words[month_at].marks & common_mark) != 0;  // "may 50 people come?"
    const bool has_day = number && *number >= 29 && *number <= (is_word ? 31 : 99);
    return has_day ? because(month_at == 0 ? 2 : month_at + 1, std::string{english::name_of(*of)} + " has no such day")
                   : unheld{};
}

/// A date in digits that is not read.
unheld digits_in(phrase words, const context& when) {
    const std::string text{key_of(words, 0)};
    if ((words[0].marks & digits_mark) != 0 && text.find('/') != text.npos && text.find_first_of("-–") != text.npos)
        return because(1, "A task has one date: write the first or the last day");
    const auto groups = digits_date_in(words);
    if (!groups)
        return {};
    if (groups->length[0] == 4)
        return because(1, when.order || text[4] == '-' ? text + " is no day of the calendar to 2199"
                                                       : "Give a locale, or write the date as 2026-12-24");
    if (!when.order)
        return because(1, "Which of " + text + " is the month? Give a locale, or write 12 jan");
    if (calendar_day_in(words, when).words != 0)
        return {};  // a day, but spoken of: "before 12/1"
    return because(1, "In the order of your locale " + text + " is no day: write the month as a word, such as 12 jan");
}

/// `two days before every 1st`
unheld before_repeat_in(phrase words) {
    const said_length length = length_in(words);
    const std::string_view link = key_of(words, length.words);
    if (length.words == 0 || !is_one_of(link, "before", "after") ||
        !is_one_of(key_of(words, length.words + 1), "every", "each"))
        return {};
    return because(length.words + 2, "Rondo does not count from a repeat: name the days themselves");
}

/// `in a week and a half`, `in 2.5 days`, `in a few days`: no whole number of days.
unheld length_ahead_in(phrase words) {
    if (key_of(words, 0) != "in")
        return {};
    const std::string_view count = key_of(words, 1);
    const bool is_few =
        is_one_of(count, "few", "several", "couple") || (count == "a" && is_one_of(key_of(words, 2), "few", "couple"));
    const bool is_glued = count.find_first_of("-–/") != count.npos && (marks_at(words, 1) & number_mark) != 0;
    if (is_glued && unit_in(key_of(words, 2)))  // "in 2-3 days"
        return because(3, "How many? Write one number, such as in 3 days");
    if (is_one_of(key_of(words, 2), "or", "to", "-", "–") && number_in(count) && number_in(key_of(words, 3)) &&
        unit_in(key_of(words, 4)))
        return because(5, "How many? Write one number, such as in 3 days");
    if (count.size() > 1 && count.ends_with('m') && number_in(count.substr(0, count.size() - 1)))
        return because(2, "Minutes or months? Write in 5 min, or in 5 months");
    std::size_t at = count == "a" && is_few ? 3 : 2;
    at += is_few && key_of(words, at) == "of" ? 1 : 0;
    const bool is_half = count == "half" || (words.size() > 1 && (words[1].marks & digits_mark) != 0);
    at += count == "half" && key_of(words, at) == "a" ? 1 : 0;
    if (!unit_in(key_of(words, at)) && !(is_one_of(key_of(words, at), "fortnight", "weekends")))
        return {};
    if (is_few)
        return because(at + 1, "How many? Write a number, such as in 3 days");
    if (is_half)
        return because(at + 1, "Rondo counts whole days: write in 10 days, or a date");
    if (count_in(count) && key_of(words, at + 1) == "and" && key_of(words, at + 3) == "half")
        return because(at + 4, "Rondo counts whole days: write in 10 days, or a date");
    return {};
}

}  // namespace

unheld unheld_in(phrase words, const context& when) {
    const std::string_view key = key_of(words, 0);
    if (key.empty())
        return {};
    if (is_one_of(key, "every", "each", "every!", "each!")) {
        unheld found = step_in(behind(words, 1));
        if (found.words == 0)
            found = season_in(behind(words, 1));
        found.words += found.words != 0 ? 1 : 0;
        return found;
    }
    const auto marks = words[0].marks;
    if ((marks & (number_mark | adverb_mark | fraction_mark | length_mark)) != 0 || is_one_of(key, "a", "an")) {
        if (unheld often = often_in(words); often.words != 0)
            return often;
        if (unheld before = before_repeat_in(words); before.words != 0)
            return before;
    }
    if ((marks & (month_mark | number_mark | ordinal_mark)) != 0)
        if (unheld impossible = impossible_day_in(words); impossible.words != 0)
            return impossible;
    if (unheld span = span_in(words); span.words != 0)
        return span;
    if (unheld month = month_alone_in(words); month.words != 0)
        return month;
    if (unheld length = length_ahead_in(words); length.words != 0)
        return length;
    return digits_in(words, when);
}

}  // namespace rondo::quick
