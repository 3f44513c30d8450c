#include "domain/quick_add.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "domain/rrule.hpp"
#include "domain/white_space.hpp"
#include "support/wall_clock.hpp"

namespace rondo {
namespace {

using std::chrono::local_days;
using std::chrono::local_seconds;
using test::zone;

/// A Wednesday.
const local_seconds now = std::get<local_seconds>(*parse_date_or_time("2026-02-11T10:30"));

quick_add read(std::string_view line) {
    return read_quick_add(line, now, zone("Europe/Berlin"));
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

/// The line of the table that says what was read: title, due, repeat, mode, end, priority, tags.
std::string row_of(const quick_add& found) {
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
    return row;
}

struct phrase_case {
    std::string line;
    std::string row;
};

std::vector<phrase_case> table() {
    std::ifstream file{RONDO_TEST_DATA "/quick_add.tsv"};
    std::vector<phrase_case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("//"))
            continue;
        std::vector<std::string> cells = split(line, '\t');
        if (cells.at(1) == "=")
            cells[1] = cells[0];
        cells.resize(8);
        std::string row;
        for (std::size_t i = 1; i < cells.size(); ++i)
            row += (i == 1 ? "" : "\t") + cells[i];
        cases.push_back({cells[0], row});
    }
    return cases;
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

/// What holds of every line: the parts cover what is no white space, once; the fields make a task, but for the title.
void expect_sound(std::string_view line) {
    const quick_add found = read(line);
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
    ASSERT_GE(cases.size(), 250u);
    for (const phrase_case& one : cases)
        EXPECT_EQ(row_of(read(one.line)), one.row) << one.line;
}

TEST(quick_add, DoesNotCareForCase) {
    for (const phrase_case& one : table()) {
        if (one.line.find_first_of("\"\\#") != std::string::npos || one.row.starts_with(one.line) ||
            one.line.starts_with("p1"))  // a big one may name a thing: "P1 incident"
            continue;
        std::string upper = one.line;
        for (char& c : upper)
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        const std::string expected = one.row.substr(one.row.find('\t'));
        const std::string found = row_of(read(upper));
        EXPECT_EQ(found.substr(found.find('\t')), expected) << upper;
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
        const quick_add found = read(one.line);
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
        expect_sound(one.line);
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
    for (const std::string_view word :
         {"every ", "\"", "#\"a ", "mon, ", "every mon ", "1st and ", "1st mon and ", "on mondays and ", "jan ",
          "end of ", "every 1st ", "tomorrow ", "p1 ", "at 9 "}) {
        double least = slowdown(word);
        for (int i = 0; i < 4 && least >= 24; ++i)  // a first time may be slow, or a small one quick
            least = std::min(least, slowdown(word));
        EXPECT_LT(least, 24) << word;
    }
}

}  // namespace
}  // namespace rondo
