#pragma once
// Whether a line was read by half, judged without the parser: by words between blanks, with a vocabulary of its own. Where
// it is in doubt it says nothing, so what it says is a fault.

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "domain/quick_add/quick_add.hpp"

namespace rondo::test {

namespace halves {

struct token {
    std::size_t at;
    std::size_t end;
    std::string core;  ///< lower case, without punctuation around it
    bool ends_sentence = false;
    enum class is : std::uint8_t { title, time, other } as = is::title;
};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

inline std::vector<token> tokens(std::string_view line) {
    std::vector<token> found;
    for (std::size_t i = 0; i < line.size();) {
        if (static_cast<unsigned char>(line[i]) <= ' ') {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < line.size() && static_cast<unsigned char>(line[end]) > ' ')
            ++end;
        token one{.at = i, .end = end};
        for (const char c : line.substr(i, end - i))
            one.core += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        one.ends_sentence = std::string_view{".;:!?"}.find(one.core.back()) != std::string_view::npos;
        constexpr std::string_view around = "()[],.;:!?";
        const std::size_t first = one.core.find_first_not_of(around);
        if (first != std::string::npos)
            one.core = one.core.substr(first, one.core.find_last_not_of(around) + 1 - first);
        found.push_back(std::move(one));
        i = end;
    }
    return found;
}

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

inline bool is_plain_number(std::string_view word) {
    static constexpr std::array<std::string_view, 11> names{"two",   "three", "four", "five",   "six",   "seven",
                                                            "eight", "nine",  "ten",  "eleven", "twelve"};
    return among(names, word) || (!word.empty() && std::all_of(word.begin(), word.end(), is_digit));
}

inline bool is_weekday(std::string_view word) {
    static constexpr std::array<std::string_view, 14> names{
        "monday",  "tuesday",  "wednesday",  "thursday",  "friday",  "saturday",  "sunday",
        "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"};
    return among(names, word);
}

inline bool is_short_weekday(std::string_view word) {
    static constexpr std::array<std::string_view, 9> names{"mon",   "tue", "tues", "wed", "thu",
                                                           "thurs", "fri", "sat",  "sun"};
    return among(names, word);
}

inline bool is_month(std::string_view word) {
    static constexpr std::array<std::string_view, 24> names{
        "january", "february", "march",    "april", "june", "july", "august", "september",
        "october", "november", "december", "may",   "jan",  "feb",  "mar",    "apr",
        "jun",     "jul",      "aug",      "sep",   "oct",  "nov",  "dec",    "sept"};
    return among(names, word);
}

/// `27th`, `8pm`, `8:30`, `12/1`, `24.12.2026`, `3x`, `1h`
inline bool is_number_of_time(std::string_view word) {
    if (word.empty() || !is_digit(word[0]))
        return false;
    const std::size_t end = std::min(word.find_first_not_of("0123456789:/."), word.size());
    const std::string_view suffix = word.substr(end);
    static constexpr std::array<std::string_view, 10> suffixes{"", "am", "pm", "st", "nd", "rd", "th", "h", "min", "x"};
    return among(suffixes, suffix);
}

inline bool is_day_word(std::string_view word) {
    static constexpr std::array<std::string_view, 6> names{"today",     "tomorrow", "tonight",
                                                           "yesterday", "noon",     "midnight"};
    return among(names, word);
}

/// Makes another day or time of what stands right behind it.
inline bool changes(std::string_view word) {
    static constexpr std::array<std::string_view, 9> names{"sometime",      "nearly", "almost", "roughly", "approx",
                                                           "approximately", "circa",  "bi",     "semi"};
    return among(names, word);
}

inline bool joins(std::string_view word) {
    static constexpr std::array<std::string_view, 17> names{"and", "or", "&",  "",   "-",   "–",    "/",     "to", "at",
                                                            "on",  "of", "in", "by", "the", "from", "until", "but"};
    return among(names, word);
}

/// The word before a number that is its own: "chapter 5", a table "for 4".
inline bool owns_number(std::string_view word) {
    static constexpr std::array<std::string_view, 45> names{
        "for",    "chapter",  "chapters", "room",   "page",  "pages",  "episode", "invoice",  "bug",
        "ticket", "task",     "issue",    "step",   "part",  "volume", "level",   "lesson",   "unit",
        "gate",   "platform", "flight",   "bus",    "line",  "track",  "no",      "number",   "version",
        "v",      "section",  "phase",    "sprint", "order", "box",    "draft",   "exercise", "question",
        "#",      "a",        "an",       "",       "",      "",       "",        "",         ""};
    return !word.empty() && among(names, word);
}

inline bool is_read_time(quick_kind kind) {
    return kind == quick_kind::date || kind == quick_kind::time || kind == quick_kind::repeat ||
           kind == quick_kind::mode || kind == quick_kind::until;
}

/// Whether the token speaks of a time, though it stands in the title; `next` to `i` is what was read.
inline bool is_left(const std::vector<token>& all, std::size_t i, bool across_sentence) {
    const std::string_view word = all[i].core;
    const std::string_view before = i > 0 ? std::string_view{all[i - 1].core} : std::string_view{};
    const std::string_view after = i + 1 < all.size() ? std::string_view{all[i + 1].core} : std::string_view{};
    const bool called = before == "call" || before == "email" || before == "ask" || before == "tell" ||
                        before == "text" || before == "meet" || before == "visit" || before == "message";
    if (is_weekday(word) || is_short_weekday(word) || is_day_word(word))
        return true;
    if (is_month(word))
        return !called;
    const bool stands_before = i + 1 < all.size() && all[i + 1].as == token::is::time && !all[i].ends_sentence;
    if (stands_before && changes(word))
        return word != "bi" && word != "semi" ? true : after.ends_with("ly");
    if (i > 0 && all[i - 1].as == token::is::time && !all[i - 1].ends_sentence) {
        if (word == "onwards" || word == "onward")
            return true;
        if ((word == "end" || word == "ends") && (before == "week" || before == "month" || before == "quarter"))
            return i > 1 && (all[i - 2].core == "every" || all[i - 2].core == "each");
    }
    if (word == "every" || word == "each")
        return is_weekday(after) || is_short_weekday(after) || is_month(after) || after == "day" || after == "week" ||
               after == "month" || after == "year" || after == "hour" || after == "other";
    if (across_sentence || owns_number(before))
        return false;
    const bool counts = i + 1 < all.size() && all[i + 1].as == token::is::title && !all[i].ends_sentence;
    if (!is_plain_number(word) && !is_number_of_time(word))
        return false;
    return !(counts && (joins(before) || word.ends_with("th") || word.ends_with("st") || word.ends_with("nd") ||
                        word.ends_with("rd")));
}

}  // namespace halves

/// What of the line was left beside what was read; empty for nothing.
inline std::string half_of(std::string_view line, const quick_add& found) {
    using halves::token;
    if (line.find('"') != line.npos || line.find('\\') != line.npos || line.find("“") != line.npos ||
        line.find("”") != line.npos)
        return {};  // what is kept from being read
    std::vector<token> all = halves::tokens(line);
    bool has_day = false;
    bool has_time = false;
    for (const quick_part& part : found.parts) {
        const bool is_time = halves::is_read_time(part.as);
        has_day = has_day || part.as == quick_kind::date || part.as == quick_kind::repeat ||
                  (part.as == quick_kind::time && part.value.find('T') != part.value.npos);
        has_time = has_time || part.as == quick_kind::time;
        if (part.as == quick_kind::title)
            continue;
        for (token& one : all)
            if (one.at < part.at + part.length && part.at < one.end)
                one.as = is_time ? token::is::time : token::is::other;
    }
    const auto look = [&](std::size_t from, int step) -> std::string {
        int joined = 0;
        bool across = false;
        for (std::size_t i = from; i < all.size(); i += static_cast<std::size_t>(step)) {
            const std::size_t left = step > 0 ? i - 1 : i;
            across = across || (i != from && all[left].ends_sentence) ||
                     (i == from && all[step > 0 ? i - 1 : i].ends_sentence);
            if (all[i].as == token::is::time)
                return {};
            if (all[i].as == token::is::other)
                continue;
            if (halves::is_left(all, i, across))
                return all[i].core;
            if (!halves::joins(all[i].core) || ++joined > 3)
                return {};
        }
        return {};
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].as != token::is::time)
            continue;
        if (i + 1 < all.size() && all[i + 1].as != token::is::time)
            if (std::string left = look(i + 1, 1); !left.empty())
                return left + " stands behind what was read";
        if (i > 0 && all[i - 1].as != token::is::time)
            if (std::string left = look(i - 1, -1); !left.empty())
                return left + " stands before what was read";
    }
    if (has_time && !has_day)
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].as != token::is::title)
                continue;
            const bool month_and_day = halves::is_month(all[i].core) && i + 1 < all.size() &&
                                       all[i + 1].as == token::is::title && !all[i + 1].core.empty() &&
                                       halves::is_digit(all[i + 1].core[0]) &&
                                       halves::is_number_of_time(all[i + 1].core) && all[i + 1].core.size() <= 4 &&
                                       all[i + 1].core.find_first_of(".:/") == std::string::npos;
            if (halves::is_weekday(all[i].core) || month_and_day)
                return all[i].core + " may be the day of the time that was read";
        }
    return {};
}

/// Whether the days that the chips tell are the task's.
inline bool days_agree(const quick_add& found) {
    for (const quick_part& part : found.parts) {
        if (part.as != quick_kind::date)
            continue;
        if (!found.fields.due_date || !*found.fields.due_date)
            return false;
        const date_or_time& due = **found.fields.due_date;
        const auto* day = std::get_if<std::chrono::local_days>(&due);
        const auto of =
            day != nullptr ? *day : std::chrono::floor<std::chrono::days>(std::get<std::chrono::local_seconds>(due));
        if (part.value.substr(0, 10) != format_date(of))
            return false;
    }
    return true;
}

}  // namespace rondo::test
