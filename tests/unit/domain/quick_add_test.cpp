#include "domain/quick_add/quick_add.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "domain/recurrence/rrule.hpp"
#include "domain/white_space.hpp"
#include "support/quick_add_halves.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using std::chrono::local_days;
using std::chrono::local_seconds;
using test::zone;

/// A Wednesday.
const local_seconds now = std::get<local_seconds>(*parse_date_or_time("2026-02-11T10:30"));

quick_add read(std::string_view line, std::optional<date_order> order = {}) {
    return read_quick_add(line, now, zone("Europe/Berlin"), order);
}

std::string text_of(const std::optional<std::optional<date_or_time>>& given) {
    if (!given || !*given)
        return {};
    if (const auto* day = std::get_if<local_days>(&**given))
        return format_date(*day);
    return format_wall(std::get<local_seconds>(**given), std::chrono::seconds{0}).substr(0, 16);
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> cells{""};
    for (const char c : text)
        if (c == at)
            cells.emplace_back();
        else
            cells.back() += c;
    return cells;
}

/// The line of the table that says what was read: title, due, repeat, mode, end, priority, tags, what was not.
std::string row_of(std::string_view line, const quick_add& found) {
    const task_changes& fields = found.fields;
    std::string repeat;
    if (fields.rule)
        repeat = fields.rule->value_or("");
    else if (fields.type)
        repeat = std::string{to_string(*fields.type)} +
                 (fields.interval == 1 ? "" : " " + std::to_string(fields.interval.value_or(0)));
    std::string row = *fields.title + '\t' + text_of(fields.due_date) + '\t' + repeat + '\t';
    row += (fields.mode ? to_string(fields.mode->value_or(repeat_mode{})) : "");
    row += '\t' + text_of(fields.end_date) + '\t';
    row += fields.priority ? to_string(*fields.priority) : "";
    row += '\t';
    for (const std::string& tag : found.tags)
        row += (row.back() == '\t' ? "" : ",") + tag;
    row += '\t';
    for (const quick_unread& one : found.unread)
        row += (row.back() == '\t' ? "?" : " ? ") + std::string{line.substr(one.at, one.length)};
    return row;
}

struct phrase_case {
    std::string line;
    std::string row;
    std::optional<date_order> order;
};

/// A row is a line and what it is read as, empty cells at its end left out; `=` is a title that is the whole line, and a
/// cell that begins with `?` names what was not read. Under `// locale TAG` dates in digits are read.
std::vector<phrase_case> table() {
    static constexpr std::string_view locale = "// locale ";
    std::ifstream file{RONDO_TEST_DATA "/quick_add.tsv"};
    std::vector<phrase_case> cases;
    std::optional<date_order> order;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("//")) {
            order = line.starts_with(locale) ? date_order_of(line.substr(locale.size())) : std::nullopt;
            continue;
        }
        std::vector<std::string> cells = split(line, '\t');
        if (cells.at(1) == "=")
            cells[1] = cells[0];
        std::string unread;
        if (cells.back().starts_with('?')) {
            unread = cells.back();
            cells.pop_back();
        }
        cells.resize(8);
        cells.push_back(unread);
        std::string row;
        for (std::size_t i = 1; i < cells.size(); ++i)
            row += (i == 1 ? "" : "\t") + cells[i];
        cases.push_back({cells[0], row, order});
    }
    return cases;
}

bool stays_title(const phrase_case& one) {
    return one.row.starts_with(one.line + '\t' + std::string(6, '\t'));
}

/// The values that were read as `kind`, in order.
std::vector<std::string> values(const quick_add& found, quick_kind kind) {
    std::vector<std::string> read_values;
    for (const quick_part& part : found.parts)
        if (part.as == kind)
            read_values.push_back(part.value);
    return read_values;
}

bool is_space_at(std::string_view text, std::size_t at) {
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80)
        --at;
    return leading_space(text.substr(at)) != 0;
}

/// What was not read stays title, is told once, and why.
void expect_unread_in_title(std::string_view line, const quick_add& found) {
    std::size_t behind = 0;
    for (const quick_unread& one : found.unread) {
        EXPECT_GE(one.at, behind) << line;
        EXPECT_GT(one.length, 0u) << line;
        EXPECT_FALSE(one.why.empty() || one.why.ends_with('.')) << line << ": " << one.why;
        behind = one.at + one.length;
        EXPECT_LE(behind, line.size()) << line;
        for (const quick_part& part : found.parts) {
            const bool apart = part.at >= behind || part.at + part.length <= one.at;
            EXPECT_TRUE(apart || part.as == quick_kind::title || part.as == quick_kind::tag ||
                        part.as == quick_kind::priority)
                << line << ": " << line.substr(one.at, one.length);
        }
    }
}

/// What holds of every line: the parts cover what is no white space, once; the fields make a task, but for the title.
void expect_sound(std::string_view line, std::optional<date_order> order = {}) {
    const quick_add found = read(line, order);
    EXPECT_EQ(test::half_of(line, found), "") << line;
    EXPECT_TRUE(test::days_agree(found)) << line;
    expect_unread_in_title(line, found);
    std::vector<int> covered(line.size(), 0);
    std::size_t end = 0;
    for (const quick_part& part : found.parts) {
        ASSERT_LE(end, part.at) << line;
        ASSERT_GT(part.length, 0u) << line;
        end = part.at + part.length;
        ASSERT_LE(end, line.size()) << line;
        EXPECT_FALSE(is_space_at(line, part.at) || is_space_at(line, end - 1)) << line;
        for (std::size_t i = part.at; i < end; ++i)
            ++covered[i];
    }
    for (std::size_t i = 0; i < line.size(); ++i)
        EXPECT_TRUE(covered[i] == 1 || is_space_at(line, i)) << line << ", byte " << i;

    task_changes fields = found.fields;
    ASSERT_TRUE(fields.title) << line;
    fields.title = "title";
    fields.zone = zone("Europe/Berlin");
    const auto made = apply({}, fields, instant{std::chrono::milliseconds{1'770'800'000'000}});
    EXPECT_TRUE(made) << line << ": "
                      << (made ? "" : made.error().faults.at(0).pointer + " " + made.error().faults.at(0).message);
    if (!made || made->repeat.type == recurring_type::none)
        return;
    ASSERT_TRUE(made->due) << line;
    EXPECT_GE(made->due->wall, made->due->all_day ? std::chrono::floor<std::chrono::days>(now) : now) << line;
    if (made->repeat.type != recurring_type::custom)
        return;
    const auto rule = parse_rrule(made->repeat.rule);
    ASSERT_TRUE(rule) << line << ": " << rule.error();
    const auto first =
        next_member(*rule, made->due->wall, made->due->wall - std::chrono::seconds{1}, zone("Europe/Berlin"));
    EXPECT_EQ(first, made->due->wall) << line << ": " << made->repeat.rule << " does not begin on its first day";
}

TEST(quick_add, ReadsEachPhraseOfTheTable) {
    const auto cases = table();
    EXPECT_GE(cases.size(), 600u);
    EXPECT_GE(std::ranges::count_if(cases, stays_title), 200);
    for (const phrase_case& one : cases)
        EXPECT_EQ(row_of(one.line, read(one.line, one.order)), one.row) << one.line;
}

std::string in_capitals(std::string text) {
    for (char& c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

TEST(quick_add, DoesNotCareForCase) {
    for (const phrase_case& one : table()) {
        if (one.line.find_first_of("\"\\#") != std::string::npos ||
            (stays_title(one) && one.row.find('?') == std::string::npos) ||
            one.line.starts_with("p1"))  // a big one may name a thing: "P1 incident"
            continue;
        const std::string upper = in_capitals(one.line);
        EXPECT_EQ(in_capitals(row_of(upper, read(upper, one.order))), in_capitals(one.row)) << upper;
    }
}

TEST(quick_add, SaysWhatEachPartWasReadAs) {
    const std::string line = "Pay rent every month on the 1st at 9am until June #home !high";
    std::vector<std::string> told;
    for (const quick_part& part : read(line).parts)
        told.push_back(line.substr(part.at, part.length) + " > " + std::string{to_string(part.as)} + " " + part.value);
    EXPECT_EQ(told,
              (std::vector<std::string>{"Pay rent > title Pay rent",
                                        "every month on the 1st > repeat every month on the 1st", "at 9am > time 09:00",
                                        "until June > until 2026-06-30", "#home > tag home", "!high > priority high"}));
}

TEST(quick_add, TellsValuesThatTheFieldsHave) {
    EXPECT_EQ(values(read("x tonight"), quick_kind::date), std::vector<std::string>{"2026-02-11T20:00"});
    EXPECT_EQ(values(read("x tonight at 9"), quick_kind::time), std::vector<std::string>{"21:00"});
    EXPECT_EQ(values(read("x in 2 hours"), quick_kind::time), std::vector<std::string>{"2026-02-11T12:30"});
    EXPECT_EQ(values(read("x every! 3 days"), quick_kind::mode), std::vector<std::string>{"after_completion"});
    EXPECT_EQ(values(read("x every! mon, wed"), quick_kind::mode), std::vector<std::string>{"on_schedule"});
    EXPECT_EQ(values(read("x every day 10 times"), quick_kind::until), std::vector<std::string>{"10 times"});
    EXPECT_EQ(values(read("x every monday for 5 weeks"), quick_kind::until), std::vector<std::string>{"2026-03-22"});
    EXPECT_EQ(values(read("a  b tomorrow c"), quick_kind::title), (std::vector<std::string>{"a b", "c"}));
}

TEST(quick_add, ReadsBackWhatItDescribes) {
    for (const phrase_case& one : table()) {
        const quick_add found = read(one.line, one.order);
        if (!found.fields.type || found.fields.mode == repeat_mode::after_completion ||
            one.row.find("COUNT") != std::string::npos)
            continue;
        for (const std::string& repeat : values(found, quick_kind::repeat)) {
            const quick_add again = read(repeat);
            EXPECT_EQ(again.fields.type, found.fields.type) << one.line << ": " << repeat;
            EXPECT_EQ(again.fields.interval, found.fields.interval) << one.line << ": " << repeat;
            EXPECT_EQ(again.fields.rule, found.fields.rule) << one.line << ": " << repeat;
        }
    }
}

TEST(quick_add, LateInTheEveningTonightIsTheRestOfTheDay) {
    const auto late = std::get<local_seconds>(*parse_date_or_time("2026-02-11T22:10"));
    EXPECT_EQ(text_of(read_quick_add("x tonight", late, {}).fields.due_date), "2026-02-11");
    EXPECT_EQ(text_of(read_quick_add("x tonight at 11", late, {}).fields.due_date), "2026-02-11T23:00");
    EXPECT_EQ(text_of(read_quick_add("x at 9", late, {}).fields.due_date), "2026-02-12T09:00");
}

TEST(quick_add, CountsHoursOnTheClockThatTime) {
    // The clocks of Berlin go forward at 02:00 on 29 March 2026.
    const auto before = std::get<local_seconds>(*parse_date_or_time("2026-03-29T01:30"));
    EXPECT_EQ(text_of(read_quick_add("x in 1 hour", before, zone("Europe/Berlin")).fields.due_date),
              "2026-03-29T03:30");
}

TEST(quick_add, TakesTwentyTagsAndLeavesTheOthers) {
    std::string line = "x";
    for (int i = 0; i < 22; ++i)
        line += " #t" + std::to_string(i);
    const quick_add found = read(line);
    EXPECT_EQ(found.tags.size(), tags_per_task_max);
    EXPECT_EQ(found.fields.title, "x #t20 #t21");
    EXPECT_EQ(read("x #" + std::string(51, 'a')).tags.size(), 0u);
    EXPECT_EQ(read("x #" + std::string(50, 'a')).tags.size(), 1u);
}

TEST(quick_add, CoversEveryCharacterOnceAndMakesATask) {
    for (const phrase_case& one : table())
        expect_sound(one.line, one.order);
    for (const std::string_view line : {"",
                                        " ",
                                        "\\",
                                        "\"",
                                        "\"\"",
                                        "#",
                                        "#\"\"",
                                        "#\"\" x",
                                        "!",
                                        "every",
                                        "every!",
                                        "every! every!",
                                        "at",
                                        "on the",
                                        "until",
                                        "for",
                                        "\u00a0tomorrow\u2003call\u3000mum",
                                        "every 31st of the month at 25:00",
                                        ". . .",
                                        "“",
                                        "”x”",
                                        "#“a”b",
                                        "in 9999 years",
                                        "in 9999 weeks",
                                        "every 999 quarters",
                                        "every 9999 days",
                                        "in 9999 hours",
                                        "every feb 29 2 times from 2199-12-31",
                                        "9999-12-31T23:00-05:00",
                                        "0001-01-01T00:00+23:00",
                                        "every 12th weekday",
                                        "every last 15th",
                                        "every other other day",
                                        "- - -",
                                        "\xf0\x9f\x8f\xa0"})
        expect_sound(line);
}

TEST(quick_add, StandsAnyWordsInAnyOrder) {
    std::vector<std::string> words{"\"", "\\", "#", "\u2003", "é", ",", "!", "31st", "32", "0", "999", "1000", "9999"};
    for (const phrase_case& one : table())
        for (std::string& word : split(one.line, ' '))
            words.push_back(std::move(word));
    std::mt19937 random{20260211};  // NOLINT(cert-msc51-cpp): the same lines at every run
    for (int i = 0; i < 6'000; ++i) {
        std::string line;
        for (std::size_t count = random() % 12; count > 0; --count)
            line += words[random() % words.size()] + (random() % 8 == 0 ? "" : " ");
        expect_sound(line);
        if (HasFailure())
            break;
    }
}

TEST(quick_add, ReadsNoPhraseByHalfHoweverTheyAreJoined) {
    static const std::vector<std::string> joints{" ",     " ",        " ",     ", ",   " and ",  " or ",    " & ",
                                                 "/",     "-",        " - ",   " – ",  " to ",   " at ",    " on ",
                                                 " of ",  " in ",     " the ", " by ", " from ", " until ", " but ",
                                                 " for ", " before ", ". ",    ": "};
    std::vector<std::string> phrases{"monday", "sat",       "jan 5",  "march",  "12/1", "27th",
                                     "20",     "five",      "2027",   "8pm",    "at 9", "noon",
                                     "every",  "every day", "weekly", "apples", "last", "half"};
    for (const phrase_case& one : table())
        phrases.push_back(one.line);
    std::mt19937 random{20260211};  // NOLINT(cert-msc51-cpp): the same lines at every run
    const std::vector<std::optional<date_order>> orders{{}, date_order_of("en-US"), date_order_of("de")};
    for (int i = 0; i < 20'000 && !HasFailure(); ++i) {
        std::string line;
        for (std::size_t count = 1 + random() % 4; count > 0; --count)
            line += phrases[random() % phrases.size()] + (count > 1 ? joints[random() % joints.size()] : "");
        const quick_add found = read(line, orders[random() % orders.size()]);
        EXPECT_EQ(test::half_of(line, found), "") << line;
        EXPECT_TRUE(test::days_agree(found)) << line;
        expect_unread_in_title(line, found);
    }
}

/// What the oracle is for: a reading that leaves a day beside what it has read is found out.
TEST(quick_add, SeesAPhraseThatWasReadByHalf) {
    const auto read_wrongly = [](std::string_view line, std::string_view phrase, quick_kind as, std::string value) {
        quick_add found;
        const std::size_t at = line.find(phrase);
        if (at > 0)
            found.parts.push_back({.at = 0, .length = at - 1, .as = quick_kind::title, .value = ""});
        found.parts.push_back({.at = at, .length = phrase.size(), .as = as, .value = std::move(value)});
        return test::half_of(line, found);
    };
    EXPECT_NE(read_wrongly("Call friday or saturday", "friday", quick_kind::date, "2026-02-13"), "");
    EXPECT_NE(read_wrongly("Pay 2027 March 18", "March 18", quick_kind::date, "2026-03-18"), "");
    EXPECT_NE(read_wrongly("Dinner 27th at 5pm", "at 5pm", quick_kind::time, "17:00"), "");
    EXPECT_NE(read_wrongly("Pills 8am and 8pm every day", "every day", quick_kind::repeat, "every day"), "");
    EXPECT_NE(read_wrongly("Read the Sunday Times at 5pm", "at 5pm", quick_kind::time, "17:00"), "");
    EXPECT_EQ(read_wrongly("Read chapter 5 tomorrow", "tomorrow", quick_kind::date, "2026-02-12"), "");
}

TEST(quick_add, TellsWhatToDoAboutWhatWasNotRead) {
    const auto why = [](std::string_view line, std::optional<date_order> order = {}) {
        const auto unread = read(line, order).unread;
        return unread.empty() ? std::string{} : unread.front().why;
    };
    EXPECT_EQ(why("Take pills every 8 hours"), "Rondo repeats by days, not by hours");
    EXPECT_EQ(why("Pay 12/1"), "Which of 12/1 is the month? Give a locale, or write 12 jan");
    EXPECT_EQ(why("Pay 24/12/2026", date_order_of("en-US")),
              "In the order of your locale 24/12/2026 is no day: write the month as a word, such as 12 jan");
    EXPECT_EQ(why("Pay feb 30"), "February has no such day");
    EXPECT_EQ(why("Pills 8am and 8pm every day"), "A task has one time of day: leave one out, or add a task for each");
    EXPECT_EQ(
        why("Read the Sunday Times at 5pm"),
        "Its day may be “Sunday”, which was not read: write the day beside the time, or put words that are no day in "
        "quotes");
    EXPECT_EQ(why("Read the Sunday Times"), "");
    EXPECT_EQ(why("Read the \"Sunday Times\" at 5pm"), "");
}

TEST(quick_add, InTheSmallHoursTonightIsStillToday) {
    const auto late = std::get<local_seconds>(*parse_date_or_time("2026-02-11T00:30"));
    EXPECT_EQ(text_of(read_quick_add("x tonight at 1am", late, {}).fields.due_date), "2026-02-11T01:00");
    EXPECT_EQ(text_of(read("x tonight at 1am").fields.due_date), "2026-02-12T01:00");
}

/// How much longer eight times the line takes: eight times, or 64 where each word looks through all the others.
double slowdown(std::string_view word) {
    const auto took = [word](std::size_t bytes) {
        std::string line;
        while (line.size() < bytes)
            line += word;
        const std::clock_t began = std::clock();  // of this process, whatever else the machine does
        read(line);
        return static_cast<double>(std::clock() - began);
    };
    const double once = std::max(1.0, took(5'000));
    return took(40'000) / once;
}

TEST(quick_add, TakesAsLongAsTheLineIs) {
    for (const std::string_view word : {"every ",
                                        "\"",
                                        "#\"a ",
                                        "1 jan, ",
                                        "dec 24 and ",
                                        "1 hour and ",
                                        "monday or ",
                                        "8am and ",
                                        "every 8 hours ",
                                        "mon, ",
                                        "every mon ",
                                        "1st and ",
                                        "1st mon and ",
                                        "on mondays and ",
                                        "jan ",
                                        "end of ",
                                        "every 1st ",
                                        "tomorrow ",
                                        "p1 ",
                                        "at 9 "}) {
        double least = slowdown(word);
        for (int i = 0; i < 4 && least >= 24; ++i)  // a first time may be slow, or a small one quick
            least = std::min(least, slowdown(word));
        EXPECT_LT(least, 24) << word;
    }
}

}  // namespace
}  // namespace rondo
